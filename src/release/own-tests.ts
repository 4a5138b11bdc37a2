/** The plugin's own tests, run in the sandbox in a clean copy. */

import type { SourceListing } from '../git/sources.ts';
import { pythonHome } from '../sandbox/python.ts';
import { runPlugin } from '../sandbox/run.ts';
import { pythonWith } from '../stacks/requirements.ts';
import { stepView } from '../stage/step-view.ts';
import { openWorkspace } from '../stage/workspace.ts';

export type TestsResult =
  | { readonly is: 'none' }
  | { readonly is: 'no-pytest' }
  | { readonly is: 'ran'; readonly ok: boolean; readonly summary: string; readonly output: string };

const TEST = /^tests\/(?:.*\/)?(?:test_[^/]*|[^/]*_test)\.py$/;

/** Exit status of pytest when it found none. Source: pytest, exit codes. */
const NOTHING_COLLECTED = 5;

/** Runs pytest over `tests/`, without those that want a server (marker `integration`). */
export async function runOwnTests(sources: SourceListing): Promise<TestsResult> {
  if (![...sources.keys()].some((name) => TEST.test(name))) return { is: 'none' };
  const python = await pythonWith(['pytest']);
  if (python === undefined) return { is: 'no-pytest' };
  const workspace = await openWorkspace(sources);
  try {
    const home = await pythonHome(python);
    const result = await runPlugin({
      ...stepView(workspace.source),
      readable: home.readable,
      command: [
        home.program,
        '-m',
        'pytest',
        '-q',
        '-p',
        'no:cacheprovider',
        '-m',
        'not integration',
        '--color=no',
        'tests',
      ],
      env: { ...home.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    if (result.status === NOTHING_COLLECTED) return { is: 'none' };
    const output = `${result.stdout}${result.stderr}`.replaceAll(`${workspace.source}/`, '').trim();
    const summary = output.split('\n').findLast((line) => /\b(?:passed|failed|errors?)\b/.test(line)) ?? '';
    return { is: 'ran', ok: result.status === 0, summary: summary.replaceAll(/^=+ | =+$/g, ''), output };
  } finally {
    workspace.remove();
  }
}
