/** Puts a new plugin on disk. */

import path from 'node:path';
import { UserError, messageOf } from '../support/errors.ts';
import { isFolder } from '../support/stat.ts';
import { editFiles, fillFolder, fillUnrecorded } from './edit-files.ts';
import { editsBetween, readTree, type FileTree } from './file-tree.ts';
import { isEmpty, refuseOccupied } from './occupied.ts';
import { makeFolders } from '../support/make-folders.ts';

/**
 * Writes the files below `folder`, and lets `finish` do the rest. In a new folder that is one edit: killed before its
 * end, it is half-done (edit-files.ts), and nothing lies beside it. In one that holds something, other files stay.
 * @param finish gives the first commit of a repository that it made; what it throws comes out when all is recorded
 * @returns why it could not be recorded, which is no reason not to have the plugin
 * @throws UserError `usage`, and as editFiles; nothing is changed then
 */
export async function writeTree(
  folder: string,
  tree: FileTree,
  force: boolean,
  finish: () => Promise<string | undefined>,
): Promise<string | undefined> {
  refuseOccupied(folder, force);
  const full = path.resolve(folder);
  if (!isEmpty(full)) {
    await editFiles(full, editsBetween(await readTree(full, tree.keys()), tree), 'new');
    await finish();
    return undefined;
  }
  const failures: unknown[] = [];
  const finishLater = async (): Promise<string | undefined> =>
    await finish().catch((error: unknown) => {
      failures.push(error);
      return undefined;
    });
  const edits = editsBetween(new Map(), tree);
  let unrecorded: string | undefined;
  const stood = isFolder(full);
  await makeFolder(folder);
  try {
    await fillFolder(full, edits, 'new', stood, finishLater);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'no-record' || !isEmpty(full)) throw error;
    unrecorded = notKnown(error);
    await fillUnrecorded(full, edits, 'new', stood, finishLater);
  }
  if (failures.length > 0) throw failures[0];
  return unrecorded;
}

/** Throws UserError `write-failed`. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    makeFolders(folder);
  } catch (error) {
    throw new UserError('write-failed', `${folder} was not written: ${messageOf(error)}`, {
      help: 'Nothing was changed.',
      cause: error,
    });
  }
}

export function notKnown(error: unknown): string {
  return `wdev undo will not know of it: ${messageOf(error)}`;
}
