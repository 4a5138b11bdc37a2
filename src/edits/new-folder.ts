/** Puts a new plugin on disk: all of it or nothing. */

import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UserError, messageOf } from '../support/errors.ts';
import { besideFolder } from './beside.ts';
import { editFiles } from './edit-files.ts';
import { editsBetween, readTree, type FileTree } from './file-tree.ts';
import { printOf, withLedger, type EditRecord } from './ledger.ts';
import { isEmpty, refuseOccupied } from './occupied.ts';
import { placeNew } from './place.ts';

/**
 * Writes the files below `folder`. A new folder is made beside its place and renamed into it; in one that holds
 * something, other files stay, and the edit is recorded (edit-files.ts).
 * @returns whether the folder is new; recordNew then records it
 * @throws UserError `usage`, `write-failed`, and as editFiles; nothing is changed then
 */
export async function writeTree(folder: string, tree: FileTree, force: boolean): Promise<boolean> {
  await refuseOccupied(folder, force);
  const full = path.resolve(folder);
  if (!(await isEmpty(full))) {
    await editFiles(full, editsBetween(await readTree(full, tree.keys()), tree), 'new');
    return false;
  }
  const parent = path.dirname(full);
  let beside: string | undefined;
  try {
    await mkdir(parent, { recursive: true });
    beside = await besideFolder(parent, 'new');
    await placeNew(path.join(beside, 'new'), tree);
    // rename(2) replaces an empty folder, so there is no moment at which half of it can be seen
    await rename(path.join(beside, 'new'), full);
    return true;
  } catch (error) {
    throw new UserError('write-failed', `${folder} was not written: ${messageOf(error)}`, {
      help: 'Nothing was changed.',
      cause: error,
    });
  } finally {
    if (beside !== undefined) await rm(beside, { recursive: true, force: true });
  }
}

/**
 * Records a new folder, so that `wdev undo` removes it with everything in it.
 * @param commit the first commit of the repository in it (git/first-commit.ts)
 * @returns why it could not be recorded, which is no reason not to have the plugin
 */
export async function recordNew(
  folder: string,
  tree: FileTree,
  commit: string | undefined,
): Promise<string | undefined> {
  const record: EditRecord = {
    did: 'new',
    at: new Date().toISOString(),
    files: [...tree].map(([name, state]) => ({ path: name, after: printOf(state) })),
    folders: [],
    modes: {},
    whole: commit === undefined ? {} : { commit },
  };
  try {
    await withLedger(folder, async (_before, write) => write({ records: [record] }));
    return undefined;
  } catch (error) {
    return `wdev undo will not know of it: ${messageOf(error)}`;
  }
}
