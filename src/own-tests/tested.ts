import type { Finding } from '../findings/finding.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { listSources, type SourceListing } from '../git/sources.ts';
import { installCommand } from '../stacks/requirements.ts';
import { EXIT, UserError } from '../support/errors.ts';
import type { Target } from '../targets/target.ts';
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
 * @throws UserError `no-pytest`, and `interrupted` (exit 130)
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
  if (result.is === 'interrupted') throw interruptedTests(plugin, options.server?.target, result.running);
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

/** A command ends with the shell that it was handed to, where no ssh or container stands between. */
function interruptedTests(
  { id }: Plugin,
  target: Target | undefined,
  running: string | undefined,
): UserError {
  const ended = `interrupted; the tests of ${id} were ended`;
  const exit = EXIT.interrupted;
  if (target === undefined || running === undefined) return new UserError('interrupted', ended, { exit });
  const command = firstLine(running);
  if (target.root !== '' || target.isOurs === true)
    return new UserError('interrupted', `${ended}, with their command on ${target.id}: ${command}`, { exit });
  return new UserError(
    'interrupted',
    `${ended}, but their command may still run on ${target.id}: ${command}`,
    {
      exit,
      help: 'Look there, and end it: ps -ef',
    },
  );
}

/** Characters of a command that are shown. */
const SHOWN = 60;

function firstLine(command: string): string {
  const [line = ''] = command.trim().split('\n');
  return line.length < SHOWN && line === command.trim() ? line : `${line.slice(0, SHOWN)} …`;
}
