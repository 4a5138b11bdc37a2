/** A folder in which a command of wdev was cut off: nobody takes what is there for a plugin. */

import { UserError } from '../support/errors.ts';
import { typedPath } from '../support/quote.ts';
import { editorOf, readLedger } from './ledger.ts';
import type { Pending } from './record.ts';
import { refuseUnrecorded, unrecordedEditor } from './unrecorded.ts';

/**
 * Refuses a folder in which an edit was cut off, or is under way.
 * @throws UserError `half-done` with what to do about it; `damaged-record`
 */
export function refuseHalfDone(folder: string): void {
  const { pending } = readLedger(folder);
  if (pending === undefined) {
    refuseUnrecorded(folder);
    return;
  }
  const editor = editorOf(folder);
  // it may have ended just now
  if (editor === undefined && readLedger(folder).pending === undefined) return;
  throw halfDoneError(folder, pending, editor);
}

/** Why the folder must not be read now, in a sentence; undefined when it may be. */
export function halfDoneReason(folder: string): string | undefined {
  try {
    refuseHalfDone(folder);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.code === 'no-such-folder') return undefined;
    if (isBeingEdited(folder)) return `waiting: ${error.message}`;
    return error.help === undefined ? error.message : `${error.message}. ${error.help}`;
  }
}

/** Whether a command of wdev writes into the folder just now. */
export function isBeingEdited(folder: string): boolean {
  return (editorOf(folder) ?? unrecordedEditor(folder)) !== undefined;
}

export function halfDoneError(folder: string, { record, undoes }: Pending, editor?: number): UserError {
  const what = `wdev ${undoes ? 'undo of ' : ''}${record.did}`;
  const where = typedPath(folder);
  if (editor !== undefined)
    return new UserError('half-done', `wdev is writing into ${where} now (process ${editor})`, {
      help: 'Run this again once that has ended.',
    });
  return new UserError('half-done', `${what} was cut off in ${where}, and left it half-done`, {
    help: `Roll it back: wdev undo ${where}`,
  });
}
