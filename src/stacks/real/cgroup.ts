import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A control group of its own for each stack: two nspawn in one group would put their processes into the
 * same sub-group. Undefined where the machine does not let us make one; the stack then runs in ours.
 */
export function makeCgroup(name: string): string | undefined {
  const folder = cgroupOf(name);
  if (folder === undefined) return undefined;
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch {
    return undefined;
  }
}

/** Ends what still runs in the group, and removes it. */
export function removeCgroup(name: string): void {
  const unified = cgroupOf(name);
  if (unified !== undefined) {
    const kill = path.join(unified, 'cgroup.kill');
    if (existsSync(kill)) writeFileSync(kill, '1');
  }
  for (const mount of cgroupMounts()) removeGroups(path.join(mount.folder, `wdev-${name}`));
}

function removeGroups(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroups(path.join(folder, entry.name));
  }
  try {
    rmdirSync(folder);
  } catch {
    // a process is still ending in it; an empty group costs nothing
  }
}

function cgroupOf(name: string): string | undefined {
  const unified = cgroupMounts().find((mount) => mount.type === 'cgroup2');
  return unified === undefined ? undefined : path.join(unified.folder, `wdev-${name}`);
}

/** On a machine with both versions of control groups, nspawn makes the group in each hierarchy of systemd's. */
function cgroupMounts(): { folder: string; type: string }[] {
  const lines = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return lines
    .map((line) => line.split(' '))
    .filter((fields) => fields[2] === 'cgroup2' || fields[2] === 'cgroup')
    .map((fields) => ({ folder: fields[1] ?? '', type: fields[2] ?? '' }));
}
