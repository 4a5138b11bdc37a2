/** Edits of files, all or nothing, with a record that `wdev undo` takes back. */

import { mkdir, rm, writeFile, chmod, lstat, open } from 'node:fs/promises';
import { mkdirSync, renameSync, rmSync, rmdirSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError, messageOf } from '../support/errors.ts';
import { EDIT_FOLDER, JOURNAL, recoverEdit, type EditJournal } from './edit-journal.ts';
import { bytesOf, readState, sameContent } from './file-state.ts';
import {
  UNDO_FILE,
  WDEV_IGNORE,
  edit,
  parseRecords,
  undoText,
  type FileEdit,
  type UndoRecord,
} from './undo-record.ts';

/**
 * Makes all edits or none, and records them for undoing. Every file must stand as `before` says. New contents are
 * written beside first; what remains is renaming, which no signal can come between. Killed in there, the next
 * wdev in this folder takes it back (edit-journal.ts).
 * @throws UserError `file-changed` when a file is not as `before` says, `write-failed` when the disk refuses,
 * `interrupted` (130) after Ctrl-C; nothing is changed then
 */
export async function editFiles(folder: string, edits: readonly FileEdit[], did: string): Promise<void> {
  if (edits.length === 0) return;
  await recoverEdit(folder);
  const undo = await readState(folder, UNDO_FILE);
  const ignore = (await readState(folder, WDEV_IGNORE.path)) === undefined;
  const exact = await Promise.all(edits.map((each) => withTrueMode(folder, each)));
  const all = ignore
    ? [...exact, edit(WDEV_IGNORE.path, undefined, { text: WDEV_IGNORE.text, mode: 0o644 })]
    : exact;
  const record: UndoRecord = {
    did,
    edits: all,
    folders: await missingFolders(folder, [...all.map(({ path: name }) => name), UNDO_FILE]),
  };
  const text = undoText([...parseRecords(undo?.text), record]);
  await transact(
    folder,
    record,
    edit(UNDO_FILE, undo, text === undefined ? undefined : { text, mode: 0o644 }),
  );
}

/** Takes the newest record back; `rest` are the records that stay. Throws as editFiles. */
export async function editBack(
  folder: string,
  record: UndoRecord,
  edits: readonly FileEdit[],
  rest: readonly UndoRecord[],
): Promise<void> {
  const undo = await readState(folder, UNDO_FILE);
  const text = undoText(rest);
  const made = await missingFolders(
    folder,
    edits.map(({ path: name }) => name),
  );
  const back: UndoRecord = { did: `undo of ${record.did}`, edits, folders: made };
  const last = edit(UNDO_FILE, undo, text === undefined ? undefined : { text, mode: 0o644 });
  await transact(folder, back, last, record.folders);
}

async function transact(
  folder: string,
  record: UndoRecord,
  undo: FileEdit,
  unmake: readonly string[] = [],
): Promise<void> {
  const interrupt = listenForInterrupt();
  const work = path.join(folder, EDIT_FOLDER);
  let empty = record.folders;
  try {
    for (const each of record.edits) await demandUnchanged(folder, each);
    const edits = [...record.edits, undo];
    const journal: EditJournal = { pid: process.pid, did: record.did, edits, folders: record.folders };
    await prepare(work, edits, journal);
    if (await interrupt.came()) throw interrupted(record.did);
    commit(folder, work, edits);
    if (await interrupt.came()) throw interrupted(record.did);
    unlinkSync(path.join(work, JOURNAL));
    empty = [...foldersOf(record.edits), ...unmake];
  } catch (error) {
    await recoverEdit(folder, process.pid);
    if (error instanceof UserError) throw error;
    throw new UserError('write-failed', `${folder} was not changed: ${messageOf(error)}`, { cause: error });
  } finally {
    interrupt.ignore();
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
    removeEmpty(folder, empty);
  }
}

/** What git knows of a mode is the exec bit; the record holds the whole mode, so that undoing is exact. */
async function withTrueMode(folder: string, given: FileEdit): Promise<FileEdit> {
  const { path: name, before, after } = given;
  const now = before === undefined ? undefined : await readState(folder, name);
  if (now === undefined || before === undefined || !sameContent(now, before)) return given;
  return edit(name, now, after?.mode === before.mode ? { ...after, mode: now.mode } : after);
}

/** Writes everything that is to come beside, and last of all the journal: before it nothing is changed. */
async function prepare(work: string, edits: readonly FileEdit[], journal: EditJournal): Promise<void> {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  for (const [at, { after }] of edits.entries()) {
    if (after === undefined) continue;
    const file = path.join(work, String(at));
    await writeFile(file, bytesOf(after));
    await chmod(file, after.mode);
  }
  const draft = await open(path.join(work, 'draft'), 'w');
  await draft.writeFile(JSON.stringify(journal));
  await draft.sync();
  await draft.close();
  renameSync(path.join(work, 'draft'), path.join(work, JOURNAL));
}

/** Synchronous, so that no signal's handler runs in between. */
function commit(folder: string, work: string, edits: readonly FileEdit[]): void {
  for (const [at, { path: name, after }] of edits.entries()) {
    const full = path.join(folder, name);
    if (after === undefined) {
      rmSync(full, { force: true });
      continue;
    }
    mkdirSync(path.dirname(full), { recursive: true });
    renameSync(path.join(work, String(at)), full);
  }
}

async function demandUnchanged(folder: string, { path: name, before, after }: FileEdit): Promise<void> {
  const full = path.join(folder, name);
  await refuseLinkedFolder(folder, name);
  if (after?.encoding === 'link') throw new Error(`${full} is a link`);
  const now = await readState(folder, name);
  if (sameContent(now, before)) return;
  throw new UserError('file-changed', `${full} was changed meanwhile; nothing was written`, {
    help: 'Run it again.',
  });
}

/** A folder that is a link may lead out of the plugin. */
async function refuseLinkedFolder(folder: string, name: string): Promise<void> {
  const parts = name.split('/').slice(0, -1);
  for (const [at] of parts.entries()) {
    const part = path.join(folder, ...parts.slice(0, at + 1));
    const found = await lstat(part).catch(() => undefined);
    if (found === undefined) return;
    if (found.isSymbolicLink()) throw new Error(`${part} is a symbolic link`);
    if (!found.isDirectory()) throw new Error(`${part} is not a folder`);
  }
}

function foldersOf(edits: readonly FileEdit[]): readonly string[] {
  const gone = edits.filter(({ after }) => after === undefined).map(({ path: name }) => name);
  return [...new Set(gone.flatMap(parents))].sort();
}

function parents(name: string): readonly string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_part, at) => parts.slice(0, at + 1).join('/'));
}

/** Folders of the given files that do not exist yet, outermost first. */
async function missingFolders(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const name of [...new Set(names.flatMap(parents))].sort())
    if ((await lstat(path.join(folder, name)).catch(() => undefined)) === undefined) missing.push(name);
  return missing;
}

/** Removes the folders that are empty now; the others stay. */
function removeEmpty(folder: string, names: readonly string[]): void {
  for (const name of [...new Set(names)].sort().toReversed()) {
    try {
      rmdirSync(path.join(folder, name));
    } catch {
      // it holds something, or is gone
    }
  }
}

interface Interrupt {
  /** Whether a signal asked to end, as far as it was heard until now. */
  came(): Promise<boolean>;
  ignore(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function listenForInterrupt(): Interrupt {
  let heard = false;
  const hear = (): void => void (heard = true);
  for (const signal of SIGNALS) process.on(signal, hear);
  return {
    async came() {
      // signals are handed over between turns of the event loop
      await new Promise((resolve) => setImmediate(resolve));
      return heard;
    },
    ignore() {
      for (const signal of SIGNALS) process.off(signal, hear);
    },
  };
}

function interrupted(did: string): UserError {
  return new UserError('interrupted', `interrupted; ${did} changed nothing`, { exit: EXIT.interrupted });
}
