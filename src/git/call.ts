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
  const env = { ...options.env, ...READS };
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
export async function gitAsNew(
  root: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<RunResult> {
  const env = { ...options.env, ...READS };
  return await viewed(viewOf(undefined), root, root, args, { ...options, env });
}

/** As gitIn, or gitAsNew without a repository, with files handed out as a clone on a server has them. */
export async function gitOnServer(
  dir: string,
  repository: Repository | undefined,
  args: readonly string[],
  options: GitOptions = {},
): Promise<RunResult> {
  const env = { ...options.env, ...SERVER.env, ...READS };
  const settings = [...SERVER.settings, ...(options.settings ?? [])];
  const view = viewOf(repository, AS_STORED);
  return await viewed(view, repository?.root ?? dir, dir, args, { ...options, env, settings });
}

/** Runs git in the repository, without a work tree, as with gitIn. No filter changes what it hands out. */
export async function gitStored(
  repository: Repository,
  args: readonly string[],
  options: GitOptions = {},
): Promise<RunResult> {
  const view = viewOf(repository, AS_STORED);
  const settings = [...QUIET, ...SERVER.settings, 'core.bare=true', ...(options.settings ?? [])];
  const env = { ...NO_REMOTES, ...SERVER.env, GIT_DIR: view, ...options.env };
  return await whileItWorks(
    repository.root,
    view,
    async (signal) => await startGit(args, view, { ...options, settings, env }, signal),
  );
}

/** Who only reads leaves the index as it is: refreshing it would run a hook. */
const READS = { GIT_OPTIONAL_LOCKS: '0' };

/** Attributes under which files are handed out as they are stored: neither a program nor a signature is looked at. */
export const AS_STORED = '* -filter -export-subst\n';

/** A server has none of the settings that a person has for work trees. */
const SERVER = {
  settings: ['core.autocrlf=false', 'core.eol=lf', 'core.attributesFile=/dev/null'],
  env: { GIT_ATTR_NOSYSTEM: '1' },
};

/** Protocols that are git's own, and start no program that an address names. */
export const PROTOCOLS = 'https:http:ssh:git:file';
const MINUTES_2 = 120_000;

/** A remote as the repository's configuration has it: an address, and nothing else of it is obeyed. */
export interface Remote {
  readonly name: string;
  readonly url: string;
  /** Where it is pushed to, if that is another address. */
  readonly pushUrl?: string;
}

/**
 * Runs git with one remote of a repository, which the person asked for, with their credentials, ssh and proxies. The
 * address goes by the environment, since it may hold a password. No hook of the repository, or of another one on this
 * machine, is run.
 */
export async function gitRemote(
  { root, gitDir, commonDir }: Repository,
  { name, url, pushUrl }: Remote,
  args: readonly string[],
): Promise<RunResult> {
  const view = viewOf({ root, gitDir, commonDir });
  const settings: readonly (readonly [string, string])[] = [
    [`remote.${name}.url`, url],
    [`remote.${name}.fetch`, `+refs/heads/*:refs/remotes/${name}/*`],
    ...(pushUrl === undefined ? [] : ([[`remote.${name}.pushurl`, pushUrl]] as const)),
  ];
  const before = Number(process.env['GIT_CONFIG_COUNT'] ?? 0);
  const rows = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${before + at}`, key],
    [`GIT_CONFIG_VALUE_${before + at}`, value],
  ]);
  return await startGit(args, root, {
    settings: QUIET,
    timeout: MINUTES_2,
    env: {
      ...(Object.fromEntries(rows) as Record<string, string>),
      GIT_CONFIG_COUNT: String(before + settings.length),
      GIT_ALLOW_PROTOCOL: PROTOCOLS,
      GIT_NO_LAZY_FETCH: '1',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_DIR: view,
      GIT_WORK_TREE: root,
    },
  });
}

/** The command of the git that takes a push for a view of a repository on this machine. */
export function receivingGit(isBare: boolean): string {
  const settings = [...QUIET, 'receive.autogc=false', `core.bare=${isBare}`];
  return `git ${settings.map((setting) => `-c ${setting}`).join(' ')} receive-pack`;
}

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
    async (signal) => await startGit(args, cwd, { ...options, settings, env }, signal),
  );
}
