/** Rolls back what the last new, add, update, migrate or check --fix wrote, exactly, or says why not. */

import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../support/run.ts';
import { UserError, messageOf } from '../support/errors.ts';
import { editBack } from './edit-files.ts';
import { recoverEdit, type Recovered } from './edit-journal.ts';
import { readState, sameContent, type FileState } from './file-state.ts';
import { UNDO_FILE, WDEV_FOLDER, parseRecords, reverseEdits, type UndoRecord } from './undo-record.ts';

/** What `wdev undo` can take back in a folder, newest last. */
export async function undoRecords(folder: string): Promise<readonly UndoRecord[]> {
  return parseRecords((await readState(folder, UNDO_FILE))?.text);
}

export interface Undone {
  readonly record: UndoRecord;
  /** Nothing is left: the folder was made by what is undone. */
  readonly folderRemoved: boolean;
  /** What was found half-done from before, and taken back first. */
  readonly recovered?: Recovered;
}

/**
 * Takes back the last recorded change of a folder, all or nothing.
 * @throws UserError `nothing-to-undo` when none is recorded, `changed-since` when a file is not as it was left
 */
export async function undoLast(folder: string): Promise<Undone> {
  const recovered = await recoverEdit(folder);
  const records = await undoRecords(folder);
  const record = records.at(-1);
  if (record === undefined) {
    throw new UserError('nothing-to-undo', `Nothing that wdev wrote in ${folder} is recorded.`, {
      help: 'wdev new, add, update, migrate and check --fix record what they write; git restore rolls back other changes.',
    });
  }
  const changed = await changedSince(folder, record);
  if (changed.length > 0) throw changedError(record, changed);
  if (record.whole === true) await removeWhole(folder);
  else await editBack(folder, record, reverseEdits(record), records.slice(0, -1));
  return { record, folderRemoved: record.whole === true, ...(recovered === undefined ? {} : { recovered }) };
}

function changedError(record: UndoRecord, changed: readonly string[]): UserError {
  const list = changed.map((line) => `\n        ${line}`).join('');
  return new UserError(
    'changed-since',
    `changed since wdev ${record.did}, so nothing was rolled back:${list}`,
    { help: 'Put that back or commit it elsewhere, and run wdev undo again.' },
  );
}

/** What is not as the change left it, as `PATH: what`. */
async function changedSince(folder: string, record: UndoRecord): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const { path: name, after } of record.edits) {
    const now = await readState(folder, name).catch((error: unknown) => messageOf(error));
    const what = typeof now === 'string' ? now : difference(after, now);
    if (what !== undefined) changed.push(`${name}: ${what}`);
  }
  if (record.whole !== true) return changed;
  return [...changed, ...(await addedSince(folder, record)), ...(await gitSince(folder, record))];
}

function difference(after: FileState | undefined, now: FileState | undefined): string | undefined {
  if (after === undefined) return now === undefined ? undefined : 'was made';
  if (now === undefined) return 'was removed';
  if (!sameContent(after, now)) return 'was edited';
  return (after.mode & 0o111) === (now.mode & 0o111) ? undefined : 'has another mode';
}

/** What runs of Python and wdev leave behind: nobody's work. */
const LEFT_BEHIND =
  /(^|\/)(__pycache__|\.pytest_cache)(\/|$)|^\.wdev\/(undo\.json|\.gitignore|preview|simulate|edit)(\/|$)/;

async function addedSince(folder: string, record: UndoRecord): Promise<readonly string[]> {
  const own = new Set(record.edits.map(({ path: name }) => name));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !own.has(name) && !LEFT_BEHIND.test(name) && !name.startsWith('.git/'));
  return names.sort().map((name) => `${name}: was added`);
}

/** The repository must hold its first commit and nothing else. */
async function gitSince(folder: string, { commit }: UndoRecord): Promise<readonly string[]> {
  const found = await readdir(path.join(folder, '.git')).catch(() => undefined);
  if (found === undefined) return [];
  if (commit === undefined) return ['.git: was added'];
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run(['git', ...args], { cwd: folder })).stdout.trim();
  if ((await git('for-each-ref', '--format=%(objectname)')) !== commit)
    return ['.git: holds more than the first commit'];
  return (await git('remote')) === '' ? [] : ['.git: has a remote'];
}

/** One rename, so that it is there or gone. */
async function removeWhole(folder: string): Promise<void> {
  const beside = await mkdtemp(path.join(path.dirname(folder), `${WDEV_FOLDER}-undo-`));
  try {
    await rename(folder, path.join(beside, 'gone'));
  } catch (error) {
    throw new UserError('write-failed', `${folder} was not removed: ${messageOf(error)}`, { cause: error });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}
