import { readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../support/errors.ts';
import { ended, markOf, signal, type ProcessMark } from '../../support/process.ts';
import { STACKS, isStackName, stackOfMachine } from './run-folder.ts';
import { readText } from '../../support/read-file.ts';

/** A process that belongs to a stack. */
export interface StackProcess extends ProcessMark {
  readonly stack: string;
  /** Inside: it has the stack's file system as its root. Network: it connects the stack. */
  readonly role: 'nspawn' | 'network' | 'inside';
}

/** The processes of all stacks, whatever is recorded of them. Needs root. */
export function stackProcesses(): readonly StackProcess[] {
  const spaces = new Map<string, string | undefined>();
  return readdirSync('/proc').flatMap((entry): readonly StackProcess[] => {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) return [];
    try {
      const found = nspawnOf(entry) ?? networkOf(entry) ?? insideOf(entry, spaces);
      return found === undefined ? [] : [{ ...found, ...markOf(Number(entry)) }];
    } catch {
      // it ended meanwhile, or is none of ours
      return [];
    }
  });
}

type Found = Pick<StackProcess, 'stack' | 'role'>;

function nspawnOf(pid: string): Found | undefined {
  const words = readText(`/proc/${pid}/cmdline`).split('\0');
  if (!words.includes('systemd-nspawn')) return undefined;
  const stack = stackOfRoot(words[words.indexOf('-D') + 1] ?? '');
  // a container of this machine may have stacks of its own under the same paths
  return stack !== undefined && spaceOf(pid, 'pid') === spaceOf('self', 'pid')
    ? { stack, role: 'nspawn' }
    : undefined;
}

/** In the environment of the processes that connect a stack: its name. */
export const NETWORK_MARK = 'WDEV_NETWORK_OF';

function networkOf(pid: string): Found | undefined {
  const mark = readText(`/proc/${pid}/environ`)
    .split('\0')
    .find((word) => word.startsWith(`${NETWORK_MARK}=`));
  const stack = mark?.slice(NETWORK_MARK.length + 1) ?? '';
  // what runs in a container of this machine may say so of its own stacks
  return isStackName(stack) && spaceOf(pid, 'pid') === spaceOf('self', 'pid')
    ? { stack, role: 'network' }
    : undefined;
}

function insideOf(pid: string, spaces: Map<string, string | undefined>): Found | undefined {
  const space = spaceOf(pid, 'mnt');
  if (space === spaceOf('self', 'mnt')) {
    const stack = stackOfRoot(readlinkSync(`/proc/${pid}/root`));
    return stack === undefined ? undefined : { stack, role: 'inside' };
  }
  if (!spaces.has(space)) spaces.set(space, stackOfMounts(readText(`/proc/${pid}/mountinfo`)));
  const stack = spaces.get(space);
  return stack !== undefined && depthOf(pid) <= 2 ? { stack, role: 'inside' } : undefined;
}

function spaceOf(pid: string, kind: 'pid' | 'mnt'): string {
  return readlinkSync(`/proc/${pid}/ns/${kind}`);
}

/** How many name spaces of process numbers a process is in, from ours on. */
function depthOf(pid: string): number {
  const numbers = /^NSpid:(.*)$/m.exec(readText(`/proc/${pid}/status`))?.[1] ?? '';
  return numbers.trim().split(/\s+/).length;
}

/** The stack whose file system is the root of these mounts. */
function stackOfMounts(mounts: string): string | undefined {
  for (const line of mounts.split('\n')) {
    if (line.split(' ')[4] !== '/') continue;
    const source = / - overlay (\S+) /.exec(line)?.[1];
    if (source !== undefined) return stackOfMachine(source);
  }
  return undefined;
}

function stackOfRoot(folder: string): string | undefined {
  if (path.basename(folder) !== 'root' || path.dirname(path.dirname(folder)) !== STACKS) return undefined;
  const name = path.basename(path.dirname(folder));
  return isStackName(name) ? name : undefined;
}

/** Milliseconds that nspawn has to end after the machine in it did. */
const NSPAWN_LIMIT = 1000;
/** Milliseconds until a process that even SIGKILL does not end is reported. */
const LIMIT = 60_000;

/** Ends what connects a stack: a machine that starts again has another network. */
export async function endNetwork(name: string): Promise<void> {
  const connects = ({ stack, role }: StackProcess): boolean => stack === name && role === 'network';
  for (const { pid, start } of stackProcesses().filter(connects)) {
    signal(pid, start, 'SIGKILL');
    await ended(pid, start, LIMIT);
  }
}

/**
 * Ends a stack's processes. What they would do on the way down goes with the stack's file system, so they are not
 * asked: the kernel ends a machine with its process 1, and nspawn then ends by itself and removes its own traces.
 * @throws UserError `stack-stuck` when one does not end
 */
export async function endProcesses(name: string): Promise<void> {
  const began = performance.now();
  let quiet = began;
  for (;;) {
    const found = stackProcesses().filter(({ stack }) => stack === name);
    const [first] = found;
    if (first === undefined) return;
    const inside = found.filter(({ role }) => role !== 'nspawn');
    if (inside.length > 0) quiet = performance.now();
    const doomed = performance.now() - quiet > NSPAWN_LIMIT ? found : inside;
    for (const { pid, start } of doomed) signal(pid, start, 'SIGKILL');
    if (performance.now() - began > LIMIT) {
      throw new UserError('stack-stuck', `process ${first.pid} of the stack ${name} does not end`, {
        help: 'It may wait for a disk that does not answer; ps shows it in state D.',
      });
    }
    await sleep(15);
  }
}
