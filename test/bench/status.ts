import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { WDEV } from './contenders.ts';
import { writePlugin } from './plugins.ts';
import { ROUNDS, medianOf } from './race.ts';
import type { Table } from './report.ts';

const PLUGINS = 300;
const FILES = 10;

const OURS = 'wdev status';
const CHANGED = 'wdev status, each plugin changed';

/** `wdev status` over many plugins that are installed: unchanged since, and with sources that nobody staged yet. */
export function status(folder: string): Promise<Table> {
  for (let at = 0; at < PLUGINS; at += 1)
    writePlugin(path.join(folder, `plugin-${at}`), { dialplan: 1, files: FILES });
  wdev(folder, ['install', '--trust']);
  try {
    const rounds = Math.min(ROUNDS, 10);
    const times = Array.from({ length: rounds }, () => timeOf(folder));
    // what is remembered is of no use then
    const first = timeOf(folder, { XDG_CACHE_HOME: path.join(folder, 'none') });
    const samples = [
      { name: OURS, times },
      { name: CHANGED, times: [first] },
    ];
    const seconds = medianOf(samples, OURS) / 1000;
    const bars = [{ what: `${PLUGINS} plugins, none of them changed`, value: seconds, unit: 's', atMost: 2 }];
    return Promise.resolve({ title: `wdev status over ${PLUGINS} plugins`, samples, bars });
  } finally {
    wdev(folder, ['stack', 'down', '--kind', 'embedded']);
  }
}

function timeOf(folder: string, env: Readonly<Record<string, string>> = {}): number {
  const started = performance.now();
  wdev(folder, ['status', '--json'], env);
  return performance.now() - started;
}

function wdev(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const done = spawnSync(WDEV[0], [WDEV[1], ...args], { cwd, env: { ...process.env, ...env } });
  if (done.status !== 0) throw new Error(`wdev ${args.join(' ')}: ${done.stderr.toString()}`);
}
