import { existsSync } from 'node:fs';
import path from 'node:path';
import { findRepository } from '../git/repository.ts';

/** Files that git leaves in its folder while it changes the tree, and what it does meanwhile. */
const SIGNS: readonly (readonly [string, string])[] = [
  ['index.lock', 'git is changing the files'],
  ['rebase-merge', 'a git rebase is in progress'],
  ['rebase-apply', 'a git rebase is in progress'],
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
  const sign = SIGNS.find(([name]) => existsSync(path.join(folder, name)));
  if (sign === undefined) return undefined;
  const [name, doing] = sign;
  // a git that crashed leaves it for ever
  return `${doing}; waiting until ${path.relative('', path.join(folder, name))} is gone`;
}
