/**
 * Temporary folders: all of them below one folder that nobody else can look into or write to. Each says by its name
 * which process it belongs to, so that what a killed one left is removed by the next.
 */

import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync } from 'node:fs';
import { readlink, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError } from './errors.ts';
import { startTimeOf } from './process.ts';
import { removeFolder } from './remove-folder.ts';
import { lstatOf } from './stat.ts';

/** Milliseconds after which a folder of another container is what a killed one left. */
const DAY = 86_400_000;

/** Bases whose leftovers this process has looked for. */
const cleared = new Set<string>();

/**
 * Makes a folder for the use of this process. The caller removes it.
 * @param word what it is for
 * @param base where temporary files go: `$TMPDIR`, or `/tmp`
 */
export function temporaryFolder(word: string, base: string = os.tmpdir()): string {
  return mkdtempSync(path.join(privateFolder(base), `${word}.${ownMark()}.`));
}

/**
 * The folder of this person below `base`, mode 0700. A dot begins its name: nothing in it is taken for a plugin.
 * @throws UserError `temporary-folder-taken` when something of that name is somebody else's, or a link;
 * `temporary-folder-refused` when none can be made there
 */
export function privateFolder(base: string = os.tmpdir()): string {
  const folder = path.join(base, `.wdev-${process.getuid?.() ?? 'own'}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw refusedBase(base, error);
  }
  const found = lstatSync(folder);
  const mine = process.getuid === undefined || found.uid === process.getuid();
  if (!found.isDirectory() || !mine) {
    throw new UserError('temporary-folder-taken', `${folder} is not a folder of yours`, {
      help: 'Remove it, or name another folder for temporary files: TMPDIR=/var/tmp wdev …',
    });
  }
  if ((found.mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
  if (!cleared.has(folder)) {
    cleared.add(folder);
    clearLeft(folder);
  }
  return folder;
}

const WHY_REFUSED: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is no folder',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'its file system is read-only',
  ENOSPC: 'its file system is full',
};

function refusedBase(base: string, cause: unknown): unknown {
  const why = WHY_REFUSED[(cause as NodeJS.ErrnoException).code ?? ''];
  if (why === undefined) return cause;
  const whose = process.env['TMPDIR'] === undefined ? '' : ', which TMPDIR names';
  return new UserError(
    'temporary-folder-refused',
    `no temporary files can be made in ${base}${whose}: ${why}`,
    {
      help: 'Name another folder for temporary files: TMPDIR=/var/tmp wdev …',
      cause,
    },
  );
}

/**
 * A folder that has the same path each time, where nobody uses it; else one of its own. Its name is `word` and `key`.
 * `release` removes it.
 */
export async function sameFolder(
  word: string,
  key: string,
): Promise<{ readonly folder: string; readonly release: () => void }> {
  const base = privateFolder();
  const folder = path.join(base, `${word}-${key}`);
  if (!(await take(`${folder}.owner`))) {
    const other = temporaryFolder(word);
    return { folder: other, release: () => removeFolder(other) };
  }
  removeFolder(folder);
  mkdirSync(folder, { mode: 0o700 });
  const release = (): void => {
    removeFolder(folder);
    removeFolder(`${folder}.owner`);
  };
  return { folder, release };
}

/** A link is made in one step, or not at all; its text is the mark of the process. */
async function take(link: string): Promise<boolean> {
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      await symlink(ownMark(), link);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = await readlink(link).catch(() => '');
    if (!isOver(owner, lstatOf(link)?.mtimeMs)) return false;
    removeFolder(link);
  }
  return false;
}

let mark: string | undefined;

/** Process, its start and the name space that its number belongs to. */
function ownMark(): string {
  mark ??= [process.pid, startOf(process.pid), nameSpace()].join('-');
  return mark;
}

function startOf(pid: number): string {
  return (startTimeOf(pid) ?? '').replaceAll('-', '').replace(/^(.{8}).*:/, '$1') || '0';
}

function nameSpace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** Whether the process of a mark has ended. Of another container only the time tells. */
function isOver(text: string, changed: number | undefined): boolean {
  const [pid = '', start = '', space = ''] = text.split('-');
  if (!/^\d+$/.test(pid) || space !== nameSpace()) return changed !== undefined && Date.now() - changed > DAY;
  return startTimeOf(Number(pid)) === undefined || startOf(Number(pid)) !== start;
}

/** Removes what processes that have ended left: nothing outside, since no link is followed. */
function clearLeft(folder: string): void {
  for (const name of readdirSync(folder)) {
    const full = path.join(folder, name);
    try {
      const link = name.endsWith('.owner');
      const owner = link ? readlinkSync(full) : /^[a-z]+\.(\d+-\w+-\d+)\./.exec(name)?.[1];
      if (owner === undefined || !isOver(owner, lstatOf(full)?.mtimeMs)) continue;
      if (link) removeFolder(full.slice(0, -'.owner'.length));
      removeFolder(full);
    } catch {
      // another process of ours is at it, too
    }
  }
}
