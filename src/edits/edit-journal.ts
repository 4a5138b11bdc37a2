/** An edit that was killed half-way is taken back by the next one. */

import { chmod, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { bytesOf, readState, sameContent, sameState, type FileState } from './file-state.ts';
import { WDEV_FOLDER, type FileEdit } from './undo-record.ts';

/** Where an edit keeps its work while it runs. */
export const EDIT_FOLDER = `${WDEV_FOLDER}/edit`;
export const JOURNAL = 'journal.json';

/** What an edit is about to do. While this file exists, the edit counts as not done. */
export interface EditJournal {
  readonly pid: number;
  readonly did: string;
  readonly edits: readonly FileEdit[];
  readonly folders: readonly string[];
}

/** A change that was found half-done and is taken back now. */
export interface Recovered {
  readonly did: string;
  /** Files that were changed after the interruption: they stay as they are. */
  readonly left: readonly string[];
}

/**
 * Takes a half-done edit of a folder back; undefined when there is none.
 * @param own pid whose edit may be taken back although it lives
 * @throws UserError `busy` when another process is at it
 */
export async function recoverEdit(folder: string, own?: number): Promise<Recovered | undefined> {
  const work = path.join(folder, EDIT_FOLDER);
  const text = await readFile(path.join(work, JOURNAL), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const journal = JSON.parse(text) as EditJournal;
  if (journal.pid !== own && journal.pid !== process.pid && isAlive(journal.pid)) {
    throw new UserError('busy', `${folder} is being written by another wdev (process ${journal.pid})`, {
      help: 'Wait for it, then run this again.',
    });
  }
  const left: string[] = [];
  for (const edit of journal.edits.toReversed())
    if (!(await putBack(folder, work, edit))) left.push(edit.path);
  await rm(work, { recursive: true, force: true });
  for (const name of journal.folders.toReversed())
    await rmdir(path.join(folder, name)).catch(() => undefined);
  return { did: journal.did, left };
}

async function putBack(
  folder: string,
  work: string,
  { path: name, before, after }: FileEdit,
): Promise<boolean> {
  const now = await readState(folder, name);
  if (sameState(now, before)) return true;
  if (!sameContent(now, after)) return false;
  await place(work, path.join(folder, name), before);
  return true;
}

async function place(work: string, full: string, state: FileState | undefined): Promise<void> {
  if (state === undefined) return await rm(full, { force: true });
  const made = path.join(work, 'back');
  await writeFile(made, bytesOf(state));
  await chmod(made, state.mode);
  await mkdir(path.dirname(full), { recursive: true });
  await rename(made, full);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
