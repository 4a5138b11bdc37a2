import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openCounter } from '../../src/own-tests/counter.ts';
import type { Target } from '../../src/targets/target.ts';
import { tempFolder } from '../support/temp.ts';

interface Slow {
  readonly target: Target;
  readonly ran: readonly string[];
  /** Fulfilled when the first command runs. */
  readonly begun: Promise<void>;
  readonly finish: () => void;
}

/** A target whose commands end when they are told to. */
function slowTarget(): Slow {
  const ran: string[] = [];
  let finish = (): void => undefined;
  let isBegun = (): void => undefined;
  const begun = new Promise<void>((resolve) => (isBegun = resolve));
  const target = {
    root: '',
    run: async (command: string) => {
      ran.push(command);
      isBegun();
      await new Promise<void>((resolve) => (finish = resolve));
      return { status: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
    },
  } as unknown as Target;
  return { target, ran, begun, finish: () => finish() };
}

it('ends with the command that runs, whatever more the tests have left', async () => {
  const folder = tempFolder();
  const { target, ran, begun, finish } = slowTarget();
  const counter = openCounter(folder, undefined, target);
  for (let at = 0; at < 1000; at += 1)
    writeFileSync(path.join(counter.asked, `${at.toString(16).padStart(32, '0')}.command`), 'true');
  await begun;
  const closed = counter.close();
  finish();
  await closed;
  expect(ran).toEqual(['true']);
});

it('waits for no command that runs once it is interrupted', async () => {
  const stop = new AbortController();
  const { target, begun } = slowTarget();
  const counter = openCounter(tempFolder(), undefined, target, stop.signal);
  writeFileSync(path.join(counter.asked, `${'0'.repeat(32)}.command`), 'sleep infinity');
  await begun;
  const closed = counter.close();
  stop.abort();
  await closed;
});
