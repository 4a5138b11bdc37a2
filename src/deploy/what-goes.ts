/** The part of a repository that goes to a server: a ref that its remote has, and the commit behind it. */

import path from 'node:path';
import { refuseOwnFolder, refuseProgram } from '../git/address.ts';
import { gitIn } from '../git/call.ts';
import { checkOut } from '../git/checkout.ts';
import { branchOf } from '../git/head.ts';
import { refsOfRemote, upstreamOf, type Upstream } from '../git/remote.ts';
import { findRepository, type Repository } from '../git/repository.ts';
import { changesNotCommitted } from '../git/state.ts';
import { typedGit } from '../git/typed.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { UserError } from '../support/errors.ts';
import { quoteAll } from '../support/quote.ts';

/** The repository and the ref that wazo-plugind will clone. */
export interface Source {
  readonly repository: Repository;
  readonly url: string;
  /** A branch or a tag, as `git clone --branch` takes it. */
  readonly ref: string;
  readonly commit: string;
  /** Folder of the plugin in the repository, with `/`; empty for its root. */
  readonly subdirectory: string;
}

/** The refs and changes that git knows here and there. */
export interface GitState {
  /** The branch that is checked out here. */
  readonly branch: string | undefined;
  readonly head: string | undefined;
  /** Files that are not committed. */
  readonly changed: readonly string[];
  readonly upstream: Upstream | undefined;
  /** `refs/heads/main` → commit, at the remote. */
  readonly remote: ReadonlyMap<string, string>;
  /** The same here. */
  readonly local: ReadonlyMap<string, string>;
  /** How git is called here, for advice. */
  readonly git: string;
  /** Commits here that the remote's branch lacks, if that can be counted. */
  readonly ahead: number | undefined;
}

export interface Chosen {
  readonly ref: string;
  readonly commit: string;
}

/**
 * The ref and the commit that go; the branch that is checked out unless one is named. Pure.
 * @throws UserError `no-remote`, `no-branch`, `dirty-tree`, `ref-is-commit`, `not-pushed`, `unknown-ref`, each with the
 *   command that helps
 */
export function chooseRef(state: GitState, wanted: string | undefined): Chosen {
  const { upstream, remote, local, branch, changed, git } = state;
  if (upstream === undefined)
    throw new UserError('no-remote', 'no git remote: the server installs the plugin by cloning it', {
      help: `Add one: ${git} remote add origin ADDRESS && ${git} push --set-upstream origin HEAD`,
    });
  const where = upstream.remote.name;
  if (wanted !== undefined && wanted !== branch) return chooseNamed(state, wanted, where);
  if (branch === undefined)
    throw new UserError('no-branch', 'no branch is checked out, so nothing says what to install', {
      help: 'Name a branch or a tag: --ref NAME',
    });
  if (changed.length > 0)
    throw new UserError(
      'dirty-tree',
      `uncommitted changes: ${changed.slice(0, 5).join(', ')}${changed.length > 5 ? ` and ${changed.length - 5} more` : ''}`,
      {
        help: `Commit and push first, since the server clones: ${git} add ${changed.length > 5 ? '--all' : quoteAll(changed)} && ${git} commit && ${git} push`,
      },
    );
  const there = remote.get(`refs/heads/${upstream.branch}`);
  const here = local.get(`refs/heads/${branch}`);
  if (here === undefined)
    throw new UserError('no-commit', `the branch ${branch} has no commit yet`, {
      help: `Make one: ${git} add --all && ${git} commit`,
    });
  if (there === undefined)
    throw new UserError('not-pushed', `${where} has no branch ${upstream.branch}`, {
      help: `Push it: ${git} push --set-upstream ${where} ${branch}`,
    });
  if (there !== here) throw notPushed(branch, where, state.ahead, git);
  return { ref: upstream.branch, commit: here };
}

function chooseNamed({ remote, local, git }: GitState, wanted: string, where: string): Chosen {
  // `git clone --branch` takes a branch before a tag of the same name
  for (const kind of ['heads', 'tags']) {
    const name = `refs/${kind}/${wanted}`;
    const [there, here] = [remote.get(name), local.get(name)];
    if (there === undefined) continue;
    if (here !== undefined && here !== there) throw notPushed(wanted, where, undefined, git);
    return { ref: wanted, commit: there };
  }
  if (local.has(`refs/heads/${wanted}`) || local.has(`refs/tags/${wanted}`))
    throw new UserError('not-pushed', `${where} has no ${wanted}`, {
      help: `Push it: ${git} push ${where} ${wanted}`,
    });
  if (/^[0-9a-f]{7,64}$/.test(wanted))
    throw new UserError(
      'ref-is-commit',
      `${wanted} is a commit, and wazo-plugind takes branches and tags only`,
      {
        help: `Give it a name: ${git} tag NAME ${wanted} && ${git} push ${where} NAME, then --ref NAME`,
      },
    );
  throw new UserError('unknown-ref', `there is no branch or tag ${wanted}, here or at ${where}`, {
    help: `List them: ${git} ls-remote ${where}`,
  });
}

function notPushed(name: string, where: string, ahead: number | undefined, git: string): UserError {
  if (ahead === 0)
    return new UserError('not-pushed', `${where} has commits of ${name} that are not here`, {
      help: `Get them first: ${git} pull`,
    });
  const lacks = ahead === undefined ? 'what is here' : ahead === 1 ? '1 commit' : `${ahead} commits`;
  return new UserError('not-pushed', `${name} is not pushed: ${where} lacks ${lacks}`, {
    help: `Push it: ${git} push ${where} ${name}`,
  });
}

/** Reads what git knows, and chooses. Throws as chooseRef, `no-repository`, and `remote-unreachable` (exit 3). */
export async function whatGoes(
  plugin: Plugin,
  wanted: string | undefined,
  url: string | undefined,
): Promise<Source> {
  const repository = findRepository(plugin.dir);
  const git = typedGit(repository?.root ?? plugin.dir);
  if (repository === undefined)
    throw new UserError(
      'no-repository',
      `${plugin.dir} is in no git repository, and a server clones from one`,
      {
        help: `Make one: ${git} init && ${git} add --all && ${git} commit; then push it to where the server can read it`,
      },
    );
  const state = await gitState(repository);
  const { ref, commit } = chooseRef(state, wanted);
  const subdirectory = path.relative(repository.root, plugin.dir).split(path.sep).join('/');
  const address = url ?? state.upstream?.remote.url ?? '';
  refuseProgram(address);
  refuseOwnFolder(address, 'Give an address that it can reach: --url https://…');
  return { repository, url: address, ref, commit, subdirectory };
}

async function gitState(repository: Repository): Promise<GitState> {
  const { root } = repository;
  const branch = branchOf(repository);
  const upstream = upstreamOf(repository, branch ?? '');
  const local = new Map<string, string>();
  const format = '--format=%(refname) %(objectname) %(*objectname)';
  const { stdout } = await gitIn(root, ['for-each-ref', format, 'refs/heads', 'refs/tags']);
  for (const row of stdout.split('\n')) {
    const [name = '', commit = '', peeled = ''] = row.split(' ');
    if (commit !== '') local.set(name, peeled === '' ? commit : peeled);
  }
  const remote =
    upstream === undefined ? new Map<string, string>() : await refsOfRemote(repository, upstream.remote);
  const there = upstream === undefined ? undefined : remote.get(`refs/heads/${upstream.branch}`);
  const counted = await gitIn(root, ['rev-list', '--count', `${there ?? 'none'}..HEAD`]);
  return {
    branch,
    head: local.get(`refs/heads/${branch ?? ''}`),
    changed: await changesNotCommitted(root),
    upstream,
    remote,
    local,
    git: typedGit(repository.root),
    ahead: counted.status === 0 ? Number(counted.stdout) : undefined,
  };
}

/** Writes the commit that goes to a folder, and gives that of the plugin in it. Throws as checkOut. */
export async function sourceFolder(source: Source, folder: string): Promise<string> {
  await checkOut(source.repository, source.commit, folder);
  return path.join(folder, source.subdirectory);
}
