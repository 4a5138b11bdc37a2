/**
 * `npm run growth [WORD]`: how the work of each analysis grows with the size of its text, at each multiple of
 * `--factors=1,4,16`; a table, or `--json`.
 */
import { WorkCounter } from './work.ts';

// before the code is loaded that is counted
const counter = await WorkCounter.open();
const { GROWING } = await import('./cases.ts');

export interface Growth {
  readonly name: string;
  /** Superlinear up to a budget, by which it gives up. */
  readonly hasBudget: boolean;
  /** Blocks of code that ran, at each size. */
  readonly work: readonly number[];
  /** Milliseconds of processor time, at each size. */
  readonly time: readonly number[];
}

const word = process.argv.slice(2).find((one) => !one.startsWith('--')) ?? '';
const asJson = process.argv.includes('--json');
/** The sizes at which each is measured. */
const factors = (process.argv.find((one) => one.startsWith('--factors=')) ?? '--factors=1,4,16')
  .slice('--factors='.length)
  .split(',')
  .map(Number);
const growths: Growth[] = [];

for (const { name, size, hasBudget = false, counts, make, run } of GROWING) {
  if (!name.includes(word)) continue;
  const work: number[] = [];
  const time: number[] = [];
  for (const factor of factors) {
    const input = make(size * factor) as never;
    const before = process.cpuUsage();
    let counted: unknown;
    const own = await counter.of(async () => (counted = await run(input)));
    work.push(counts === true ? Number(counted) : own);
    const { user, system } = process.cpuUsage(before);
    time.push((user + system) / 1000);
  }
  growths.push({ name, hasBudget, work, time });
  if (!asJson) process.stdout.write(`${row(name, work, time)}${hasBudget ? '  budget' : ''}\n`);
}
await counter.close();
if (asJson) process.stdout.write(JSON.stringify(growths));

function row(name: string, work: readonly number[], time: readonly number[]): string {
  const [some = 0, most = 0] = work.slice(-2);
  const ms = time.map((one) => one.toFixed(0).padStart(6)).join('');
  return `${name.padEnd(58)}${work.map((one) => String(one).padStart(10)).join('')}  x${(most / some).toFixed(1).padStart(4)}${ms} ms`;
}
