/** Bounds of a program that is run to be read, not to do its work. */

import os from 'node:os';
import { Allowance } from '../support/allowance.ts';
import { processNumbers } from '../support/processor-time.ts';
import { readTextIfPossible } from '../support/read-file.ts';
import { sandboxedAs } from './enclose.ts';
import { policy, timeLimit } from './policy.ts';

/**
 * Processes that it may have at a time, and the memory of each in MB: at most 400 MB together, which leaves wdev
 * itself 100. A make, its shells and a Python that loads setuptools have what they need.
 */
export const PROCESSES = 12;
export const MEGABYTES = 32;

/** Seconds of processor time that all of them may take, unless the person gives it more time. */
const SECONDS = 3;

/** The same for each of them, where nobody counts those of all: kept by the system, whatever we do meanwhile. */
const eachSeconds = (): number => timeLimit(SECONDS);

/**
 * For each process: no core file, its data and 1 MB of stack (in KiB), addresses of 1 GB, so that their tables stay
 * small, 64 open files, files of 64 MB (in blocks of 512 bytes). The number of processes is `-p` in some shells and `-u` in
 * others. What the system cannot bound stays as it is.
 */
const SCRIPT = [
  'bound() { ulimit "$@" 2>/dev/null; }',
  `bound -c 0; bound -d ${MEGABYTES * 1024}; bound -s 1024; bound -v 1048576; bound -n 64; bound -f 131072`,
  'bound -t "$1"; bound -p "$2" || bound -u "$2"',
  'shift 2',
  '"$@"',
  // the times of what it started, too: a shell that the system ended in the middle is not told by its status
  'status=$?; times >&2; exit "$status"',
].join('\n');

/** Seconds of processor time that bounded programs may take with all that they start. */
export function boundedSeconds(): number {
  return timeLimit(SECONDS);
}

/** Seconds of the rules of `wdev check`, beyond what plugins take them that nobody made to be slow. */
const RULES_SECONDS = 0.8;

/** Seconds of shellcheck. */
const SCRIPTS_SECONDS = 1;

/** The allowances of one run of a command that checks, for all plugins together, unless the person gives it more time. */
export function allowances(): {
  readonly allowance: Allowance;
  readonly scriptsAllowance: Allowance;
  readonly rulesAllowance: Allowance;
} {
  return {
    allowance: new Allowance(boundedSeconds()),
    scriptsAllowance: new Allowance(timeLimit(SCRIPTS_SECONDS)),
    rulesAllowance: new Allowance(timeLimit(RULES_SECONDS)),
  };
}

/** The words that run a command within the bounds; for runPlugin, and `timesOf` reads what it wrote to stderr. */
export function bounded(command: readonly string[]): readonly [string, ...string[]] {
  const processes = PROCESSES + othersOfAccount();
  return ['sh', '-c', SCRIPT, 'sh', String(eachSeconds()), String(processes), ...command];
}

/**
 * Takes the times apart that end what a bounded command wrote to stderr.
 * @returns the text before them, the seconds, and whether a process may have come to its bound of processor time
 */
export function timesOf(stderr: string): {
  readonly text: string;
  readonly seconds: number;
  readonly isSpent: boolean;
} {
  const found = /(?:^|\n)\S+ \S+\n(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(stderr);
  if (found === null) return { text: stderr, seconds: 0, isSpent: false };
  const [userMinutes = 0, user = 0, minutes = 0, system = 0] = found.slice(1).map(Number);
  const seconds = (userMinutes + minutes) * 60 + user + system;
  // the bound is counted in ticks of the clock, these in true time: on a busy machine they can be far apart
  return { text: stderr.slice(0, found.index), seconds, isSpent: seconds >= eachSeconds() / 2 };
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
