import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineName, stackOfMachine } from './run-folder.ts';
import { readText } from '../../support/read-file.ts';
import { makeFolders } from '../../support/make-folders.ts';

/**
 * A control group of its own for each stack: two nspawn in one group would put their processes into the
 * same sub-group. Undefined where the machine does not let us make one; the stack then runs in ours.
 */
export function makeCgroup(name: string): string | undefined {
  const folder = cgroupOf(name);
  if (folder === undefined) return undefined;
  try {
    makeFolders(folder);
    return folder;
  } catch {
    return undefined;
  }
}

/** Milliseconds until the kernel has let go of a group whose processes ended. */
const PATIENCE = 1000;

/** Removes the stack's control groups, which no process is in any more. */
export async function removeCgroup(name: string): Promise<void> {
  const until = performance.now() + PATIENCE;
  while (cgroupsOf(name).map(removeGroups).includes(false) && performance.now() < until) await sleep(20);
}

/** Whether the group is gone. */
function removeGroups(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) removeGroups(path.join(folder, entry.name));
    }
    rmdirSync(folder);
  } catch {
    // a process is still ending in it, or somebody else removed it
  }
  return !existsSync(folder);
}

/** Names of all stacks that the machine has a control group of. */
export function cgroupStacks(): readonly string[] {
  const names = cgroupMounts().flatMap(({ folder }) => readdirSync(folder));
  return names.flatMap((name) => stackOfMachine(name) ?? []);
}

/** On a machine with both versions of control groups, nspawn makes the group in each hierarchy of systemd's. */
function cgroupsOf(name: string): readonly string[] {
  return cgroupMounts()
    .map(({ folder }) => path.join(folder, machineName(name)))
    .filter((folder) => existsSync(folder));
}

/** The group that makeCgroup made. */
export function cgroupFolder(name: string): string | undefined {
  const folder = cgroupOf(name);
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}

function cgroupOf(name: string): string | undefined {
  const unified = cgroupMounts().find((mount) => mount.type === 'cgroup2');
  return unified === undefined ? undefined : path.join(unified.folder, machineName(name));
}

function cgroupMounts(): { folder: string; type: string }[] {
  const lines = readText('/proc/self/mounts').split('\n');
  return lines
    .map((line) => line.split(' '))
    .filter((fields) => fields[2] === 'cgroup2' || fields[2] === 'cgroup')
    .map((fields) => ({ folder: fields[1] ?? '', type: fields[2] ?? '' }));
}
