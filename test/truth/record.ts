/**
 * `npm run truth:record` (as root): asks the Asterisk of a real stack about each row that only it can judge, and writes
 * recorded.json. wdev does nothing there: the files of the package are laid out by hand.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { downReal, upReal } from '../../src/stacks/real.ts';
import { inside } from '../support/machines.ts';
import { makePlugin } from '../support/watch.ts';
import { applyRow, isShown, layOut, packaged } from './judges.ts';
import type { Recorded } from './row.ts';
import { ROWS } from './rows.ts';

const NAME = `truth-${process.pid}`;
const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-truth-'));
const stack = await upReal(NAME, { forUs: true });
try {
  const console = (command: string): string => inside(stack, `asterisk -rx '${command}'`);
  const by = console('core show version').split(' built by')[0] ?? '';
  const at = new Date().toISOString().slice(0, 10);
  const found: Record<string, Recorded> = {};
  for (const row of ROWS.filter(({ asks }) => asks === 'asterisk')) {
    const home = mkdtempSync(path.join(folder, 'row-'));
    const plugin = makePlugin(home, 'hello');
    applyRow(plugin, row);
    const takeAway = layOut(await packaged(plugin), stack.rootfs);
    console('dialplan reload');
    found[row.name] = { works: isShown(row, (context) => console(`dialplan show ${context}`)), by, at };
    takeAway();
    console('dialplan reload');
  }
  writeFileSync(path.join(import.meta.dirname, 'recorded.json'), `${JSON.stringify(found, null, 2)}\n`);
  process.stdout.write(`${Object.keys(found).length} rows, by ${by}\n`);
} finally {
  await downReal(NAME);
  rmSync(folder, { recursive: true, force: true });
}
