import { readdirSync, type Stats } from 'node:fs';
import { usageError } from '../support/errors.ts';
import { lstatOf } from '../support/stat.ts';

/** Throws UserError `usage` when the folder holds something (or is no folder) and `force` is not set. */
export function refuseOccupied(folder: string, force: boolean): void {
  const problem = occupation(folder, force);
  if (problem === undefined) return;
  const help = 'Name another folder, or write into this one with --force; wdev undo rolls that back.';
  throw usageError(problem, entryAt(folder)?.isDirectory() === true ? help : undefined);
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
