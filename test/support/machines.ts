import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { realShell, type RealStack } from '../../src/stacks/real.ts';
import { clearLeft } from '../../src/stacks/real/clear.ts';
import { mountsBelow } from '../../src/stacks/real/mounts.ts';
import { isAlive, signal } from '../../src/support/process.ts';

/** The start of the name of a folder with a machine that is no stack of wdev. */
export const MACHINE_FOLDER = 'wdev-machine-';

/** The output of a shell script inside a machine, as root. */
export function inside(stack: RealStack, script: string): string {
  const [program, ...args] = realShell(stack).argv;
  return execFileSync(program, [...args, '-c', script], { encoding: 'utf8' });
}

/** Removes what killed test runs left: stacks that nobody owns any more, other machines of tests, their networks. */
export async function removeLeftMachines(): Promise<void> {
  await clearLeft();
  for (const name of readdirSync(tmpdir())) {
    if (isLeft(/^wdev-machine-(\d+)-\w+$/, name)) removeMachine(path.join(tmpdir(), name));
  }
  for (const name of namesIn('/run/netns')) {
    if (isLeft(/^wdev-(\d+)-[crs]$/, name)) execFileSync('ip', ['netns', 'del', name]);
  }
}

/** Whether the process whose number stands in a name is gone. */
function isLeft(pattern: RegExp, name: string): boolean {
  const pid = pattern.exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid), '');
}

function removeMachine(folder: string): void {
  for (const pid of namesIn('/proc').map(Number)) {
    const [program, ...words] = textOf(`/proc/${pid}/cmdline`).split('\0');
    if (program !== 'systemd-nspawn' || !words.includes(path.join(folder, 'm'))) continue;
    // without its first process a machine is gone; without its nspawn alone it is not
    for (const child of [...childrenOf(pid), pid]) signal(child, '', 'SIGKILL');
  }
  for (const mount of mountsBelow(folder)) execFileSync('umount', ['--lazy', mount]);
  rmSync(folder, { recursive: true, force: true });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The children of a process; none where it is gone. */
export function childrenOf(pid: number): readonly number[] {
  const words = textOf(`/proc/${pid}/task/${pid}/children`).split(' ');
  return words.filter((word) => word !== '').map(Number);
}

/** The text of a file that may be gone. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
