/** Bounds of a program that is run to be read, not to do its work. */

import { readdirSync } from 'node:fs';
import os from 'node:os';
import { readTextIfPossible } from '../support/read-file.ts';
import { sandboxedAs } from './enclose.ts';
import { policy, timeLimit } from './policy.ts';

/** Processes that it may have at a time. */
const PROCESSES = 64;

/** Seconds of processor time that each of them may take, unless the person gives it more time. */
const SECONDS = 2;

/**
 * For each process: no core file, 128 MB of data (in KiB), files of 64 MB (in blocks of 512 bytes). The number of
 * processes is `-p` in some shells and `-u` in others. What the system cannot bound stays as it is.
 */
const SCRIPT = [
  'bound() { ulimit "$@" 2>/dev/null; }',
  'bound -c 0; bound -d 131072; bound -f 131072; bound -t "$1"; bound -p "$2" || bound -u "$2"',
  'shift 2',
  '"$@"',
  // the times of what it started, too: a shell that the system ended in the middle is not told by its status
  'status=$?; times >&2; exit "$status"',
].join('\n');

/** The words that run a command within the bounds; for runPlugin, and `timesOf` reads what it wrote to stderr. */
export function bounded(command: readonly string[]): readonly [string, ...string[]] {
  const processes = PROCESSES + othersOfAccount();
  return ['sh', '-c', SCRIPT, 'sh', String(timeLimit(SECONDS)), String(processes), ...command];
}

/**
 * Takes the times apart that end what a bounded command wrote to stderr.
 * @returns the text before them, and whether a process may have come to its bound of processor time
 */
export function timesOf(stderr: string): { readonly text: string; readonly isSpent: boolean } {
  const found = /(?:^|\n)\S+ \S+\n(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(stderr);
  if (found === null) return { text: stderr, isSpent: false };
  const [userMinutes = 0, user = 0, minutes = 0, system = 0] = found.slice(1).map(Number);
  const seconds = (userMinutes + minutes) * 60 + user + system;
  // the bound is counted in ticks of the clock, these in true time: on a busy machine they can be far apart
  return { text: stderr.slice(0, found.index), isSpent: seconds >= timeLimit(SECONDS) / 2 };
}

/**
 * Processes that the system counts with those of a program: all of the account, unless it has a user name space of
 * its own (Linux 5.14 and newer count those apart: ucounts, kernel commit 21d1c5e386bc).
 */
function othersOfAccount(): number {
  const { uid } = sandboxedAs() ?? { uid: process.getuid?.() ?? 0 };
  const [major = 0, minor = 0] = os.release().split('.').map(Number);
  const isApart = sandboxedAs() === undefined && policy().choice !== 'off';
  if (isApart && (major > 5 || (major === 5 && minor >= 14))) return 0;
  let count = 0;
  for (const name of processNumbers()) {
    const status = readTextIfPossible(`/proc/${name}/status`) ?? '';
    if (Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]) !== uid) continue;
    count += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 1);
  }
  return count;
}

function processNumbers(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
