import { lstat, readdir } from 'node:fs/promises';
import { usageError } from '../support/errors.ts';

/** Throws UserError `usage` when the folder holds something (or is no folder) and `force` is not set. */
export async function refuseOccupied(folder: string, force: boolean): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) throw usageError(`${folder} exists and is not a folder`);
  if (force || (await isEmpty(folder))) return;
  throw usageError(`${folder} exists and is not empty`, 'Name another folder, or --force to write into it.');
}

/** Whether nothing is in a folder, or there is none. */
export async function isEmpty(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).length === 0;
}
