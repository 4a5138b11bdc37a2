import { UserError } from '../support/errors.ts';
import { gitIn } from './call.ts';
import { isPassing } from './sources.ts';

/** How many files a message names. */
const NAMED = 5;

/**
 * Refuses a work tree with changes that are not committed; a folder without git passes.
 * @throws UserError `dirty-tree`
 */
export async function refuseDirty(dir: string): Promise<void> {
  const files = await rowsOfStatus(dir);
  if (files.length === 0) return;
  const named = files.slice(0, NAMED);
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  throw new UserError('dirty-tree', `git does not have everything of ${dir}: ${named.join(', ')}${more}`, {
    help: 'Commit first, so that what is merged stands apart; or --force.',
  });
}

/** The files of a folder that are not as the last commit has them, without what wdev and editors leave there. */
export async function changesNotCommitted(dir: string): Promise<readonly string[]> {
  return (await rowsOfStatus(dir)).filter((file) => !isPassing(file.replace(/\/$/, '')));
}

async function rowsOfStatus(dir: string): Promise<readonly string[]> {
  // a submodule has a repository of its own, which git would start another git in
  const args = ['status', '--porcelain', '-z', '--no-renames', '--ignore-submodules=dirty', '--', '.'];
  const { status, stdout } = await gitIn(dir, args);
  if (status !== 0) return [];
  return stdout
    .split('\0')
    .filter(Boolean)
    .map((row) => row.slice(3));
}
