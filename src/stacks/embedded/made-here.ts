/**
 * The embedded stacks that wdev made on this machine. A stack holds programs and settings that are run: one that came
 * with a folder is none. The record lies in the person's state folder, never in the project.
 */

import { existsSync, lstatSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { besideFolder, clearBeside } from '../../edits/beside.ts';
import { UserError, messageOf } from '../../support/errors.ts';
import { folderMark } from '../../support/folder-mark.ts';
import { stateFolder } from '../../support/paths.ts';
import { readText } from '../../support/read-file.ts';
import { makeFolders } from '../../support/make-folders.ts';

/** Whether there is a stack in the folder that was made here. */
export function isMadeHere(folder: string): boolean {
  refuseLinks(folder);
  try {
    return existsSync(recordOf(folder));
  } catch {
    // there is no folder
    return false;
  }
}

/**
 * Makes the folder of a stack, private and empty, unless a stack made here is there. It appears in one step, and
 * recorded; what else is there is removed.
 * @throws UserError `stack-link`, `no-record` when nothing can be recorded
 */
export async function makeHere(folder: string): Promise<void> {
  if (isMadeHere(folder)) return;
  const parent = path.dirname(folder);
  makeFolders(parent);
  const beside = await besideFolder(parent, 'stack');
  try {
    const fresh = path.join(beside, 'stack');
    await mkdir(fresh, { mode: 0o700 });
    record(fresh, folder);
    if (existsSync(folder) && !isMadeHere(folder)) await rename(folder, path.join(beside, 'foreign'));
    await rename(fresh, folder).catch((error: NodeJS.ErrnoException) => {
      // another wdev was faster
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** Removes the folder of a stack in one step, and what killed processes left beside it. */
export async function removeHere(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  if (!existsSync(parent)) return;
  refuseLinks(folder);
  await clearBeside(parent);
  if (existsSync(folder)) {
    const known = recordOf(folder);
    const beside = await besideFolder(parent, 'stack');
    try {
      await rename(folder, path.join(beside, 'gone'));
      rmSync(known, { force: true });
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  }
  // the project keeps other things in .wdev
  await rmdir(parent).catch(() => undefined);
}

/** A link leads to somebody's folder, in which nothing of ours is to be written or removed. */
function refuseLinks(folder: string): void {
  for (const part of [path.dirname(folder), folder]) {
    if (lstatSync(part, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    throw new UserError('stack-link', `${part} is a symlink, so the embedded stack was not touched`, {
      help: `Remove the link: rm ${part}`,
    });
  }
}

function recordOf(folder: string): string {
  return path.join(stateFolder(), 'embedded', folderMark(folder));
}

function record(folder: string, place: string): void {
  const file = recordOf(folder);
  try {
    makeFolders(path.dirname(file), 0o700);
    forgetGone(path.dirname(file));
    writeFileSync(file, place);
  } catch (error) {
    throw new UserError('no-record', `the stack cannot be recorded: ${messageOf(error)}`, {
      help: 'XDG_STATE_HOME names the folder for such records.',
      cause: error,
    });
  }
}

/** Milliseconds after which a stack that is recorded has long been made: the record comes before the folder. */
const LONG_MADE = 3_600_000;

/** Forgets the stacks whose folders are gone. */
function forgetGone(records: string): void {
  for (const name of readdirSync(records)) {
    const file = path.join(records, name);
    try {
      const isNew = Date.now() - statSync(file).mtimeMs < LONG_MADE;
      if (!isNew && !existsSync(readText(file))) rmSync(file, { force: true });
    } catch {
      // another wdev was faster
    }
  }
}
