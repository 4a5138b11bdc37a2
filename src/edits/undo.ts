/** Rolls back the last edit of a folder, exactly, or says why not. */

import { existsSync, realpathSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UserError, messageOf } from '../support/errors.ts';
import { gitIn } from '../git/call.ts';
import { hasRemote } from '../git/head.ts';
import { refuseUndoneRelease, unmakeRelease } from '../git/release-commit.ts';
import { findRepository } from '../git/repository.ts';
import { besideFolder } from './beside.ts';
import { editBack, rollBackPending, type Interrupted } from './edit-files.ts';
import { edit, readState, type FileEdit, type FileState } from './file-tree.ts';
import { hasContent, withLedger } from './ledger.ts';
import type { EditRecord, FilePrint } from './record.ts';
import { append } from '../support/append.ts';

export interface Undone {
  readonly record: EditRecord;
  /** Nothing is left: the folder was made by what is rolled back. */
  readonly folderRemoved: boolean;
  /** The interrupted edit that was found and rolled back: alone, or if it was an undo, before it was begun again. */
  readonly interrupted?: Interrupted;
}

/**
 * Rolls back the last edit of a folder, all or nothing. If that was interrupted, it is rolled back as far as it came,
 * and no earlier one.
 * @throws UserError `nothing-to-undo` when none is recorded, `changed-since` when a file is not as it was left, and as
 *   refuseUndoneRelease for a release
 */
export async function undoLast(given: string): Promise<Undone> {
  // the folder itself, where a link was named
  const folder = existsSync(given) ? realpathSync(given) : given;
  return await withLedger(folder, async (ledger, write) => {
    const interrupted = await rollBackPending(folder, ledger, write);
    if (interrupted?.undoes === false) {
      return { record: interrupted.record, folderRemoved: interrupted.folderRemoved, interrupted };
    }
    const record = ledger.records.at(-1);
    if (record === undefined) throw nothingRecorded(folder);
    const { edits, changed } = await reverse(folder, record);
    if (changed.length > 0) throw changedSince(record, changed);
    await takeBackCommit(folder, record);
    if (record.whole === undefined) await editBack(folder, record, edits, ledger.records, write);
    else {
      await removeWhole(folder);
      write({ records: [] });
    }
    const folderRemoved = record.whole !== undefined;
    return { record, folderRemoved, ...(interrupted === undefined ? {} : { interrupted }) };
  });
}

/** Before the files: what is cut off in between is an edit that was not committed. */
async function takeBackCommit(folder: string, { release }: EditRecord): Promise<void> {
  const repository = release === undefined ? undefined : findRepository(folder);
  if (release === undefined || repository === undefined) return;
  await refuseUndoneRelease(repository, release);
  await unmakeRelease(repository, release);
}

function nothingRecorded(folder: string): UserError {
  return new UserError('nothing-to-undo', `nothing to undo in ${folder}`, {
    help: 'wdev undo rolls back what wdev wrote. Name the folder of the plugin: wdev undo FOLDER',
  });
}

function changedSince(record: EditRecord, changed: readonly string[]): UserError {
  const list = changed.map((line) => `\n        ${line}`).join('');
  return new UserError(
    'changed-since',
    `changed since wdev ${record.did}, so nothing was rolled back:${list}`,
    { help: 'Revert these changes, or commit them elsewhere, and run wdev undo again.' },
  );
}

/** The edits that roll a record back, and what is not as it was left, as `PATH: what`. */
async function reverse(
  folder: string,
  record: EditRecord,
): Promise<{ readonly edits: readonly FileEdit[]; readonly changed: readonly string[] }> {
  const changed: string[] = [];
  const edits: FileEdit[] = [];
  for (const { path: name, before, after } of record.files.toReversed()) {
    const now = await readState(folder, name).catch((error: unknown) => messageOf(error));
    const what = typeof now === 'string' ? now : difference(after, now);
    if (what !== undefined) changed.push(`${name}: ${what}`);
    if (typeof now !== 'string') edits.push(edit(name, now, before));
  }
  if (record.whole !== undefined) {
    append(changed, await addedSince(folder, record));
    append(changed, await gitSince(folder, record.whole));
  }
  return { edits, changed };
}

function difference(after: FilePrint | undefined, now: FileState | undefined): string | undefined {
  if (after === undefined) return now === undefined ? undefined : 'was made';
  if (now === undefined) return 'was removed';
  if (!hasContent(now, after)) return 'was edited';
  return (after.mode & 0o111) === (now.mode & 0o111) ? undefined : 'has another mode';
}

/** Files that runs of Python and wdev leave behind: nobody's work. */
const LEFT_BEHIND = /(^|\/)(__pycache__|\.pytest_cache)(\/|$)|^\.wdev\/(preview|simulate|edit-[\w-]+)(\/|$)/;

async function addedSince(folder: string, record: EditRecord): Promise<readonly string[]> {
  const own = new Set(record.files.map(({ path: name }) => name));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !own.has(name) && !LEFT_BEHIND.test(name) && !name.startsWith('.git/'))
    // a stack is one thing, not its thousand files
    .map((name) => /^\.wdev\/[^/]+/.exec(name)?.[0] ?? name);
  return [...new Set(names)].sort().map((name) => `${name}: was added`);
}

/** The repository must hold its first commit and nothing else. */
async function gitSince(
  folder: string,
  { commit }: { readonly commit?: string },
): Promise<readonly string[]> {
  const found = await readdir(path.join(folder, '.git')).catch(() => undefined);
  if (found === undefined) return [];
  if (commit === undefined) return ['.git: was added'];
  const { stdout } = await gitIn(folder, ['for-each-ref', '--format=%(objectname)']);
  if (stdout.trim() !== commit) return ['.git: holds more than the first commit'];
  return hasRemote(folder) ? ['.git: has a remote'] : [];
}

/** One rename, so that it is there or gone. */
async function removeWhole(folder: string): Promise<void> {
  const beside = await besideFolder(path.dirname(folder), 'undo');
  try {
    await rename(folder, path.join(beside, 'gone'));
  } catch (error) {
    throw new UserError('write-failed', `${folder} was not removed: ${messageOf(error)}`, { cause: error });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}
