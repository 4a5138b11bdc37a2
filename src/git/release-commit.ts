/** The commit and the tag of a release: made together, and undone as long as nobody else has them. */

import { SET_IDENTITY } from './identity.ts';
import { UserError } from '../support/errors.ts';
import type { RunResult } from '../support/run.ts';
import { gitIn, gitWrites } from './call.ts';
import { branchOf } from './head.ts';
import { refsOfRemote, upstreamOf } from './remote.ts';
import { identityOf, type Repository } from './repository.ts';

/** A release as it is recorded before it is made. */
export interface ReleaseMark {
  readonly tag: string;
  readonly branch: string;
  /** The commit that it is made on. */
  readonly parent: string;
}

/** The subject of a release's commit. */
export function releaseSubject(tag: string): string {
  return `Release ${tag}`;
}

/**
 * Commits files (relative to the repository) and tags the commit, as the person, without hooks.
 * @returns the commit
 * @throws UserError `commit-failed`: neither is there then
 */
export async function commitRelease(
  repository: Repository,
  files: readonly string[],
  mark: ReleaseMark,
): Promise<string> {
  const { root } = repository;
  const settings = identityOf(repository);
  const steps = [
    ['add', '--all', '--', ...files],
    ['commit', '--quiet', '--no-verify', '--message', releaseSubject(mark.tag)],
    ['tag', '--annotate', '--message', releaseSubject(mark.tag), '--', mark.tag],
  ];
  for (const step of steps) {
    const result = await gitWrites(root, step, { settings });
    if (result.status === 0) continue;
    await unmakeRelease(repository, mark);
    throw commitFailed(step[0] ?? '', result);
  }
  return await headCommit(root);
}

function commitFailed(step: string, { stderr, stdout }: RunResult): UserError {
  const said = (stderr.trim() || stdout.trim()).split('\n');
  const noName = said.some((line) => /user\.name|user\.email|identity/i.test(line));
  return new UserError('commit-failed', `git ${step} failed: ${said[0] ?? ''}`, {
    help: noName
      ? `Nothing was changed. Set both, and run it again:\n${SET_IDENTITY}`
      : 'Nothing was changed.',
  });
}

async function headCommit(root: string): Promise<string> {
  return (await gitIn(root, ['rev-parse', '--verify', '--quiet', 'HEAD'])).stdout.trim();
}

/**
 * Refuses to take a release back that others may have, or that is not the last commit any more.
 * @throws UserError `changed-since`, `released-already`, `remote-unreachable` (exit 3) when that cannot be known
 */
export async function refuseUndoneRelease(repository: Repository, mark: ReleaseMark): Promise<void> {
  const { root } = repository;
  const head = await headCommit(root);
  if (head === mark.parent) return;
  const asked = ['log', '-1', '--format=%P%n%s', 'HEAD'];
  const [parents, subject] = (await gitIn(root, asked)).stdout.split('\n');
  const isOurs =
    parents === mark.parent && subject === releaseSubject(mark.tag) && branchOf(repository) === mark.branch;
  if (!isOurs)
    throw new UserError(
      'changed-since',
      `the release ${mark.tag} is not the last commit of ${mark.branch} any more`,
      {
        help: 'Nothing was rolled back. Release another version, or revert it: git revert',
      },
    );
  const { stdout: published } = await gitIn(root, ['branch', '--remotes', '--contains', head]);
  const upstream = upstreamOf(repository, mark.branch);
  const refs =
    upstream === undefined ? new Map<string, string>() : await refsOfRemote(repository, upstream.remote);
  const isThere = refs.has(`refs/tags/${mark.tag}`) || [...refs.values()].includes(head);
  if (published.trim() === '' && !isThere) return;
  throw new UserError('released-already', `${mark.tag} is pushed, so others may have it`, {
    help: 'Nothing was rolled back. Release another version.',
  });
}

/** Removes the tag, sets the branch back to the commit before, and lets the index be as that. Files stay. */
export async function unmakeRelease(repository: Repository, mark: ReleaseMark): Promise<void> {
  const { root } = repository;
  await gitWrites(root, ['update-ref', '-d', `refs/tags/${mark.tag}`]);
  await gitWrites(root, ['reset', '--quiet', '--mixed', mark.parent]);
}
