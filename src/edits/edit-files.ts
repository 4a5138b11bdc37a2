/** Edits of a folder's files: all or nothing, recorded, and rolled back when they were cut off. */

import { randomUUID } from 'node:crypto';
import { rmdirSync } from 'node:fs';
import { EXIT, UserError, messageOf } from '../support/errors.ts';
import { removeFirstCommit } from '../git/first-commit.ts';
import type { ReleaseMark } from '../git/release-commit.ts';
import { edit, readState, sameContent, type FileEdit, type FileState } from './file-tree.ts';
import { halfDoneError } from './half-done.ts';
import { listenForInterrupt } from './interrupt.ts';
import { isInside, printOf, withLedger } from './ledger.ts';
import { isEmpty } from './occupied.ts';
import type { EditRecord, Ledger, Pending } from './record.ts';
import {
  clearWork,
  folderModes,
  missingFolders,
  parents,
  placeAll,
  prepare,
  putBack,
  refuseLinks,
  removeEmpty,
} from './place.ts';
import { markUnrecorded } from './unrecorded.ts';

type Write = (ledger: Ledger) => void;

/** An edit that was found half-done, and was rolled back. */
export interface Interrupted {
  readonly record: EditRecord;
  /** It was a `wdev undo`, so that what it was to roll back still stands. */
  readonly undoes: boolean;
  /** Files that were changed after the interruption: they stay as they are. */
  readonly left: readonly string[];
  /** It had made the folder, which is gone now. */
  readonly folderRemoved: boolean;
}

/**
 * Makes all edits or none, and records them for undoing. Every file must be as `before` says. The edit is written
 * down and new contents are written beside first; what remains is renaming, which no signal can come between.
 * Killed in there, the folder is half-done until `wdev undo` rolls it back.
 * @param did the command, as `wdev undo` names it
 * @param release the commit that is made of it next
 * @throws UserError `half-done`, `file-changed` when a file is not as `before` says, `write-failed` when the disk
 * refuses, `interrupted` (130) after Ctrl-C, and as withLedger; nothing is changed then
 */
export async function editFiles(
  folder: string,
  edits: readonly FileEdit[],
  did: string,
  release?: ReleaseMark,
): Promise<void> {
  if (edits.length === 0) return;
  await withLedger(folder, async (ledger, write) => {
    if (ledger.pending !== undefined) throw halfDoneError(folder, ledger.pending);
    const exact = await Promise.all(edits.map((each) => asItLies(folder, each)));
    const plain = await recordOf(folder, exact, did);
    const record = release === undefined ? plain : { ...plain, release };
    const gone = exact.filter(({ after }) => after === undefined);
    await transact(folder, { record, edits: exact, undoes: false, emptied: gone.flatMap(parents) }, write, {
      before: ledger.records,
      after: async () => [...ledger.records, record],
    });
  });
}

/**
 * As editFiles, into an empty folder: one edit with what `finish` does. Rolling it back removes the folder too, unless it
 * `stood` before.
 * @param finish gives the first commit of a repository that it made (EditRecord.whole)
 */
export async function fillFolder(
  folder: string,
  edits: readonly FileEdit[],
  did: string,
  stood: boolean,
  finish: () => Promise<string | undefined>,
): Promise<void> {
  await withLedger(folder, async (_earlier, write) => await fill(folder, edits, did, stood, finish, write));
}

/** As fillFolder, where nothing can be recorded: killed, it leaves half of the files, and a mark (unrecorded.ts). */
export async function fillUnrecorded(
  folder: string,
  edits: readonly FileEdit[],
  did: string,
  stood: boolean,
  finish: () => Promise<string | undefined>,
): Promise<void> {
  const end = markUnrecorded(folder);
  try {
    await fill(
      folder,
      edits,
      did,
      stood,
      async () => {
        // before the first commit, which must not have it
        end();
        return await finish();
      },
      () => undefined,
    );
  } catch (error) {
    end();
    if (!stood && isEmpty(folder)) rmdirSync(folder);
    throw error;
  }
}

async function fill(
  folder: string,
  edits: readonly FileEdit[],
  did: string,
  stood: boolean,
  finish: () => Promise<string | undefined>,
  write: Write,
): Promise<void> {
  const whole = stood ? { stood } : {};
  const record = { ...(await recordOf(folder, edits, did)), whole };
  await transact(folder, { record, edits, undoes: false, emptied: [] }, write, {
    before: [],
    after: async () => {
      const commit = await finish();
      return [{ ...record, whole: commit === undefined ? whole : { ...whole, commit } }];
    },
  });
}

/** Rolls the newest record back, with edits that do so; `record.folders` go when they are empty. Throws as editFiles. */
export async function editBack(
  folder: string,
  undone: EditRecord,
  edits: readonly FileEdit[],
  records: readonly EditRecord[],
  write: Write,
): Promise<void> {
  const record = await recordOf(folder, edits, undone.did);
  await transact(
    folder,
    { record, edits, undoes: true, emptied: undone.folders, modes: undone.modes },
    write,
    {
      before: records,
      after: async () => records.slice(0, -1),
    },
  );
}

/** Rolls back an edit of the folder that was cut off; undefined when there is none. For who has the ledger. */
export async function rollBackPending(
  folder: string,
  { pending, records }: Ledger,
  write: Write,
): Promise<Interrupted | undefined> {
  if (pending === undefined) return undefined;
  const { record, undoes, work } = pending;
  const left: string[] = [];
  for (const file of record.files.toReversed())
    if (!(await putBack(folder, pending, file))) left.push(file.path);
  // before it counts as done, so that nothing is left of one that is killed here
  await clearWork(folder, work);
  removeEmpty(folder, record.folders);
  const folderRemoved =
    record.whole !== undefined &&
    left.length === 0 &&
    (await removeMade(folder, record.whole.stood === true));
  write({ records });
  return { record, undoes, left, folderRemoved };
}

/** Removes a folder with nothing of the author in it. */
async function removeMade(folder: string, stood: boolean): Promise<boolean> {
  try {
    await removeFirstCommit(folder);
    if (stood) return false;
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

interface Change extends Omit<Pending, 'work'> {
  readonly edits: readonly FileEdit[];
  /** Folders that go when they are empty afterwards. */
  readonly emptied: readonly string[];
  /** Modes of the folders that have to be made. */
  readonly modes?: Readonly<Record<string, number>>;
}

async function transact(
  folder: string,
  { record, edits, undoes, emptied, modes = {} }: Change,
  write: Write,
  records: {
    readonly before: readonly EditRecord[];
    /** Called once the files are in their places. */
    readonly after: () => Promise<readonly EditRecord[]>;
  },
): Promise<void> {
  const interrupt = listenForInterrupt();
  const pending: Pending = { record, undoes, work: `.wdev/edit-${randomUUID()}` };
  let begun = false;
  try {
    for (const each of edits) await demandUnchanged(folder, each);
    write({ records: records.before, pending });
    begun = true;
    await prepare(folder, pending.work, edits);
    if (await interrupt.came()) throw interrupted(record.did);
    placeAll(folder, pending.work, edits, modes);
    removeEmpty(folder, emptied);
    const after = await records.after();
    if (await interrupt.came()) throw interrupted(record.did);
    await clearWork(folder, pending.work);
    write({ records: after });
  } catch (error) {
    if (begun) await rollBackPending(folder, { records: records.before, pending }, write);
    if (error instanceof UserError) throw error;
    throw new UserError('write-failed', `${folder} was not changed: ${messageOf(error)}`, { cause: error });
  } finally {
    await clearWork(folder, pending.work);
    interrupt.ignore();
  }
}

export async function recordOf(folder: string, edits: readonly FileEdit[], did: string): Promise<EditRecord> {
  const outside = edits.find(({ path }) => !isInside(path));
  if (outside !== undefined)
    throw new UserError('write-failed', `${folder} was not changed: ${outside.path} would be outside it`);
  return {
    did,
    at: new Date().toISOString(),
    files: edits.map(({ path, before, after }) => ({
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after: printOf(after) }),
    })),
    folders: await missingFolders(folder, edits),
    modes: await folderModes(folder, edits),
  };
}

/**
 * The edit of the file as it lies there: git knows only the exec bit of a mode, and hands out line feeds where the work
 * tree may have CRLF. The record holds what was there, so that undoing is exact.
 */
async function asItLies(folder: string, given: FileEdit): Promise<FileEdit> {
  const { path, before, after } = given;
  const now = before === undefined ? undefined : await readState(folder, path).catch(() => undefined);
  if (now === undefined || before === undefined) return given;
  const isSame = sameContent(now, before);
  if (!isSame && !hasCrlf(now, before)) return given;
  const own = isSame || after === undefined ? after : { ...after, text: after.text.replaceAll('\n', '\r\n') };
  return edit(path, now, own?.mode === before.mode ? { ...own, mode: now.mode } : own);
}

/** Whether a text is another one with CRLF at the end of each line. */
function hasCrlf(now: FileState, before: FileState): boolean {
  const areTexts = now.encoding === undefined && before.encoding === undefined;
  return areTexts && now.text === before.text.replaceAll('\n', '\r\n');
}

async function demandUnchanged(folder: string, { path, before }: FileEdit): Promise<void> {
  refuseLinks(folder, path);
  if (sameContent(await readState(folder, path), before)) return;
  throw new UserError('file-changed', `${folder}/${path} changed in the meantime; nothing was written`, {
    help: 'Run it again.',
  });
}

function interrupted(did: string): UserError {
  return new UserError('interrupted', `interrupted; ${did} changed nothing`, { exit: EXIT.interrupted });
}
