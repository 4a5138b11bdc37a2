/** Processor time of other processes, as Linux counts it in /proc; elsewhere nobody says. */

import { readdirSync } from 'node:fs';
import { readTextIfPossible } from './read-file.ts';

/** Ticks of a second in /proc, on every machine that Node runs on. Source: proc_pid_stat(5), USER_HZ. */
const TICKS = 100;

interface Counted {
  readonly parent: number;
  /** Seconds, with those of the children that it waited for. */
  readonly seconds: number;
}

function countedOf(pid: string): Counted | undefined {
  const text = readTextIfPossible(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // the name of a program may hold blanks and brackets
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, children = 0, ofSystem = 0] = fields.slice(11, 15).map(Number);
  return { parent: Number(fields[1]), seconds: (user + system + children + ofSystem) / TICKS };
}

/** Seconds that a process took, and all that it started and that still runs or was waited for; 0 where nobody says. */
export function secondsOf(pid: number): number {
  const children = new Map<number, [number, number][]>();
  for (const name of processNumbers()) {
    const counted = countedOf(name);
    if (counted === undefined) continue;
    const beside = children.get(counted.parent) ?? [];
    children.set(counted.parent, beside);
    beside.push([Number(name), counted.seconds]);
  }
  let sum = countedOf(String(pid))?.seconds ?? 0;
  const todo = [pid];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    for (const [child, seconds] of children.get(next) ?? []) {
      sum += seconds;
      todo.push(child);
    }
  }
  return sum;
}

/** The processes that can be seen from here. */
export function processNumbers(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
