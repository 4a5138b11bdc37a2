import { existsSync } from 'node:fs';
import path from 'node:path';
import { findRepository } from '../git/repository.ts';

/** Files that git leaves in its folder while it changes the tree, and words for each. */
const SIGNS: readonly (readonly [string, string])[] = [
  ['index.lock', 'git is changing the files; waiting for it to finish'],
  ['rebase-merge', 'a git rebase is in progress; waiting for it to finish'],
  ['rebase-apply', 'a git rebase is in progress; waiting for it to finish'],
];

/**
 * The git folder of a plugin; undefined outside a repository. Found without starting git, which would take
 * seconds for hundreds of plugins.
 */
export function gitFolder(dir: string): string | undefined {
  return findRepository(dir)?.gitDir;
}

/** Why the tree must not be read now; undefined when git is at rest. */
export function gitInProgress(folder: string): string | undefined {
  return SIGNS.find(([name]) => existsSync(path.join(folder, name)))?.[1];
}
