import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Teller } from './contender.ts';
import { WDEV } from './contenders.ts';
import { forgetPeak, residentMegabytes } from './memory.ts';
import { writePlugin } from './plugins.ts';
import { SHORT } from './race.ts';
import type { Table } from './report.ts';

const PLUGINS = 200;
const FILES = 100;
/** The plugins, and files of each, that a change of branch touches. */
const SWITCHED = { plugins: 50, files: 10 } as const;
/** Long enough for what V8 clears away once, some seconds after the work: 0.1 s, and nothing before or after. */
const IDLE_SECONDS = SHORT ? 5 : 60;

/** Two hundred plugins of a hundred files in one git repository: the start, the rest, a change of branch. */
export async function scale(folder: string): Promise<Table> {
  const names = Array.from({ length: PLUGINS }, (_, at) => `plugin-${at}`);
  for (const name of names) writePlugin(path.join(folder, name), { dialplan: SWITCHED.files, files: FILES });
  const git = (...args: readonly string[]): void => {
    const done = spawnSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', ...args], {
      cwd: folder,
    });
    if (done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.stderr.toString()}`);
  };
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'main');
  git('checkout', '-qb', 'other');
  for (const name of names.slice(0, SWITCHED.plugins)) change(path.join(folder, name));
  git('commit', '-qam', 'other');
  git('checkout', '-q', 'main');

  const started = performance.now();
  const events: Event[] = [];
  const teller = new Teller('wdev watch', [...WDEV, 'watch', '--trust', '--target', 'embedded', '--json'], {
    cwd: folder,
  });
  try {
    await teller.until(/"event":"ready"/);
    const ready = performance.now() - started;
    forgetPeak(teller.pid);
    await verifiedAll(teller, PLUGINS, events);
    const brought = performance.now() - started;
    await sleep(2000);
    const before = processorSeconds(teller.pid);
    await sleep(IDLE_SECONDS * 1000);
    const idle = ((processorSeconds(teller.pid) - before) / IDLE_SECONDS) * 100;
    const { now: memory, peak } = residentMegabytes(teller.pid);
    events.length = 0;
    const switching = performance.now();
    await verifiedAll(teller, SWITCHED.plugins, events, () => git('checkout', '-q', 'other'));
    const switched = performance.now() - switching;
    await sleep(2000);
    const batches = new Set(events.flatMap(({ event, id }) => (event === 'batch' && id ? [id] : [])));
    const reloads = events.filter(({ event, do: what }) => event === 'action' && what === 'dialplan reload');
    return {
      title: `${PLUGINS} plugins of ${FILES} files on the embedded stack`,
      samples: [],
      bars: [
        { what: 'start to ready', value: ready / 1000, unit: 's', atMost: 1.5 },
        { what: 'start to every plugin staged, installed and verified', value: brought / 1000, unit: 's' },
        { what: 'resident memory at rest', value: memory, unit: 'MB', atMost: 150 },
        { what: 'resident memory at most, from ready to here', value: peak, unit: 'MB', atMost: 150 },
        { what: 'processor time at rest', value: idle, unit: '%', atMost: 0.5 },
        {
          what: `${SWITCHED.plugins * SWITCHED.files} files by a change of branch: batches`,
          value: batches.size,
          unit: 'batches',
          atMost: 1,
        },
        { what: 'the same: dialplan reloads', value: reloads.length, unit: 'reloads', atMost: 1 },
        { what: 'the same: change of branch to verified', value: switched / 1000, unit: 's' },
      ],
    };
  } finally {
    await teller.stop('SIGINT');
    spawnSync(WDEV[0], [WDEV[1], 'stack', 'down', '--kind', 'embedded'], { cwd: folder });
  }
}

interface Event {
  readonly event: string;
  readonly id?: number;
  readonly do?: string;
}

/** Waits for so many `verified` events, and collects all that come meanwhile. */
async function verifiedAll(teller: Teller, count: number, events: Event[], act?: () => void): Promise<void> {
  let left = count;
  const wanted = {
    test: (line: string): boolean => {
      events.push(JSON.parse(line) as Event);
      if (line.includes('"event":"failed"')) throw new Error(line);
      if (line.includes('"event":"verified"')) left -= 1;
      return left === 0;
    },
  };
  await teller.until(wanted, act, 180_000);
}

function change(dir: string): void {
  const name = path.basename(dir);
  for (let at = 0; at < SWITCHED.files; at += 1) {
    const file = path.join(dir, `etc/${name}-${at}.conf`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('one', 'two'));
  }
}

/** User and system time of a process so far (/proc/PID/stat, in ticks of 10 ms). */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
