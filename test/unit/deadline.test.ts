import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { LineProcess } from '../../src/support/line-process.ts';
import { shellTarget } from '../support/target.ts';
import { tempFolder } from '../support/temp.ts';

/** Milliseconds that each answer may take. */
const LIMIT = 400;

const STEPS = new Int32Array(new SharedArrayBuffer(4));

/** This process does nothing until a file is there, and for long enough behind that: as if it was stopped, or busy. */
function standStill(file: string): void {
  while (!existsSync(file)) Atomics.wait(STEPS, 0, 0, 20);
  Atomics.wait(STEPS, 0, 0, 2 * LIMIT + 1000);
}

it('reads the answer of a target that came while this process stood still', async () => {
  const folder = tempFolder();
  const target = await shellTarget({ argv: ['sh'] }, folder);
  const file = path.join(folder, 'done');
  const answer = target.run(`echo well; : >'${file}'`, { timeout: LIMIT });
  // it is sent in a moment
  await new Promise((resolve) => setImmediate(resolve));
  standStill(file);
  expect((await answer).stdout.toString()).toBe('well\n');
  await target.close();
});

it('reads the line of a program that came while this process stood still', async () => {
  const file = path.join(tempFolder(), 'done');
  const program = new LineProcess(['sh', '-c', `read -r line; echo "$line"; : >'${file}'; read -r line`]);
  const answer = program.ask('well', LIMIT);
  standStill(file);
  expect(await answer).toBe('well');
  program.close();
});
