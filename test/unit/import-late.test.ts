import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { EffectOutcome, Judged } from '../../src/effects/module.ts';
import { RESTART } from '../../src/effects/restart.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { tempFolder } from '../support/temp.ts';
import { tree } from '../support/target.ts';

const UNIT = 'wazo-dird';
const FILE = '/usr/lib/python3/dist-packages/demo_dird/backend.py';
const TREE = tree({ [FILE]: 'import no_such_module\n' });

function judged(late: string): ReturnType<typeof RESTART.judge> {
  const outcome: EffectOutcome<'restart'> = {
    do: 'restart',
    effect: { do: 'restart', unit: UNIT },
    plugins: ['demo/dird'],
    status: 0,
    output: '',
    log: '',
    journal: '',
    late,
    came: undefined,
    ms: 1,
  };
  const rest: Judged = {
    tree: TREE,
    manifest: undefined,
    counts: new Map(),
    changed: [FILE],
    before: new Map(),
    outcomes: [outcome],
  };
  return RESTART.judge(outcome, rest);
}

/** What the program says in the environment of a running process, which alone knows where the modules are. */
function imported(...values: readonly string[]): string {
  const folder = tempFolder();
  mkdirSync(path.join(folder, 'demo_dird'));
  writeFileSync(path.join(folder, 'demo_dird/__init__.py'), '');
  writeFileSync(path.join(folder, 'demo_dird/good.py'), 'class Backend:\n    pass\n');
  writeFileSync(path.join(folder, 'demo_dird/backend.py'), 'import json\nimport no_such_module\n');
  const daemon = spawn('sleep', ['60'], { env: { PATH: '/usr/bin:/bin', PYTHONPATH: folder }, cwd: '/' });
  try {
    const program = path.join(packageRoot(), 'src/effects/import-late.py');
    return execFileSync('python3', [program, String(daemon.pid), ...values], { encoding: 'utf8' });
  } finally {
    daemon.kill('SIGKILL');
  }
}

it('finds what a service could not import at its first use, at its line', () => {
  const said = imported('demo_dird.good:Backend', 'demo_dird.backend:Backend', 'demo_dird.good:Other');
  const { findings, loaded } = judged(
    said.replaceAll(/\/\S+(?=\/demo_dird\/)/g, path.dirname(path.dirname(FILE))),
  );
  expect(findings).toMatchObject([
    {
      code: 'service-import-failed',
      level: 'error',
      message: expect.stringContaining("No module named 'no_such_module'") as string,
      file: FILE,
      line: 2,
    },
    { code: 'service-import-failed', message: expect.stringContaining('demo_dird.good:Other') as string },
  ]);
  expect(loaded).toContain(
    'demo_dird.good:Backend: can be imported; wazo-dird makes it at its first use, which is not tried',
  );
});

it('says nothing where nothing is loaded late', () => {
  expect(judged('')).toMatchObject({ findings: [], loaded: ['wazo-dird answers'] });
});
