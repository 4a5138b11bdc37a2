import { setPolicy, type Choice } from '../../src/sandbox/policy.ts';
import { runPlugin } from '../../src/sandbox/run.ts';
import { findWay } from '../../src/sandbox/way.ts';
import { stepView } from '../../src/stage/step-view.ts';
import { SHORT } from './race.ts';
import type { Table } from './report.ts';
import { median, type Sample } from './statistics.ts';

const ROUNDS = SHORT ? 20 : 100;

/** The most that a sandbox may add to a step, in milliseconds. */
const MOST = 15;

const STEPS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  build: ['sh', '-c', ':'],
  package: ['fakeroot', 'sh', '-c', ':'],
};

/** The time that a sandbox adds to a step that does nothing: by turns bare, and in each way that this machine has. */
export async function sandbox(folder: string): Promise<Table> {
  const ways: Choice[] = ['off'];
  for (const way of ['bubblewrap', 'unshare'] as const)
    if ((await findWay(way)).way !== undefined) ways.push(way);
  const times = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [step, command] of Object.entries(STEPS)) {
      for (const way of ways) {
        setPolicy({ choice: way });
        const started = performance.now();
        const { status, stderr } = await runPlugin({ ...stepView(folder), command });
        const took = performance.now() - started;
        if (status !== 0) throw new Error(`${step} by ${way}: ${stderr}`);
        const name = nameOf(step, way);
        times.set(name, [...(times.get(name) ?? []), took]);
      }
    }
  }
  setPolicy({ choice: 'best' });
  const samples: Sample[] = [...times].map(([name, list]) => ({ name, times: list }));
  const bars = Object.keys(STEPS).flatMap((step) =>
    ways.slice(1).map((way) => ({
      what: `${step}: what ${way} adds`,
      // each round's difference: the machine's mood is in both
      value: median((times.get(nameOf(step, way)) ?? []).map((took, at) => took - bare(step, at))),
      unit: 'ms',
      atMost: MOST,
    })),
  );
  return { title: 'Sandbox of a step', samples, bars };

  function bare(step: string, at: number): number {
    return times.get(nameOf(step, 'off'))?.[at] ?? 0;
  }
}

function nameOf(step: string, way: Choice): string {
  return `${step}, ${way === 'off' ? 'bare' : way}`;
}
