import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from './contender.ts';
import { median, type Sample } from './statistics.ts';

/** Whether this run is the short one. */
export const SHORT = process.argv.includes('--short');
export const ROUNDS = SHORT ? 8 : 30;
/** Rounds with what takes seconds each. */
export const SLOW_ROUNDS = SHORT ? 3 : 8;
/** Milliseconds of rest after each round: a person's pace, and time for what the tools do in the background. */
const REST = 800;

/** Rounds in which every contender has its turn, so that a busy moment of the machine hits all alike. */
export async function race(contenders: readonly Contender[], rounds: number): Promise<readonly Sample[]> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (const contender of contenders) await contender.save();
  for (let round = 0; round < rounds; round += 1) {
    await sleep(REST);
    for (const contender of contenders) {
      const started = performance.now();
      await contender.save();
      times.get(contender.name)?.push(performance.now() - started);
    }
  }
  return [...times].map(([name, list]) => ({ name, times: list }));
}

/** Median of one contender over that of another. */
export function ratio(samples: readonly Sample[], one: string, other: string): number {
  return medianOf(samples, one) / medianOf(samples, other);
}

export function medianOf(samples: readonly Sample[], name: string): number {
  return median(samples.find((sample) => sample.name === name)?.times ?? []);
}

export async function stopAll(contenders: readonly Contender[]): Promise<void> {
  await Promise.all(contenders.map(async (contender) => await contender.stop()));
}
