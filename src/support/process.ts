import { setTimeout as sleep } from 'node:timers/promises';
import { readText } from './read-file.ts';

/** A process as it can be told from a later one of the same number. */
export interface ProcessMark {
  readonly pid: number;
  readonly start: string;
}

/** The mark of a process; without a start when it has ended already. */
export function markOf(pid: number): ProcessMark {
  return { pid, start: startTimeOf(pid) ?? 'ended' };
}

/**
 * When a process was started, as a text that differs between two processes of one number. Empty where the
 * system has no /proc, undefined when there is no such process.
 */
export function startTimeOf(pid: number): string | undefined {
  try {
    const boot = readText('/proc/sys/kernel/random/boot_id').trim();
    const stat = readText(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // state "Z": ended, only its parent has not asked for the status yet
    return fields[0] === 'Z' ? undefined : `${boot}:${fields[19] ?? ''}`;
  } catch {
    return answersSignals(pid) ? '' : undefined;
  }
}

/** Whether the process that had this start time is still there. */
export function isAlive(pid: number, start: string): boolean {
  const now = startTimeOf(pid);
  return now !== undefined && (now === start || start === '' || now === '');
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal to a process if it is still the one that was started then. */
export function signal(pid: number, start: string, name: NodeJS.Signals): void {
  if (!isAlive(pid, start)) return;
  try {
    process.kill(pid, name);
  } catch {
    // it ended in between
  }
}

/** Waits until the process has ended; false when it is still there after `timeout` milliseconds. */
export async function ended(pid: number, start: string, timeout: number): Promise<boolean> {
  const until = performance.now() + timeout;
  while (isAlive(pid, start)) {
    if (performance.now() > until) return false;
    await sleep(15);
  }
  return true;
}
