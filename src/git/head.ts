import { existsSync } from 'node:fs';
import path from 'node:path';
import { readTextIfPossible } from '../support/read-file.ts';

/** The branches of the repository around a plugin. */
export interface GitHead {
  readonly branch: string;
  /** It is published somewhere. */
  readonly remote: boolean;
}

/** Reads the repository whose root is `dir`; undefined when there is none, or no branch is checked out. */
export function readGitHead(dir: string): GitHead | undefined {
  const git = path.join(dir, '.git');
  const head = readTextIfPossible(path.join(git, 'HEAD')) ?? '';
  const branch = /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1];
  if (branch === undefined) return undefined;
  const remote = /^\[remote /m.test(readTextIfPossible(path.join(git, 'config')) ?? '');
  const hasMaster =
    existsSync(path.join(git, 'refs/heads/master')) ||
    existsSync(path.join(git, 'refs/remotes/origin/master')) ||
    /refs\/(?:heads|remotes\/origin)\/master$/m.test(readTextIfPossible(path.join(git, 'packed-refs')) ?? '');
  // a side branch of a repository that has master is nobody's default
  return { branch: hasMaster ? 'master' : branch, remote };
}
