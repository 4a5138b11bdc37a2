/** Edits whose files somebody else writes, as Yeoman does: half-done until all are in their places. */

import { randomUUID } from 'node:crypto';
import { rmdirSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { readBytes } from '../support/read-file.ts';
import { isFolder, lstatOf } from '../support/stat.ts';
import { recordOf } from './edit-files.ts';
import { bytesOf, editsBetween, readTree, type FileTree } from './file-tree.ts';
import { halfDoneError } from './half-done.ts';
import { openLedger, type OpenLedger } from './ledger.ts';
import type { EditRecord, RecordedFile } from './record.ts';
import { makeFolder, notKnown } from './new-folder.ts';
import { isEmpty } from './occupied.ts';
import { parents } from './place.ts';
import { markUnrecorded, refuseUnrecorded } from './unrecorded.ts';

export interface WrittenElsewhere {
  /**
   * Ends the edit, all files being written.
   * @param finish does the rest, and gives the first commit of a repository that it made; what it throws comes out when
   *   all is recorded
   * @returns why it could not be recorded, which is no reason not to have the plugin
   */
  close(finish: () => Promise<string | undefined>): Promise<string | undefined>;
}

/**
 * Begins an edit that puts the files of `tree` into `folder`, which is made where it is not. When this process ends before
 * `close`, and something is written, the folder is half-done.
 * @throws UserError `half-done`, `write-failed`, `file-unreadable`, `damaged-record`
 */
export async function writeElsewhere(folder: string, tree: FileTree, did: string): Promise<WrittenElsewhere> {
  const full = path.resolve(folder);
  refuseUnrecorded(full);
  const isNew = isEmpty(full);
  const stood = isFolder(full);
  await makeFolder(full);
  let opened: OpenLedger;
  try {
    opened = await openLedger(full);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'no-record') throw error;
    return await beginUnrecorded(full, tree, did, isNew && !stood, notKnown(error));
  }
  try {
    return await begin(full, tree, did, opened, isNew ? { whole: stood ? { stood } : {} } : {});
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** Begins an edit of which there can be no record; `why`. */
async function beginUnrecorded(
  full: string,
  tree: FileTree,
  did: string,
  isMade: boolean,
  why: string,
): Promise<WrittenElsewhere> {
  const { files } = await recordOf(full, editsBetween(await readTree(full, tree.keys()), tree), did);
  const end = markUnrecorded(full);
  const abandon = (): void => {
    if (!files.every((file) => isUntouched(full, file))) return;
    end();
    if (isMade && isEmpty(full)) rmdirSync(full);
  };
  process.once('exit', abandon);
  return {
    close: async (finish) => {
      process.off('exit', abandon);
      // before the first commit, which must not have it
      end();
      await finish();
      return why;
    },
  };
}

async function begin(
  full: string,
  tree: FileTree,
  did: string,
  { ledger, write, close }: OpenLedger,
  made: Pick<EditRecord, 'whole'>,
): Promise<WrittenElsewhere> {
  if (ledger.pending !== undefined) throw halfDoneError(full, ledger.pending);
  // what was recorded of another folder that stood here is over
  const records = made.whole === undefined ? ledger.records : [];
  const before = await readTree(full, tree.keys());
  const record = { ...(await recordOf(full, editsBetween(before, tree), did)), ...made };
  write({
    records,
    pending: { record, undoes: false, work: `.wdev/edit-${randomUUID()}`, inPlace: true },
  });
  const abandon = (): void => {
    if (record.files.every((file) => isUntouched(full, file))) {
      write({ records });
      if (record.whole !== undefined && record.whole.stood !== true) rmdirSync(full);
    }
    close();
  };
  process.once('exit', abandon);
  return {
    close: async (finish) => {
      try {
        const edits = editsBetween(before, await readTree(full, tree.keys()));
        const written = { ...(await recordOf(full, edits, did)), ...made };
        const folders = foldersOf(written, record.folders);
        let commit: string | undefined;
        try {
          commit = await finish();
        } finally {
          const whole = { ...made.whole, ...(commit === undefined ? {} : { commit }) };
          const done = { ...written, folders, ...(made.whole === undefined ? {} : { whole }) };
          write({ records: edits.length === 0 ? records : [...records, done] });
        }
        return undefined;
      } finally {
        process.off('exit', abandon);
        close();
      }
    },
  };
}

/** Of the folders that were missing, those of files that were written. */
function foldersOf({ files }: EditRecord, missing: readonly string[]): readonly string[] {
  const made = new Set(files.flatMap(parents));
  return missing.filter((name) => made.has(name));
}

function isUntouched(folder: string, { path: name, before }: RecordedFile): boolean {
  const full = path.join(folder, name);
  const found = lstatOf(full);
  if (before === undefined || found === undefined) return before === found;
  return found.isFile() && readBytes(full).equals(bytesOf(before));
}
