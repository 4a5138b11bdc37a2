import { spawnSync } from 'node:child_process';
import { WDEV } from './contenders.ts';
import { ROUNDS, ratio } from './race.ts';
import type { Table } from './report.ts';
import type { Sample } from './statistics.ts';

/** The start of the command, against bare node. */
export function startUp(): Promise<Table> {
  const commands: Readonly<Record<string, readonly string[]>> = {
    'wdev --help': [WDEV[1], '--help'],
    'node -e 0': ['-e', '0'],
  };
  const samples = takeTurns(commands, ROUNDS);
  const bar = { what: 'wdev --help, over bare node', value: ratio(samples, 'wdev --help', 'node -e 0') };
  return Promise.resolve({ title: 'Start of the command', samples, bars: [bar] });
}

function takeTurns(commands: Readonly<Record<string, readonly string[]>>, rounds: number): readonly Sample[] {
  const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const started = performance.now();
      spawnSync(process.execPath, args, { stdio: 'ignore' });
      times.get(name)?.push(performance.now() - started);
    }
  }
  return [...times].map(([name, list]) => ({ name, times: list }));
}
