import { existsSync } from 'node:fs';
import path from 'node:path';
import { run } from '../support/run.ts';

/** What git leaves in its folder while it changes the tree, and how to say it. */
const SIGNS: readonly (readonly [string, string])[] = [
  ['index.lock', 'git is changing the files'],
  ['rebase-merge', 'a git rebase is in progress'],
  ['rebase-apply', 'a git rebase is in progress'],
];

/** The git folder of a plugin; undefined outside a repository. */
export async function gitFolder(dir: string): Promise<string | undefined> {
  const { status, stdout } = await run(['git', 'rev-parse', '--absolute-git-dir'], { cwd: dir });
  return status === 0 ? stdout.trim() : undefined;
}

/** Why the tree must not be read now; undefined when git is at rest. */
export function gitInProgress(folder: string): string | undefined {
  return SIGNS.find(([name]) => existsSync(path.join(folder, name)))?.[1];
}
