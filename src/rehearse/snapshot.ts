import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import path from 'node:path';
import { lstatOf } from '../support/stat.ts';
import { hashFile } from '../git/large-files.ts';
import { readText } from '../support/read-file.ts';

/** The files of a machine beyond the root that it was made from, by path. */
export type Snapshot = ReadonlyMap<string, string>;

/** Paths that change by themselves, or that belong to dpkg and to accounts. */
const RESTLESS =
  /^\/(?:var\/(?:log|cache|tmp|lib\/(?:dpkg|apt|systemd|dbus|ucf|postgresql|rabbitmq|wazo-plugind\/(?:tmp|downloads))|\.updated)|tmp|run|root|proc|sys|dev|etc\/(?:\.updated|\.pwd\.lock|ld\.so\.cache|machine-id|resolv\.conf|adjtime|(?:passwd|group|shadow|gshadow|subuid|subgid)-?)|var\/lib\/asterisk\/astdb\.sqlite3.*|var\/(?:run|spool)\/asterisk)(?:\/|$)|\/__pycache__(?:\/|$)|\.pyc$/;

/** Begins what is said of a file that stands in the place of one of the root below. */
const OVER = 'in place of the original: ';

/**
 * Reads the upper layer of an overlay: only what differs from the root below, so it takes milliseconds.
 * @param upper the overlay's upper folder
 * @param lowers the folders below it, uppermost first
 */
export function takeSnapshot(upper: string, lowers: readonly string[]): Snapshot {
  const found = new Map<string, string>();
  walk(upper, '', lowers, found);
  return found;
}

function walk(upper: string, below: string, lowers: readonly string[], found: Map<string, string>): void {
  for (const entry of readdirSync(path.join(upper, below), { withFileTypes: true })) {
    const name = `${below}/${entry.name}`;
    if (RESTLESS.test(name)) continue;
    const full = path.join(upper, name);
    const stat = lstatSync(full);
    const original = inLower(lowers, name);
    if (stat.isDirectory()) {
      const same = original?.isDirectory() === true && owner(original) === owner(stat);
      if (!same) found.set(name, `folder ${owner(stat)}`);
      walk(upper, name, lowers, found);
    } else {
      const now = describe(full, stat);
      if (original === undefined) found.set(name, now);
      else if (now !== describeLower(lowers, name))
        found.set(name, now === 'removed' ? now : `${OVER}${now}`);
    }
  }
}

function describe(full: string, stat: Stats): string {
  if (stat.isSymbolicLink()) return `link ${readlinkSync(full)}`;
  // overlay file systems note a removed file as a device 0/0
  if (stat.isCharacterDevice() && stat.rdev === 0) return 'removed';
  if (!stat.isFile()) return `special ${owner(stat)}`;
  return `file ${owner(stat)} ${hashFile(full).hash}`;
}

function owner({ mode, uid, gid }: Stats): string {
  return `${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
}

function inLower(lowers: readonly string[], name: string): Stats | undefined {
  for (const lower of lowers) {
    const stat = lstatOf(path.join(lower, name));
    if (stat !== undefined) return stat;
  }
  return undefined;
}

function describeLower(lowers: readonly string[], name: string): string | undefined {
  for (const lower of lowers) {
    const full = path.join(lower, name);
    const stat = lstatOf(full);
    if (stat !== undefined) return describe(full, stat);
  }
  return undefined;
}

export interface SnapshotDifference {
  readonly path: string;
  readonly how: 'added' | 'removed' | 'changed';
}

/** The differences from the start; comparable between machines that began alike. */
export function since(start: Snapshot, now: Snapshot): Snapshot {
  const found = new Map([...now].filter(([name, what]) => start.get(name) !== what));
  for (const name of start.keys()) if (!now.has(name)) found.set(name, 'removed');
  return found;
}

/** The changes of a machine between two snapshots, sorted by path. */
export function compareSnapshots(before: Snapshot, after: Snapshot): readonly SnapshotDifference[] {
  const found: SnapshotDifference[] = [];
  for (const [name, now] of after) {
    const then = before.get(name);
    if (then === now) continue;
    const added = then === undefined && !now.startsWith(OVER);
    found.push({ path: name, how: now === 'removed' ? 'removed' : added ? 'added' : 'changed' });
  }
  for (const [name, then] of before) {
    const original = then === 'removed' || then.startsWith(OVER);
    if (!after.has(name)) found.push({ path: name, how: original ? 'changed' : 'removed' });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The folders that an overlay lies over, uppermost first, as /proc/self/mounts lists them. */
export function lowersOf(root: string, mounts = readText('/proc/self/mounts')): readonly string[] {
  for (const line of mounts.split('\n')) {
    const [, at, type, options = ''] = line.split(' ');
    if (at !== root || type !== 'overlay') continue;
    const lower = /(?:^|,)lowerdir=((?:\\.|[^,\\])*)/.exec(options)?.[1] ?? '';
    return (lower.match(/(?:\\.|[^:\\])+/g) ?? []).map((folder) => folder.replaceAll(/\\(\D)/g, '$1'));
  }
  return [];
}
