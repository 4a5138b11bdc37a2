/**
 * Temporary folders: all of them below one folder that nobody else can look into or write to. Each says by its name
 * which process it belongs to, so that what a killed one left is removed by the next.
 */

import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
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
export function sameFolder(
  word: string,
  key: string,
): { readonly folder: string; readonly release: () => void } {
  const base = privateFolder();
  const folder = path.join(base, `${word}-${key}`);
  if (!take(`${folder}.owner`, folder)) {
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

/** Takes a link for this process, also from one that has ended; with it goes the folder that it is about. */
function take(link: string, folder: string): boolean {
  if (makeLink(link)) return true;
  const owner = textOf(link);
  if (!isOver(owner, lstatOf(link)?.mtimeMs)) return false;
  removeLeft(link, owner, folder);
  return makeLink(link);
}

/** A link is made in one step, or not at all; its text is the mark of the process. */
function makeLink(link: string): boolean {
  try {
    symlinkSync(ownMark(), link);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function textOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

const RIGHT = '.owner-of-';

/**
 * Removes the link of an owner that has ended, and its folder. Who does so has a link that belongs to this owner alone:
 * another process may have taken the first one over since it was read, and would lose its folder.
 */
function removeLeft(link: string, owner: string, folder: string): void {
  const right = link.replace(/\.owner$/, `${RIGHT}${owner.replaceAll(/\W/g, '-')}`);
  if (!makeLink(right)) return;
  try {
    if (textOf(link) !== owner) return;
    removeFolder(folder);
    removeFolder(link);
  } finally {
    removeFolder(right);
  }
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
      const isLink = name.endsWith('.owner') || name.includes(RIGHT);
      const owner = isLink ? readlinkSync(full) : /^[a-z]+\.(\d+-\w+-\d+)\./.exec(name)?.[1];
      if (owner === undefined || !isOver(owner, lstatOf(full)?.mtimeMs)) continue;
      if (name.endsWith('.owner')) removeLeft(full, owner, full.slice(0, -'.owner'.length));
      else removeFolder(full);
    } catch {
      // another process of ours is at it, too
    }
  }
}
