import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { WDEV } from './contenders.ts';
import { SHORT, ratio } from './race.ts';
import type { Table } from './report.ts';
import type { Sample } from './statistics.ts';

const BARE = 'node -e 0';
const HELP = 'wdev --help';
const NEW = 'wdev new --dry-run';

/** The processor time of a start, beside bare node's, by turns in an empty folder. */
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
  return Promise.resolve({ title: 'Start of the command, in processor time', samples, bars });
}

function takeTurns(
  commands: Readonly<Record<string, readonly string[]>>,
  rounds: number,
  cwd: string,
): readonly Sample[] {
  const words = Object.entries(commands).map(([name, args]) => [name, [process.execPath, ...args]]);
  const measured = spawnSync('python3', [path.join(import.meta.dirname, 'processor-time.py')], {
    cwd,
    input: JSON.stringify({ commands: Object.fromEntries(words) as object, rounds }),
    encoding: 'utf8',
  });
  if (measured.status !== 0) throw new Error(measured.stderr);
  const times = JSON.parse(measured.stdout) as Record<string, readonly number[]>;
  return Object.entries(times).map(([name, list]) => ({ name, times: list }));
}
