import { existsSync } from 'node:fs';
import path from 'node:path';
import { statOf } from '../support/stat.ts';
import { readTextIfPossible } from '../support/read-file.ts';

/** Files that git leaves in its folder while it changes the tree, and words for each. */
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
  for (let at = path.resolve(dir); ; at = path.dirname(at)) {
    const entry = path.join(at, '.git');
    const stat = statOf(entry);
    if (stat?.isDirectory() === true) return entry;
    // a worktree or a submodule names its folder in a file (gitrepository-layout)
    const named =
      stat === undefined ? undefined : /^gitdir: (.+)$/m.exec(readTextIfPossible(entry) ?? '')?.[1];
    if (named !== undefined) return path.resolve(at, named);
    if (path.dirname(at) === at) return undefined;
  }
}

/** Why the tree must not be read now; undefined when git is at rest. */
export function gitInProgress(folder: string): string | undefined {
  return SIGNS.find(([name]) => existsSync(path.join(folder, name)))?.[1];
}
