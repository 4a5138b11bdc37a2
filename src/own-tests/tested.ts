import type { Finding } from '../findings/finding.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { listSources, type SourceListing } from '../git/sources.ts';
import { installCommand } from '../stacks/requirements.ts';
import { UserError } from '../support/errors.ts';
import { runOwnTests, type OwnTest, type TestsOptions } from './run.ts';

/** The result of the own tests of one plugin. */
export interface Tested {
  readonly plugin: string;
  /** The target that was asked; undefined for the tests that ask none. */
  readonly target?: string;
  /** Whether some passed, and none failed. */
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly ms: number;
  readonly tests: readonly OwnTest[];
  readonly findings: readonly Finding[];
}

/**
 * Runs the tests of one plugin.
 * @returns undefined when it has none
 * @throws UserError `no-pytest`
 */
export async function testPlugin(
  plugin: Plugin,
  options: TestsOptions & { readonly sources?: SourceListing } = {},
): Promise<Tested | undefined> {
  const started = performance.now();
  const result = await runOwnTests(options.sources ?? (await listSources(plugin.dir)), options);
  if (result.is === 'none') return undefined;
  if (result.is === 'no-pytest')
    throw new UserError('no-pytest', "pytest is missing, which runs a plugin's tests", {
      help: installCommand(['python3-pytest']),
    });
  const count = (outcome: OwnTest['outcome']): number =>
    result.tests.filter((test) => test.outcome === outcome).length;
  const { server } = options;
  return {
    plugin: plugin.id,
    ...(server === undefined ? {} : { target: server.target.id }),
    ok: result.ok,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    ms: Math.round(performance.now() - started),
    tests: result.tests,
    findings: result.findings,
  };
}
