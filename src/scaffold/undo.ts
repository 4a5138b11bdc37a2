import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { UNDO_RECORD, editFiles, reverseEdits, type UndoRecord } from './edit-files.ts';

/**
 * Takes back the last recorded edit of a folder, all or nothing.
 * @throws UserError `nothing-to-undo` when none is recorded, `file-changed` when a file was changed since
 */
export async function undoLast(folder: string): Promise<UndoRecord> {
  const file = path.join(folder, UNDO_RECORD);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new UserError('nothing-to-undo', `Nothing that wdev wrote in ${folder} is recorded.`, {
      help: 'wdev migrate records what it writes; for anything else, git restore takes changes back.',
    });
  }
  const record = JSON.parse(text) as UndoRecord;
  await editFiles(folder, reverseEdits(record), `undo of ${record.did}`);
  // an undo is not undone by the next one
  await rm(file);
  return record;
}
