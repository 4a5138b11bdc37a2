import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { gitStored } from './call.ts';
import type { Repository } from './repository.ts';
import { makeFolders } from '../support/make-folders.ts';

/**
 * Writes the files of a commit, as they are stored, to a folder that it makes.
 * @throws UserError `unknown-commit` when the repository has no such commit
 */
export async function checkOut(repository: Repository, commit: string, folder: string): Promise<void> {
  makeFolders(folder);
  const options = {
    settings: ['core.bare=false'],
    env: { GIT_WORK_TREE: folder, GIT_INDEX_FILE: `${folder}.index` },
  };
  for (const step of [
    ['read-tree', commit],
    ['checkout-index', '--all', '--quiet', `--prefix=${folder}${path.sep}`],
  ]) {
    const { status, stderr } = await gitStored(repository, step, options);
    if (status === 0) continue;
    throw new UserError(
      'unknown-commit',
      `git does not have the commit ${commit} here: ${stderr.trim().split('\n')[0]}`,
      {
        help: 'git fetch --tags',
      },
    );
  }
}
