import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../../src/support/run.ts';
import { generated } from '../support/generated-plugin.ts';

it('a server that does not answer fails a generated test with the command that it was asked', async () => {
  const folder = path.join(await generated('stack', { parts: ['dialplan'] }), 'tests/integration');
  const conftest = path.join(folder, 'conftest.py');
  writeFileSync(conftest, readFileSync(conftest, 'utf8').replace(/^SECONDS = \d+$/m, 'SECONDS = 0.5'));
  writeFileSync(path.join(folder, 'test_stuck.py'), "def test_stuck(shell):\n    shell('exec sleep 600')\n");
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', path.join(folder, 'test_stuck.py')];
  const told = await run(['/usr/bin/python3', ...args], { env: { ...process.env, WAZO_SHELL: 'sh -c' } });
  expect(told.stdout).toContain('Failed: no answer within 0.5 seconds: exec sleep 600');
});
