import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../../src/support/run.ts';
import { generated } from '../support/generated-plugin.ts';

/** Numbers that no other test's sleep has. */
const SECONDS = 910_000_000 + process.pid;

function sleeping(): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').startsWith(`sleep\0${SECONDS}`);
    } catch {
      return false;
    }
  });
}

it('a server that does not answer fails a generated test with the command that it was asked, which ends with all that it started', async () => {
  const folder = path.join(await generated('stack', { parts: ['dialplan'] }), 'tests/integration');
  const conftest = path.join(folder, 'conftest.py');
  writeFileSync(conftest, readFileSync(conftest, 'utf8').replace(/^SECONDS = \d+$/m, 'SECONDS = 0.5'));
  const command = `sleep ${SECONDS} & (sleep ${SECONDS}.5; true); true`;
  writeFileSync(path.join(folder, 'test_stuck.py'), `def test_stuck(shell):\n    shell('${command}')\n`);
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', path.join(folder, 'test_stuck.py')];
  const told = await run(['/usr/bin/python3', ...args], { env: { ...process.env, WAZO_SHELL: 'sh -c' } });
  expect(told.stdout).toContain(`Failed: no answer within 0.5 seconds: sh -c '${command}'`);
  await expect.poll(sleeping, { timeout: 240_000 }).toEqual([]);
});
