/** Facts of git and the sources about a plugin that is to be released, and reasons why it cannot be. */

import path from 'node:path';
import { branchOf, defaultBranch } from '../git/head.ts';
import { gitIn } from '../git/call.ts';
import { SET_IDENTITY, knowsWhoCommits } from '../git/identity.ts';
import { findRepository, identityOf, type Repository } from '../git/repository.ts';
import { upstreamOf } from '../git/remote.ts';
import { typedGit } from '../git/typed.ts';
import { changesNotCommitted } from '../git/state.ts';
import { listSources, type SourceListing } from '../git/sources.ts';
import { discoverPlugins } from '../kinds/discover.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { readMetadata } from '../kinds/plugin-metadata.ts';
import { UserError, usageError } from '../support/errors.ts';
import { readChangeset, type Changeset } from './changelog.ts';

export interface ReleaseFacts {
  readonly repository: Repository;
  readonly branch: string;
  readonly head: string;
  readonly sources: SourceListing;
  /** That of wazo/plugin.yml. */
  readonly present: string;
  readonly tags: readonly string[];
  /** Notes of changes that wait, by file. */
  readonly changesets: ReadonlyMap<string, Changeset>;
}

/**
 * Looks at a plugin and its repository.
 * @throws UserError `no-repository`, `no-identity`, `no-branch`, `not-default-branch`, `dirty-tree`, `several-plugins`, `no-commit`, or
 *   `usage` for what wazo-plugind takes no plugin of
 */
export async function releaseFacts(plugin: Plugin): Promise<ReleaseFacts> {
  const repository = findRepository(plugin.dir);
  const git = typedGit(repository?.root ?? plugin.dir);
  if (repository === undefined)
    throw new UserError('no-repository', `${plugin.dir} is in no git repository`, {
      help: `A release is a commit and a tag: ${git} init && ${git} add --all && ${git} commit`,
    });
  const others = discoverPlugins([repository.root]).filter(({ dir }) => dir !== plugin.dir);
  if (others.length > 0)
    throw new UserError(
      'several-plugins',
      `${repository.root} contains other plugins too: ${others.map(({ id }) => id).join(', ')}`,
      { help: 'A tag is the version of one plugin: give each plugin its own repository.' },
    );
  const { root } = repository;
  const head = (await gitIn(root, ['rev-parse', '--verify', '--quiet', 'HEAD'])).stdout.trim();
  if (head === '')
    throw new UserError('no-commit', 'the repository has no commit yet', {
      help: `Make one: ${git} add --all && ${git} commit`,
    });
  // refused before minutes are spent on proofs
  if (!(await knowsWhoCommits(identityOf(repository))))
    throw new UserError(
      'no-identity',
      'a release is a commit, and git user.name and user.email are not set',
      {
        help: `Set both:\n${SET_IDENTITY}`,
      },
    );
  const branch = branchOf(repository);
  if (branch === undefined)
    throw new UserError('no-branch', 'no branch is checked out', {
      help: `Check one out: ${git} switch BRANCH`,
    });
  const remote = upstreamOf(repository, branch)?.remote.name;
  // without a remote no other branch is anybody's
  const usual = (await defaultBranch(repository, remote)) ?? (remote === undefined ? branch : undefined);
  if (usual === undefined)
    throw new UserError('not-default-branch', 'cannot tell which branch is the default branch', {
      help: `Ask the remote, which knows it: ${git} remote set-head ${remote} --auto`,
    });
  if (branch !== usual)
    throw new UserError(
      'not-default-branch',
      `the branch is ${branch}, but releases are made from ${usual}`,
      {
        help: `Merge it there first: ${git} switch ${usual} && ${git} merge ${branch}`,
      },
    );
  const changed = await changesNotCommitted(root);
  if (changed.length > 0)
    throw new UserError(
      'dirty-tree',
      `uncommitted changes in ${root}: ${changed.slice(0, 5).join(', ')}; a release has only what is committed`,
      {
        help: `Commit first:\n${git} add --all && ${git} commit`,
      },
    );
  const sources = await listSources(plugin.dir);
  const { stdout: tags } = await gitIn(root, ['for-each-ref', '--format=%(refname:strip=2)', 'refs/tags']);
  return {
    repository,
    branch,
    head,
    sources,
    present: presentVersion(plugin, sources),
    tags: tags.split('\n').filter(Boolean),
    changesets: changesetsOf(sources),
  };
}

function presentVersion(plugin: Plugin, sources: SourceListing): string {
  const text = sources.get('wazo/plugin.yml')?.bytes.toString('utf8');
  const manifest = text === undefined ? undefined : readMetadata(text);
  if (manifest?.ok === true) return manifest.metadata.version;
  throw usageError(
    `${plugin.id} has no wazo/plugin.yml that wazo-plugind takes`,
    plugin.kind === 'stack' ? 'wdev check says what is wrong with it.' : 'wdev migrate converts it.',
  );
}

function changesetsOf(sources: SourceListing): ReadonlyMap<string, Changeset> {
  const found = new Map<string, Changeset>();
  for (const [name, file] of sources) {
    if (path.posix.dirname(name) !== '.changeset' || !name.endsWith('.md')) continue;
    const note = readChangeset(file.bytes.toString('utf8'));
    if (note !== undefined) found.set(name, note);
  }
  return found;
}

/** Subjects of the commits since the last release, newest first; all of them before the first one. */
export async function subjectsSince({ repository, present, tags }: ReleaseFacts): Promise<readonly string[]> {
  const own = [present, `v${present}`].find((tag) => tags.includes(tag));
  const last =
    own ?? (await gitIn(repository.root, ['describe', '--tags', '--abbrev=0', 'HEAD'])).stdout.trim();
  const range = last === '' ? 'HEAD' : `refs/tags/${last}..HEAD`;
  const { stdout } = await gitIn(repository.root, ['log', '--no-merges', '--format=%s', range, '--']);
  return stdout.split('\n').filter((line) => line.trim() !== '');
}
