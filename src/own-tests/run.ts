/** The plugin's own tests, run in the sandbox in a clean copy. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import type { SourceListing } from '../git/sources.ts';
import { ownPrograms } from '../sandbox/own-programs.ts';
import { pythonHome } from '../sandbox/python.ts';
import { runPlugin } from '../sandbox/run.ts';
import { ownerOfPrograms } from '../sandbox/way.ts';
import { pythonWith } from '../stacks/requirements.ts';
import { stepView } from '../stage/step-view.ts';
import { openWorkspace } from '../stage/workspace.ts';
import { packageRoot } from '../support/paths.ts';
import { quoteAll } from '../support/quote.ts';
import { isListOf, isNumber, isOneOf, isRecord, isText, parsedJson, type Shape } from '../support/shape.ts';
import { openCounter } from './counter.ts';
import { remedyOfMissing } from './missing-module.ts';
import type { TestServer } from './server.ts';

/** The outcome of one test. */
export interface OwnTest {
  /** As pytest calls it: `tests/test_calld.py::test_a_call`. */
  readonly test: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
  /** The reason of a failure, or of skipping it. */
  readonly message?: string;
  readonly file?: string;
  readonly line?: number;
  /** The remedy, where this machine lacks a module that the test imports. */
  readonly help?: string;
}

export type TestsResult =
  | { readonly is: 'none' }
  | { readonly is: 'no-pytest' }
  /** With the command that a test had running on the server. */
  | { readonly is: 'interrupted'; readonly running: string | undefined }
  | {
      readonly is: 'ran';
      /** Whether some passed, and none failed. */
      readonly ok: boolean;
      readonly tests: readonly OwnTest[];
      readonly findings: readonly Finding[];
      readonly summary: string;
      readonly output: string;
    };

export interface TestsOptions {
  /** The server that is asked: then only tests with the marker `integration` run, else only those without. */
  readonly server?: TestServer;
  readonly signal?: AbortSignal;
}

const TEST = /^tests\/(?:.*\/)?(?:test_[^/]*|[^/]*_test)\.py$/;

/** Whether the plugin has tests; those of a server are told by their marker. */
export function hasTests(sources: SourceListing, ofServer = false): boolean {
  return [...sources.values()].some(
    (file) => TEST.test(file.path) && (!ofServer || file.bytes.includes('mark.integration')),
  );
}

const PYTEST = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-p', 'wdev_report', '--color=no'] as const;

/** Exit status of pytest when it found none. Source: pytest, exit codes. */
const NOTHING_COLLECTED = 5;

/** Runs pytest over `tests/`. */
export async function runOwnTests(sources: SourceListing, options: TestsOptions = {}): Promise<TestsResult> {
  const { server, signal } = options;
  if (!hasTests(sources, server !== undefined)) return { is: 'none' };
  const python = await pythonWith(['pytest']);
  if (python === undefined) return { is: 'no-pytest' };
  const workspace = await openWorkspace(sources);
  const owner = await ownerOfPrograms();
  const counter =
    server === undefined ? undefined : openCounter(workspace.folder, owner, server.target, signal);
  try {
    const home = await pythonHome(python);
    const programs = path.join(packageRoot(), 'src/own-tests/python');
    const view = stepView(workspace.source, counter === undefined ? [] : [counter.asked]);
    const env: Record<string, string> = {
      ...home.env,
      PYTHONPATH: [programs, home.env['PYTHONPATH']].filter((one) => one !== undefined).join(':'),
      PYTHONDONTWRITEBYTECODE: '1',
    };
    if (server !== undefined && counter !== undefined) {
      env['WDEV_ASKED'] = counter.asked;
      env['WDEV_ANSWERED'] = counter.answered;
      env['WAZO_SHELL'] = quoteAll([home.program, path.join(programs, 'wdev_on_server.py')]);
      if (server.target.isOurs === true) env['WAZO_DISPOSABLE'] = 'yes';
      Object.assign(env, await aboutServer(server, counter.answered));
    }
    const { status, stdout, stderr } = await runPlugin({
      ...view,
      readable: [
        ...home.readable,
        ...ownPrograms(['own-tests/python'], workspace.folder, owner),
        ...(counter === undefined ? [] : [counter.answered]),
      ],
      command: [
        home.program,
        ...PYTEST,
        '-m',
        server === undefined ? 'not integration' : 'integration',
        'tests',
      ],
      env,
      signal,
    });
    if (signal?.aborted === true) return { is: 'interrupted', running: counter?.running() };
    const said = `${stdout}${stderr}`.replaceAll(`${workspace.source}/`, '');
    if (status === NOTHING_COLLECTED && readReport(said).length === 0) return { is: 'none' };
    const files = [...sources.values()].map((file) => file.path);
    return resultOf(status, said, (message) => remedyOfMissing(message, python, files));
  } finally {
    await counter?.close();
    workspace.remove();
  }
}

/** The variables that `tests/integration/conftest.py` of a plugin reads. */
async function aboutServer(
  { api, token }: TestServer,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  if (api === undefined) return {};
  const file = path.join(folder, 'certificate.pem');
  writeFileSync(file, api.certificate, { mode: 0o644 });
  const own = await token();
  return { WAZO_URL: api.url, WAZO_CERTIFICATE: file, ...(own === undefined ? {} : { WAZO_TOKEN: own }) };
}

/** The plugin's own output may hold such a line too; ours is the last. */
const REPORT = /^wdev-report (\[.*\])$/gm;

const isReport = isListOf(
  isRecord(
    { test: isText, outcome: isOneOf('passed', 'failed', 'skipped'), seconds: isNumber },
    { message: isText, file: isText, line: isNumber },
  ),
) as unknown as Shape<readonly OwnTest[]>;

/** The tests in the output of pytest; none where it came to no end. */
export function readReport(said: string): readonly OwnTest[] {
  const tests = parsedJson([...said.matchAll(REPORT)].at(-1)?.[1] ?? '');
  return isReport(tests) ? tests : [];
}

function resultOf(
  status: number,
  said: string,
  remedy: (message: string) => string | undefined,
): Extract<TestsResult, { is: 'ran' }> {
  const output = said.replace(REPORT, '').trim();
  const tests = readReport(said).map((test): OwnTest => {
    const help = remedy(test.message ?? '');
    return help === undefined ? test : { ...test, help };
  });
  const summary = output.split('\n').findLast((line) => /\b(?:passed|failed|errors?)\b/.test(line)) ?? '';
  const failed = tests.filter(({ outcome }) => outcome === 'failed').map(failure);
  const passed = tests.filter(({ outcome }) => outcome === 'passed').length;
  const findings =
    failed.length > 0 || (status === 0 && passed > 0) ? failed : [notRun(status, tests, output)];
  return {
    is: 'ran',
    ok: status === 0 && passed > 0,
    tests,
    findings,
    summary: summary.replaceAll(/^=+ | =+$/g, ''),
    output,
  };
}

function failure({ test, message = '', file, line, help }: OwnTest): Finding {
  const [first = ''] = message.split('\n');
  return {
    code: 'test-failed',
    level: 'error',
    message: `${test}: ${first}`,
    ...(file === undefined ? { file: test.split('::')[0] ?? '' } : { file }),
    ...(line === undefined ? {} : { line }),
    ...(help === undefined ? {} : { help }),
  };
}

function notRun(status: number, tests: readonly OwnTest[], output: string): Finding {
  const last = output.split('\n').at(-1) ?? '';
  const { message: skipped, help } = tests.find(({ outcome }) => outcome === 'skipped') ?? {};
  return {
    code: 'tests-not-run',
    level: 'error',
    message:
      status === 0 || status === NOTHING_COLLECTED
        ? `All tests were skipped${skipped === undefined ? '' : `: ${skipped.replace(/^Skipped: /, '')}`}`
        : `pytest ended with status ${status}${last === '' ? '' : `: ${last}`}`,
    ...(help === undefined ? {} : { help }),
  };
}
