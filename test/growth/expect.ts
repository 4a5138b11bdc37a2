import path from 'node:path';
import { expect, it } from 'vitest';
import type { Growth } from './measure.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';

/** For four times the size; four is linear. */
const MOST = 4 * 1.6;

/** Blocks of code that an analysis may run before its budget stops it: two seconds of a slow machine. */
const BUDGET = 100_000_000;

/** Milliseconds; below this, a ratio of times says nothing. */
const NOISE = 400;

/** Holds that the work of each analysis grows as its text does, from one of these multiples of its size to the other. */
export function expectGrowth(from: number, to: number): void {
  it(
    `grows with its text, from ${from} to ${to} times its size, or ends with its budget`,
    { timeout: 1_800_000 },
    async () => {
      const factors = `--factors=${from},${to}`;
      const growths = await measured(factors);
      expect(growths.length).toBeGreaterThan(150);
      const tooFast = growths.filter(({ hasBudget, work: [some = 0, most = 0] }) =>
        hasBudget ? most > BUDGET : most > MOST * some,
      );
      expect(tooFast.map(line)).toEqual([]);
      // regular expressions are not counted: they show in the time
      for (const slow of growths.filter(isSlow)) {
        const again = await measured(factors, slow.name);
        expect(again.filter(isSlow).map(line)).toEqual([]);
      }
    },
  );
}

function isSlow({ hasBudget, time: [some = 0, most = 0] }: Growth): boolean {
  return !hasBudget && most > NOISE && most > MOST * some;
}

function line({ name, work, time }: Growth): string {
  return `${name}: work ${work.join(', ')}; ${time.map((ms) => ms.toFixed(0)).join(', ')} ms`;
}

/** In a process of its own, whose code is loaded while it is counted. */
async function measured(...words: readonly string[]): Promise<readonly Growth[]> {
  const script = path.join(packageRoot(), 'test/growth/measure.ts');
  const { stdout } = await run([process.execPath, '--import', 'tsx', script, '--json', ...words]);
  return JSON.parse(stdout) as readonly Growth[];
}
