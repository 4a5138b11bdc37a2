import { mkdir, mkdtemp, readFile, rm, writeFile, chmod, rename, lstat } from 'node:fs/promises';
import path from 'node:path';
import { UserError, messageOf } from '../support/errors.ts';

/** What stands at a path: a text and its mode (0o644 or 0o755). */
export interface FileState {
  readonly text: string;
  readonly mode: number;
}

/** One file before and after; undefined where there is none. */
export interface FileEdit {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly before?: FileState;
  readonly after?: FileState;
}

/** What is kept of the last edit of a folder, so that it can be taken back: `.wdev/undo.json`. */
export interface UndoRecord {
  readonly version: 1;
  /** The command that made the edits. */
  readonly did: string;
  readonly edits: readonly FileEdit[];
}

export const UNDO_RECORD = '.wdev/undo.json';

/**
 * Makes all edits or none, and records them for undoing. Every file must stand as `before` says.
 * @throws UserError `file-changed` when one does not, `write-failed` when the disk refuses
 */
export async function editFiles(folder: string, edits: readonly FileEdit[], did: string): Promise<void> {
  if (edits.length === 0) return;
  for (const edit of edits) await demandUnchanged(folder, edit);
  const work = await mkdtemp(path.join(folder, '.wdev-edit-'));
  const done: FileEdit[] = [];
  try {
    const record: UndoRecord = { version: 1, did, edits };
    await replaceFile(work, folder, UNDO_RECORD, {
      text: `${JSON.stringify(record, undefined, 1)}\n`,
      mode: 0o644,
    });
    for (const edit of edits) {
      done.push(edit);
      await replaceFile(work, folder, edit.path, edit.after);
    }
  } catch (error) {
    for (const edit of done.toReversed())
      await replaceFile(work, folder, edit.path, edit.before).catch(() => undefined);
    throw new UserError('write-failed', `${folder} was not changed: ${messageOf(error)}`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The edits that take a record's edits back. */
export function reverseEdits({ edits }: UndoRecord): readonly FileEdit[] {
  return edits.toReversed().map(({ path, before, after }) => ({
    path,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  }));
}

async function demandUnchanged(folder: string, { path: name, before }: FileEdit): Promise<void> {
  const full = path.join(folder, name);
  const now = await readFile(full, 'utf8').catch(() => undefined);
  if (now === before?.text) return;
  throw new UserError('file-changed', `${full} was changed meanwhile; nothing was written`, {
    help: 'Run it again.',
  });
}

async function replaceFile(
  work: string,
  folder: string,
  name: string,
  state: FileState | undefined,
): Promise<void> {
  const full = path.join(folder, name);
  if (state === undefined) return await rm(full, { force: true });
  const found = await lstat(full).catch(() => undefined);
  if (found?.isDirectory() === true) throw new Error(`${name} is a folder`);
  const made = path.join(work, 'file');
  await writeFile(made, state.text);
  await chmod(made, state.mode);
  await mkdir(path.dirname(full), { recursive: true });
  await rename(made, full);
}
