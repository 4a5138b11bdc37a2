import { existsSync } from 'node:fs';
import path from 'node:path';
import { readTextIfPossible } from '../support/read-file.ts';
import { gitIn } from './call.ts';
import { configOf, findRepository, headOf, type Repository } from './repository.ts';

/** The branches of the repository around a plugin. */
export interface GitHead {
  readonly branch: string;
  /** It is published somewhere. */
  readonly remote: boolean;
}

/** Reads the repository whose root is `dir`; undefined when there is none, or no branch is checked out. */
export function readGitHead(dir: string): GitHead | undefined {
  const repository = rootedAt(dir);
  if (repository === undefined) return undefined;
  const { gitDir, commonDir } = repository;
  const branch = /^ref:\s*refs\/heads\/(.+)$/.exec(headOf(gitDir) ?? '')?.[1];
  if (branch === undefined) return undefined;
  const hasMaster =
    existsSync(path.join(commonDir, 'refs/heads/master')) ||
    existsSync(path.join(commonDir, 'refs/remotes/origin/master')) ||
    /refs\/(?:heads|remotes\/origin)\/master$/m.test(
      readTextIfPossible(path.join(commonDir, 'packed-refs')) ?? '',
    );
  // a side branch of a repository that has master is nobody's default
  return { branch: hasMaster ? 'master' : branch, remote: hasRemote(dir) };
}

/** Whether the repository whose root is `dir` is published somewhere. */
export function hasRemote(dir: string): boolean {
  const repository = rootedAt(dir);
  return repository !== undefined && /^[ \t]*\[remote[ \t]/m.test(configOf(repository));
}

/** The repository around a folder, if the folder is all of it. */
export function rootedAt(dir: string): Repository | undefined {
  const found = findRepository(dir);
  return found?.root === path.resolve(dir) ? found : undefined;
}

/** The branch that is checked out; undefined when none is. */
export function branchOf({ gitDir }: Repository): string | undefined {
  return /^ref:\s*refs\/heads\/(.+)$/.exec(headOf(gitDir) ?? '')?.[1];
}

/**
 * The branch that a clone of the repository begins with, where one can tell it here.
 * @param remote its name; `origin` by default
 */
export async function defaultBranch(repository: Repository, remote = 'origin'): Promise<string | undefined> {
  const heads = `refs/remotes/${remote}/`;
  const asked = (await gitIn(repository.root, ['symbolic-ref', '--quiet', `${heads}HEAD`])).stdout.trim();
  if (asked.startsWith(heads)) return asked.slice(heads.length);
  const { stdout } = await gitIn(repository.root, [
    'for-each-ref',
    '--format=%(refname:short)',
    'refs/heads',
  ]);
  const branches = stdout.split('\n').filter(Boolean);
  const usual = branches.length === 1 ? branches : branches.filter((name) => /^(?:master|main)$/.test(name));
  return usual.length === 1 ? usual[0] : undefined;
}
