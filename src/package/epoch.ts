import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../support/errors.ts';
import type { Gathered } from './gather.ts';

/**
 * The time that every file of a package gets at most, in seconds since 1970, so that the same sources give
 * the same bytes: `SOURCE_DATE_EPOCH` if it is set, else the time of git's last commit, else that of the
 * newest source file.
 * @throws UserError `usage` when SOURCE_DATE_EPOCH is no number
 */
export async function packageTime(
  dir: string,
  { sources, commitTime }: Pick<Gathered, 'sources' | 'commitTime'>,
): Promise<number> {
  const told = process.env['SOURCE_DATE_EPOCH'];
  if (told !== undefined && told !== '') {
    if (!/^\d+$/.test(told)) throw usageError(`SOURCE_DATE_EPOCH is no number of seconds: ${told}`);
    return Number(told);
  }
  if (commitTime !== undefined) return commitTime;
  const times = await Promise.all(
    [...sources.keys()].map(async (name) => (await lstat(path.join(dir, name))).mtimeMs),
  );
  return Math.floor(Math.max(0, ...times) / 1000);
}
