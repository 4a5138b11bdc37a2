import { spawnSync } from 'node:child_process';
import { WDEV } from './contenders.ts';
import { SHORT, ratio } from './race.ts';
import type { Table } from './report.ts';
import type { Sample } from './statistics.ts';

const BARE = 'node -e 0';
const HELP = 'wdev --help';
const NEW = 'wdev new --dry-run';

/** The start of the command, beside bare node's, by turns in an empty folder. */
export function start(folder: string): Promise<Table> {
  const commands = {
    [BARE]: ['-e', '0'],
    [HELP]: [WDEV[1], '--help'],
    [NEW]: [WDEV[1], 'new', 'stack', 'hi', '--namespace', 'demo', '--yes', '--dry-run'],
  };
  const samples = takeTurns(commands, SHORT ? 10 : 40, folder);
  const bars = [
    { what: `${HELP}, over bare node`, value: ratio(samples, HELP, BARE), atMost: 1.5 },
    { what: `${NEW}, over bare node`, value: ratio(samples, NEW, BARE), atMost: 2.2 },
  ];
  return Promise.resolve({ title: 'Start of the command', samples, bars });
}

function takeTurns(
  commands: Readonly<Record<string, readonly string[]>>,
  rounds: number,
  cwd: string,
): readonly Sample[] {
  const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const started = performance.now();
      const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'ignore' });
      times.get(name)?.push(performance.now() - started);
      if (status !== 0) throw new Error(`${name} ended with ${status}`);
    }
  }
  return [...times].map(([name, list]) => ({ name, times: list }));
}
