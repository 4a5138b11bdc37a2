/** How files get into their places, and back. */

import { chmodSync, renameSync, rmSync, rmdirSync } from 'node:fs';
import { chmod, lstat, rename, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lstatOf } from '../support/stat.ts';
import { bytesOf, readState, sameState, type FileEdit, type FileState } from './file-tree.ts';
import { hasContent } from './ledger.ts';
import type { Pending, RecordedFile } from './record.ts';
import { makeFolders } from '../support/make-folders.ts';

type Modes = Readonly<Record<string, number>>;

/** Writes every content that is to come into the folder of the work, under its number. */
export async function prepare(folder: string, work: string, edits: readonly FileEdit[]): Promise<void> {
  await makeWork(folder, work);
  for (const [at, { after }] of edits.entries())
    if (after !== undefined) await writeState(path.join(folder, work, String(at)), after);
}

/**
 * Renames what was prepared into its places; synchronous, so that no signal's handler runs in between. Throws where
 * somebody put a link in the way meanwhile.
 */
export function placeAll(folder: string, work: string, edits: readonly FileEdit[], modes: Modes): void {
  for (const [at, change] of edits.entries()) {
    refuseLinks(folder, change.path);
    refuseLinks(folder, `${work}/${at}`);
    const full = path.join(folder, change.path);
    if (change.after === undefined) {
      rmSync(full, { force: true });
      continue;
    }
    makeParents(folder, change, modes);
    renameSync(path.join(folder, work, String(at)), full);
  }
}

/** Puts a file back to what it was before an edit; false when it was changed by somebody else since. */
export async function putBack(
  folder: string,
  { work, record: { modes }, inPlace }: Pending,
  file: RecordedFile,
): Promise<boolean> {
  const full = path.join(folder, file.path);
  // also where what would be its folder is a file
  if (file.before === undefined && lstatOf(full) === undefined) return true;
  try {
    refuseLinks(folder, file.path);
    const now = await readState(folder, file.path);
    if (sameState(now, file.before)) return true;
    const isCutOff = inPlace === true && now?.text === '';
    if (!isCutOff && !hasContent(now, file.after)) return false;
  } catch {
    return false;
  }
  if (file.before === undefined) {
    await rm(full, { force: true });
    return true;
  }
  await makeWork(folder, work);
  const back = path.join(folder, work, 'back');
  await rm(back, { force: true });
  await writeState(back, file.before);
  makeParents(folder, file, modes);
  await rename(back, full);
  return true;
}

/** The folder of the work; git lists none of it, should it be left there. */
async function makeWork(folder: string, work: string): Promise<void> {
  refuseLinks(folder, `${work}/0`);
  makeFolders(path.join(folder, work));
  await writeFile(path.join(folder, work, '.gitignore'), '*\n');
}

/** Removes the work of an edit, and `.wdev` when nothing else is in it. */
export async function clearWork(folder: string, work: string): Promise<void> {
  try {
    refuseLinks(folder, `${work}/0`);
    await rm(path.join(folder, work), { recursive: true, force: true });
    await rmdir(path.join(folder, path.dirname(work)));
  } catch {
    // .wdev holds something else, or is gone
  }
}

/** Throws where a folder on the way to a file is a link, which may lead out of the plugin, or is no folder. */
export function refuseLinks(folder: string, name: string): void {
  for (const part of parents({ path: name })) {
    const found = lstatOf(path.join(folder, part));
    if (found === undefined) return;
    if (found.isSymbolicLink()) throw new Error(`${path.join(folder, part)} is a symlink`);
    if (!found.isDirectory()) throw new Error(`${path.join(folder, part)} is not a folder`);
  }
}

/** The folders of a file, outermost first. */
export function parents({ path: name }: Pick<FileEdit, 'path'>): readonly string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_part, at) => parts.slice(0, at + 1).join('/'));
}

/** Folders of the edits' files that do not exist yet, outermost first. */
export async function missingFolders(folder: string, edits: readonly FileEdit[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const name of foldersOf(edits))
    if ((await lstat(path.join(folder, name)).catch(() => undefined)) === undefined) missing.push(name);
  return missing;
}

/** Modes of the folders from which files are removed. */
export async function folderModes(folder: string, edits: readonly FileEdit[]): Promise<Modes> {
  const modes: Record<string, number> = {};
  for (const name of foldersOf(edits.filter(({ after }) => after === undefined))) {
    const found = await lstat(path.join(folder, name)).catch(() => undefined);
    if (found !== undefined) modes[name] = found.mode & 0o7777;
  }
  return modes;
}

/** Removes the folders that are empty; the others stay. */
export function removeEmpty(folder: string, names: readonly string[]): void {
  for (const name of [...new Set(names)].sort().toReversed()) {
    try {
      refuseLinks(folder, name);
      rmdirSync(path.join(folder, name));
    } catch {
      // it holds something, is gone, or lies elsewhere
    }
  }
}

function foldersOf(edits: readonly FileEdit[]): readonly string[] {
  return [...new Set(edits.flatMap(parents))].sort();
}

function makeParents(folder: string, file: Pick<FileEdit, 'path'>, modes: Modes): void {
  for (const name of parents(file)) {
    if (makeFolders(path.join(folder, name)) === undefined) continue;
    const mode = modes[name];
    if (mode !== undefined) chmodSync(path.join(folder, name), mode);
  }
}

async function writeState(file: string, state: FileState): Promise<void> {
  if (state.encoding === 'link') return await symlink(state.text, file);
  await writeFile(file, bytesOf(state), { flag: 'wx' });
  await chmod(file, state.mode);
}
