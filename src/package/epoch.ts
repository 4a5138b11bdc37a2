import path from 'node:path';
import { usageError } from '../support/errors.ts';
import { lstatOf } from '../support/stat.ts';
import { inSlices } from '../support/work.ts';
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
    if (!/^\d+$/.test(told)) throw usageError(`SOURCE_DATE_EPOCH is not a number of seconds: ${told}`);
    return Number(told);
  }
  if (commitTime !== undefined) return commitTime;
  let newest = 0;
  await inSlices(sources.keys(), (name) => {
    newest = Math.max(newest, lstatOf(path.join(dir, name))?.mtimeMs ?? 0);
  });
  return Math.floor(newest / 1000);
}
