/**
 * How git is called. A repository of anybody is read, and written to, through a view of it (view.ts): of
 * its configuration only what describes it counts, never what names a program. The person's own configuration goes on
 * working: what they ignore everywhere, their filters (LFS), and for remotes their credentials, ssh and proxies.
 */

import path from 'node:path';
import type { RunResult } from '../support/run.ts';
import { whileItWorks } from './impatient.ts';
import { findRepository, headOf, type Repository } from './repository.ts';
import { noRepository, startGit, type GitOptions } from './start.ts';
import { viewOf } from './view.ts';

/** Nobody is asked for an object that lacks. */
const NO_REMOTES = { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' };

/** The person's hooks and monitors are for work that the person does. */
const QUIET = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'gc.auto=0', 'maintenance.auto=false'];

/** Runs git in a folder of anybody, and changes nothing there. Status 128 outside a repository, as git has it. */
export async function gitIn(
  dir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<RunResult> {
  const repository = findRepository(dir);
  if (repository === undefined) return noRepository(args, dir);
  const env = { ...options.env, GIT_OPTIONAL_LOCKS: '0' };
  return await viewed(viewOf(repository), repository.root, dir, args, { ...options, env });
}

/** As gitIn, for what changes the repository: the branch that is checked out, and the index. */
export async function gitWrites(
  dir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<RunResult> {
  const repository = findRepository(dir);
  // HEAD itself is the view's
  if (repository === undefined || headOf(repository.gitDir)?.startsWith('ref:') !== true)
    return noRepository(args, dir);
  const env = { ...options.env, GIT_INDEX_FILE: path.join(repository.gitDir, 'index') };
  return await viewed(viewOf(repository), repository.root, dir, args, { ...options, env });
}

/** Runs git as if `git init` had just been typed in `root`: all its files are untracked. */
export async function gitAsNew(root: string, args: readonly string[]): Promise<RunResult> {
  return await viewed(viewOf(undefined), root, root, args, { env: { GIT_OPTIONAL_LOCKS: '0' } });
}

/** Runs git in the repository, without a work tree, as with gitIn. No filter changes what it hands out. */
export async function gitStored(
  repository: Repository,
  args: readonly string[],
  options: GitOptions = {},
): Promise<RunResult> {
  const view = viewOf(repository, AS_STORED);
  return await startGit(args, view, {
    settings: [...QUIET, 'core.bare=true', ...(options.settings ?? [])],
    env: { ...NO_REMOTES, GIT_DIR: view, ...options.env },
  });
}

/** Attributes under which files are handed out as they are stored: neither a program nor a signature is looked at. */
export const AS_STORED = '* -filter -export-subst\n';

/**
 * Runs git as the person would, with all of their configuration, in a folder that wdev made. What looks like a bare
 * repository there is none.
 */
export async function gitOwn(
  cwd: string,
  args: readonly string[],
  { settings = [], ...options }: GitOptions = {},
): Promise<RunResult> {
  return await startGit(args, cwd, { ...options, settings: ['safe.bareRepository=explicit', ...settings] });
}

async function viewed(
  view: string,
  root: string,
  cwd: string,
  args: readonly string[],
  options: GitOptions,
): Promise<RunResult> {
  const env = { ...NO_REMOTES, ...options.env, GIT_DIR: view, GIT_WORK_TREE: root };
  const settings = [...QUIET, ...(options.settings ?? [])];
  return await whileItWorks(
    root,
    view,
    async (signal) => await startGit(args, cwd, { settings, env }, signal),
  );
}
