import { typedPath } from '../support/quote.ts';

/** How git is called for a repository from where the person stands, for commands that are advised. */
export function typedGit(root: string): string {
  const dir = typedPath(root);
  return dir === '.' ? 'git' : `git -C ${dir}`;
}
