/** Who commits: git makes no commit for nobody. */

import { gitNowhere } from './start.ts';

/** The commands that tell git who commits, a line each. */
export const SET_IDENTITY = `git config --global user.name "Your Name"
git config --global user.email you@example.org`;

/**
 * Whether git would commit, as far as names go. True without git, which says more than that.
 * @param settings the account that a repository names, as identityOf gives it
 */
export async function knowsWhoCommits(settings: readonly string[] = []): Promise<boolean> {
  const asked = ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT'];
  const answers = await Promise.all(asked.map((name) => gitNowhere(['var', name], settings)));
  return answers.every(({ status }) => status === 0 || status === 127);
}
