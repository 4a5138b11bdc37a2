/** Puts a rendered plugin on disk: all of it or nothing. */

import { chmod, lstat, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError, messageOf, usageError } from '../support/errors.ts';
import type { RenderedFile } from './render.ts';

/** Throws UserError `usage` when the folder holds something (or is no folder) and `force` is not set. */
export async function refuseOccupied(folder: string, force: boolean): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) throw usageError(`${folder} exists and is not a folder`);
  if (force || (await readdir(folder)).length === 0) return;
  throw usageError(`${folder} exists and is not empty`, 'Name another folder, or --force to write into it.');
}

/**
 * Writes the files below `folder`. They are made in a new folder beside it and then moved into place; when a
 * step fails, what stood there before is put back. Files of an existing folder that are not ours stay.
 */
export async function writeFiles(
  folder: string,
  files: readonly RenderedFile[],
  force: boolean,
): Promise<void> {
  await refuseOccupied(folder, force);
  const parent = path.dirname(path.resolve(folder));
  let work: string | undefined;
  try {
    await mkdir(parent, { recursive: true });
    work = await mkdtemp(path.join(parent, '.wdev-new-'));
    await fill(path.join(work, 'new'), files);
    const occupied = (await readdir(folder).catch(() => [])).length > 0;
    if (occupied) await moveInto(path.join(work, 'new'), path.resolve(folder), path.join(work, 'old'), files);
    else await takePlace(path.join(work, 'new'), path.resolve(folder));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('write-failed', `${folder} was not written: ${messageOf(error)}`, {
      help: 'Nothing was changed.',
      cause: error,
    });
  } finally {
    if (work !== undefined) await rm(work, { recursive: true, force: true });
  }
}

async function fill(folder: string, files: readonly RenderedFile[]): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  for (const file of files) {
    const target = path.join(folder, file.path);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, file.content, { flag: 'wx' });
    await chmod(target, file.mode);
  }
}

/** rename(2) replaces an empty folder, so there is no moment at which half of it can be seen. */
async function takePlace(made: string, folder: string): Promise<void> {
  await rename(made, folder);
}

async function moveInto(
  made: string,
  folder: string,
  kept: string,
  files: readonly RenderedFile[],
): Promise<void> {
  const done: { readonly target: string; readonly backup: string | undefined }[] = [];
  const madeFolders: string[] = [];
  try {
    for (const file of files) await refuseLinks(folder, path.posix.dirname(file.path));
    for (const file of files) {
      const target = path.join(folder, file.path);
      const first = await mkdir(path.dirname(target), { recursive: true });
      if (first !== undefined) madeFolders.push(first);
      const backup = (await exists(target)) ? path.join(kept, file.path) : undefined;
      if (backup !== undefined) {
        await mkdir(path.dirname(backup), { recursive: true });
        await rename(target, backup);
      }
      done.push({ target, backup });
      await rename(path.join(made, file.path), target);
    }
  } catch (error) {
    for (const { target, backup } of done.toReversed()) {
      await rm(target, { force: true });
      if (backup !== undefined) await rename(backup, target);
    }
    for (const folder of madeFolders.toReversed()) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A folder that is a link leads somewhere else: what belongs into this plugin would be written there. */
async function refuseLinks(folder: string, inner: string): Promise<void> {
  const steps = inner === '.' ? [] : inner.split('/');
  for (let depth = 1; depth <= steps.length; depth += 1) {
    const at = path.join(folder, ...steps.slice(0, depth));
    if ((await lstat(at).catch(() => undefined))?.isSymbolicLink() === true)
      throw usageError(`${at} is a symbolic link`, 'Nothing is written through one.');
  }
}

async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}
