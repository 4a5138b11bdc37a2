import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { EffectOutcome } from '../../src/effects/module.ts';
import { judgeAnswers, type AskedEvidence } from '../../src/effects/evidence/answers.ts';
import { questionsOf } from '../../src/effects/evidence/questions.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { tempFolder } from '../support/temp.ts';
import { PLUGIN, tree } from '../support/target.ts';

const UNIT = 'wazo-dird';
const FILE = '/usr/lib/python3/dist-packages/demo_dird/backend.py';

/** Findings from the program's answer about the backends of a plugin. */
async function judged(late: string): Promise<AskedEvidence | undefined> {
  const values = ['good:Backend', 'backend:Backend', 'good:Other'];
  const entries = values.map((value, index) => `demo${index} = demo_dird.${value}\n`).join('');
  const lists = '/usr/lib/python3/dist-packages/demo-1.dist-info/entry_points.txt';
  const staged = tree({ [FILE]: 'import no_such_module\n', [lists]: `[wazo_dird.backends]\n${entries}` });
  const change = {
    plugin: PLUGIN,
    tree: staged,
    difference: { put: [...staged.values()], removed: [] },
    oldEntryPoints: [],
  };
  const state = { active: 'active', sub: 'running', pid: 1, restarts: 0 };
  const outcome: EffectOutcome<'restart'> = {
    do: 'restart',
    effect: { do: 'restart', unit: UNIT },
    plugins: [PLUGIN.id],
    status: 0,
    output: '',
    log: '',
    journal: '',
    ended: '',
    came: { state, logEnd: '' },
    ms: 1,
  };
  const questions = questionsOf([change], new Map(), [outcome]);
  return judgeAnswers(questions, { [UNIT]: { routes: [], log: '', imports: late } }).get(PLUGIN.id);
}

/** The program's answer in the environment of a running process, which alone knows where the modules are. */
function imported(...values: readonly string[]): string {
  const folder = tempFolder();
  mkdirSync(path.join(folder, 'demo_dird'));
  writeFileSync(path.join(folder, 'demo_dird/__init__.py'), '');
  writeFileSync(path.join(folder, 'demo_dird/good.py'), 'class Backend:\n    pass\n');
  writeFileSync(path.join(folder, 'demo_dird/backend.py'), 'import json\nimport no_such_module\n');
  const daemon = spawn('sleep', ['infinity'], {
    env: { PATH: '/usr/bin:/bin', PYTHONPATH: folder },
    cwd: '/',
  });
  try {
    const program = path.join(packageRoot(), 'src/effects/import-late.py');
    return execFileSync('python3', [program, String(daemon.pid), ...values], { encoding: 'utf8' });
  } finally {
    daemon.kill('SIGKILL');
  }
}

it('finds what a service could not import at its first use, at its line', async () => {
  const said = imported('demo_dird.good:Backend', 'demo_dird.backend:Backend', 'demo_dird.good:Other');
  const { findings, loaded = [] } =
    (await judged(said.replaceAll(/\/\S+(?=\/demo_dird\/)/g, path.dirname(path.dirname(FILE))))) ?? {};
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
