import { UserError } from '../support/errors.ts';
import { gitIn } from './call.ts';

/** How many files a message names. */
const NAMED = 5;

/**
 * Refuses a work tree with changes that are not committed; a folder without git passes.
 * @throws UserError `dirty-tree`
 */
export async function refuseDirty(dir: string): Promise<void> {
  // a submodule has a repository of its own, which git would start another git in
  const args = ['status', '--porcelain', '-z', '--ignore-submodules=dirty', '--', '.'];
  const { status, stdout } = await gitIn(dir, args);
  if (status !== 0 || stdout === '') return;
  const files = stdout.split('\0').filter(Boolean);
  const named = files.slice(0, NAMED).map((row) => row.slice(3));
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  throw new UserError('dirty-tree', `git has not got everything of ${dir}: ${named.join(', ')}${more}`, {
    help: 'Commit first, so that what is merged stands apart; or --force.',
  });
}
