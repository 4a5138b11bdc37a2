import { BREAKS, breakIt } from '../support/breaks.ts';
import { BreaksStack } from '../wazo/breaks-stack.ts';
import { SHORT } from './race.ts';
import type { Table } from './report.ts';
import type { Bar } from './statistics.ts';

/** Milliseconds that a save which breaks a daemon may take beyond two restarts of it: the broken version and the one before. */
const ALLOWANCE = 2000;

/**
 * Saves that break wazo-calld at its start, until the version before serves again, each beside two restarts by
 * systemctl alone: the one before it, and the one behind it. The daemon is a stand-in on a real systemd (test/wazo).
 */
export async function breaks(): Promise<Table> {
  const stack = await BreaksStack.open(`bench-breaks-${process.pid}`);
  const tried = SHORT ? BREAKS.filter((_, at) => at % 5 === 0) : BREAKS;
  const bars: Bar[] = [];
  const restarts: number[] = [];
  const saves: number[] = [];
  let told = 0;
  try {
    // what restarts within the six seconds until a batch is settled would count as the daemon's own end
    await stack.watch.next('settled', 90_000);
    restarts.push(await stack.restart());
    for (const one of tried) {
      const broken = await breakIt(stack.watch, stack.plugin, stack.file, one);
      await stack.watch.next('settled', 90_000);
      restarts.push(await stack.restart());
      const isTold = broken.file === stack.file && broken.line === broken.wanted;
      told += isTold ? 1 : 0;
      saves.push(broken.ms);
      const two = restarts.slice(-2).reduce((sum, ms) => sum + ms, 0);
      const place = isTold ? `${broken.file}:${broken.line}` : `NOT at its line (${broken.message})`;
      bars.push({
        what: `${one.name}: ${place} after ${seconds(broken.toldMs)}, the old version after ${seconds(broken.ms)}; two restarts ${seconds(two)}`,
        value: broken.ms - two,
        unit: 'ms beyond two restarts',
        atMost: ALLOWANCE,
      });
    }
  } finally {
    await stack.close();
  }
  return {
    title: 'Saves that break a daemon at its start (wazo-calld), until the version before serves again',
    samples: [
      { name: 'systemctl restart alone, until it answers', times: restarts },
      { name: 'save to the old version serving', times: saves },
    ],
    bars: [...bars, { what: 'told at their line', value: told, unit: 'breaks', atLeast: tried.length }],
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
