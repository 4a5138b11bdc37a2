import { accessSync, constants, readdirSync, type Stats } from 'node:fs';
import path from 'node:path';
import { refusalOf, usageError } from '../support/errors.ts';
import { systemPath } from '../support/file-name.ts';
import { lstatOf } from '../support/stat.ts';

/** Throws UserError `usage` when the folder holds something (or is no folder) and `force` is not set. */
export function refuseOccupied(folder: string, force: boolean): void {
  const problem = occupation(folder, force);
  if (problem === undefined) return;
  const help = 'Choose another name, or write into this folder with --force (wdev undo rolls that back).';
  throw usageError(problem, entryAt(folder)?.isDirectory() === true ? help : undefined);
}

/**
 * Refuses a folder, there or not yet, that nothing can be written into: before questions are asked.
 * @throws UserError `refused`
 */
export function refuseUnwritable(folder: string): void {
  const full = path.resolve(folder);
  if (entryAt(full) === undefined && path.dirname(full) !== full) return refuseUnwritable(path.dirname(full));
  try {
    accessSync(systemPath(full), constants.W_OK | constants.X_OK);
  } catch (error) {
    const refusal = refusalOf(error);
    // what else is wrong with it, writing tells
    if (refusal !== undefined) throw refusal;
  }
}

/** The reason not to write into a folder, as a sentence without a full stop; undefined when there is none. */
export function occupation(folder: string, force: boolean): string | undefined {
  const found = entryAt(folder);
  if (found === undefined) return undefined;
  if (!found.isDirectory()) return `${folder} exists and is not a folder`;
  return force || isEmpty(folder) ? undefined : `${folder} exists and is not empty`;
}

/** The entry at a path. An error of looking is one of writing too, and shown then. */
function entryAt(folder: string): Stats | undefined {
  try {
    return lstatOf(folder);
  } catch {
    return undefined;
  }
}

/** Whether nothing is in a folder, or there is none. */
export function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return true;
  }
}
