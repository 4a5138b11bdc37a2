/**
 * Edits that cannot be recorded, as of a yo that root runs: it drops root's rights, and root's state folder with them. A
 * file in the folder says that one is under way, for as long as it is. Nothing is rolled back by it.
 */

import { rmSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { UserError, messageOf } from '../support/errors.ts';
import { holdLock, lockOwner } from '../support/lock.ts';
import { typedPath } from '../support/quote.ts';
import { lstatOf } from '../support/stat.ts';
import { refuseLinks } from './place.ts';

const MARK = '.wdev/unrecorded';

/**
 * Marks a folder until what it returns is called: killed before that, it is half there.
 * @throws UserError `half-done`, `write-failed`
 */
export function markUnrecorded(folder: string): () => void {
  refuseUnrecorded(folder);
  const file = path.join(folder, MARK);
  let isMine: boolean;
  try {
    refuseLinks(folder, MARK);
    isMine = holdLock(file);
  } catch (error) {
    throw new UserError('write-failed', `${folder} was not changed: ${messageOf(error)}`, { cause: error });
  }
  // another began meanwhile
  if (!isMine) return markUnrecorded(folder);
  return () => {
    rmSync(file, { force: true });
    try {
      rmdirSync(path.dirname(file));
    } catch {
      // it holds something else
    }
  };
}

/**
 * Refuses a folder with such a mark.
 * @throws UserError `half-done`
 */
export function refuseUnrecorded(folder: string): void {
  const file = path.join(folder, MARK);
  if (lstatOf(file) === undefined) return;
  const where = typedPath(folder);
  const writer = unrecordedEditor(folder);
  if (writer !== undefined)
    throw new UserError('half-done', `wdev is writing into ${where} now (process ${writer})`, {
      help: 'Run this again once that has ended.',
    });
  throw new UserError(
    'half-done',
    `what wrote ${where} was cut off, left it half-done, and recorded nothing`,
    {
      help: `Remove it, and make it again. If you are sure that all of it is there: rm ${typedPath(file)}`,
    },
  );
}

/** Process number of who writes into the folder without a record now. */
export function unrecordedEditor(folder: string): number | undefined {
  return lockOwner(path.join(folder, MARK));
}
