/** Reads the refs of a remote, and pushes there. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, UserError } from '../support/errors.ts';
import type { RunResult } from '../support/run.ts';
import { masked } from '../support/secrets.ts';
import { refuseProgram } from './address.ts';
import { gitRemote, receivingGit, type Remote } from './call.ts';
import { gitReason } from './reason.ts';
import { namedRepository, subsectionOf, subsectionsOf, type Repository } from './repository.ts';
import { viewOf } from './view.ts';

export type { Remote } from './call.ts';

/** The remote of a name; undefined when the repository has none of that name, or without an address. */
export function remoteOf(repository: Repository, name: string): Remote | undefined {
  const known = subsectionOf(repository, 'remote', name);
  const url = known.get('url');
  const pushUrl = known.get('pushurl');
  if (url === undefined || url === '' || !/^[\w.-]+$/.test(name)) return undefined;
  return { name, url, ...(pushUrl === undefined ? {} : { pushUrl }) };
}

/** A branch of a remote. */
export interface Upstream {
  readonly remote: Remote;
  /** Its name there. */
  readonly branch: string;
}

/**
 * Where a branch is published: what it follows, else the branch of its name at origin, or at the only remote. Undefined
 * without a remote.
 */
export function upstreamOf(repository: Repository, branch: string): Upstream | undefined {
  const follows = subsectionOf(repository, 'branch', branch);
  const followed = remoteOf(repository, follows.get('remote') ?? '');
  const merge = /^refs\/heads\/(.+)$/.exec(follows.get('merge') ?? '')?.[1];
  if (followed !== undefined && merge !== undefined) return { remote: followed, branch: merge };
  const names = subsectionsOf(repository, 'remote');
  const [name] = names.includes('origin') ? ['origin'] : names.length === 1 ? names : [];
  const remote = name === undefined ? undefined : remoteOf(repository, name);
  return remote === undefined ? undefined : { remote, branch };
}

/**
 * The branches and tags of a remote with their commits, `refs/heads/main` → commit; an annotated tag stands for its
 * commit.
 * @throws UserError `remote-unreachable` (exit 3) with git's own words
 */
export async function refsOfRemote(
  repository: Repository,
  remote: Remote,
): Promise<ReadonlyMap<string, string>> {
  refuseProgram(remote.url);
  const listed = await gitRemote(repository, remote, ['ls-remote', '--heads', '--tags', '--', remote.name]);
  if (listed.status !== 0) throw unreachable(remote, listed);
  const refs = new Map<string, string>();
  for (const row of listed.stdout.split('\n')) {
    const [, commit, ref, peeled] = /^([0-9a-f]{40,64})\t(refs\/\S+?)(\^\{\})?$/.exec(row) ?? [];
    if (commit !== undefined && ref !== undefined && (peeled !== undefined || !refs.has(ref)))
      refs.set(ref, commit);
  }
  return refs;
}

/**
 * Pushes refs, all or none.
 * @throws UserError `push-refused` with git's own words
 */
export async function pushTo(
  repository: Repository,
  remote: Remote,
  refspecs: readonly string[],
): Promise<void> {
  const address = remote.pushUrl ?? remote.url;
  refuseProgram(address);
  const here = pathOf(address, repository.root);
  const pushed = await (here === undefined
    ? gitRemote(repository, remote, ['push', '--atomic', '--no-verify', '--', remote.name, ...refspecs])
    : pushHere(repository, remote, here, refspecs));
  if (pushed.status === 0) return;
  throw new UserError('push-refused', `git could not push to ${masked(address)}: ${reasonOf(pushed)}`, {
    help: `Nothing was pushed. By hand: git push --atomic ${remote.name} ${refspecs.join(' ')}`,
  });
}

/** Where an address leads on this machine; undefined for one of another. */
function pathOf(address: string, root: string): string | undefined {
  if (address.startsWith('file://')) return fileURLToPath(address);
  return /^[\w+.-]+:\/\/|^[^/]+:/.test(address) ? undefined : path.resolve(root, address);
}

/**
 * Pushes to a repository on this machine. Git there would obey its hooks and its configuration, which are of whoever made
 * it: it is pushed to a view of it (view.ts).
 */
async function pushHere(
  repository: Repository,
  remote: Remote,
  folder: string,
  refspecs: readonly string[],
): Promise<RunResult> {
  const there = namedRepository(folder);
  const view = there === undefined ? folder : viewOf(there);
  const isBare = there !== undefined && path.basename(there.gitDir) !== '.git';
  const pushed = await gitRemote(repository, { ...remote, pushUrl: view }, [
    'push',
    '--atomic',
    '--no-verify',
    `--receive-pack=${receivingGit(isBare)}`,
    '--',
    remote.name,
    ...refspecs,
  ]);
  return { ...pushed, stderr: pushed.stderr.replaceAll(view, folder) };
}

function unreachable(remote: Remote, result: RunResult): UserError {
  return new UserError(
    'remote-unreachable',
    `git could not ask ${remote.name} (${masked(remote.url)}): ${reasonOf(result)}`,
    { help: `See what git says: git ls-remote ${remote.name}`, exit: EXIT.unreachable },
  );
}

function reasonOf({ status, stderr }: RunResult): string {
  if (status === 127) return 'git is not installed';
  if (status === 124) return 'no answer within 2 minutes';
  return masked(gitReason(stderr));
}
