import { UserError } from '../support/errors.ts';
import { gitIn } from './call.ts';
import { gitReason } from './reason.ts';
import { findRepository } from './repository.ts';
import { isPassing } from './sources.ts';

/** How many files a message names. */
const NAMED = 5;

/**
 * Refuses a work tree with changes that are not committed; a folder without git passes.
 * @throws UserError `dirty-tree`, `state-unknown`
 */
export async function refuseDirty(dir: string): Promise<void> {
  const files = await rowsOfStatus(dir);
  if (files.length === 0) return;
  const named = files.slice(0, NAMED);
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  throw new UserError('dirty-tree', `uncommitted changes in ${dir}: ${named.join(', ')}${more}`, {
    help: 'Commit first, to see the merge by itself; or add --force.',
  });
}

/**
 * The files of a folder that are not as the last commit has them, without what wdev and editors leave there.
 * @throws UserError `state-unknown`
 */
export async function changesNotCommitted(dir: string): Promise<readonly string[]> {
  return (await rowsOfStatus(dir)).filter((file) => !isPassing(file.replace(/\/$/, '')));
}

async function rowsOfStatus(dir: string): Promise<readonly string[]> {
  // a submodule has a repository of its own, which git would start another git in
  const args = ['status', '--porcelain', '-z', '--no-renames', '--ignore-submodules=dirty', '--', '.'];
  if (findRepository(dir) === undefined) return [];
  const { status, stdout, stderr } = await gitIn(dir, args);
  if (status !== 0) throw stateUnknown(dir, status, stderr);
  return stdout
    .split('\0')
    .filter(Boolean)
    .map((row) => row.slice(3));
}

/** Objects that lack, an index that is damaged: nobody knows then that all is committed. */
function stateUnknown(dir: string, status: number, stderr: string): UserError {
  const why = status === 127 ? 'git is not installed' : gitReason(stderr);
  return new UserError('state-unknown', `git cannot tell what of ${dir} is committed: ${why}`, {
    help: 'See what it says: git status. Of a clone that lacks objects: git fetch --refetch',
  });
}
