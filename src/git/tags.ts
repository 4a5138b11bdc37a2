/** The tags of a repository, here or far away, and what stands in them. */

import path from 'node:path';
import { EXIT, UserError } from '../support/errors.ts';
import { encodeName } from '../support/file-name.ts';
import { masked } from '../support/secrets.ts';
import { isFolder } from '../support/stat.ts';
import { refuseOwnFolder, refuseProgram } from './address.ts';
import { PROTOCOLS, gitOwn, gitStored } from './call.ts';
import { gitReason } from './reason.ts';
import { typedGit } from './typed.ts';
import { branchOf } from './head.ts';
import { upstreamOf } from './remote.ts';
import { findRepository, namedRepository, type Repository } from './repository.ts';
import { makeFolders } from '../support/make-folders.ts';

const MINUTES_5 = 300_000;

/** The most of a file that is read, in bytes. */
const MOST = 2 ** 20;

export interface TaggedRepository {
  readonly repository: Repository;
  /** The address that others clone. */
  readonly url: string;
}

/**
 * A repository with its tags: a folder as it is, with the address of its remote; an address by fetching its tags into
 * `folder`.
 * @throws UserError `no-repository`, `no-remote`, `not-an-address` (also a path: no server could clone it), `remote-unreachable` (exit 3)
 */
export async function repositoryWithTags(given: string, folder: string): Promise<TaggedRepository> {
  if (isFolder(given)) return openHere(given);
  refuseProgram(given);
  const work = path.join(folder, 'tags.git');
  makeFolders(folder);
  const made = await gitOwn(folder, ['init', '--quiet', '--bare', '--template=', '--', work]);
  const fetched =
    made.status === 0
      ? await gitOwn(
          work,
          ['fetch', '--quiet', '--depth=1', '--no-auto-gc', '--', given, '+refs/tags/*:refs/tags/*'],
          {
            settings: ['core.hooksPath=/dev/null', 'core.fsmonitor=false'],
            timeout: MINUTES_5,
            env: { GIT_ALLOW_PROTOCOL: PROTOCOLS, GIT_DIR: work },
          },
        )
      : made;
  const repository = namedRepository(work);
  if (fetched.status === 0 && repository !== undefined) return { repository, url: given };
  throw new UserError(
    'remote-unreachable',
    `git could not fetch the tags of ${masked(given)}: ${masked(gitReason(fetched.stderr))}`,
    {
      help: 'Give a clone or an address that git can read. Try it: git ls-remote --tags ADDRESS',
      exit: EXIT.unreachable,
    },
  );
}

function openHere(given: string): TaggedRepository {
  const repository = findRepository(given) ?? namedRepository(path.resolve(given));
  if (repository === undefined) throw new UserError('no-repository', `${given} is in no git repository`);
  const upstream = upstreamOf(repository, branchOf(repository) ?? '');
  if (upstream !== undefined) {
    const { name, url } = upstream.remote;
    refuseProgram(url);
    refuseOwnFolder(url, `git remote set-url ${name} ADDRESS`);
    return { repository, url };
  }
  throw new UserError('no-remote', `${given} has no remote that servers could clone`, {
    help: `Give the address that servers clone: wdev market build ADDRESS\nOr name it here: ${typedGit(given)} remote add origin ADDRESS`,
  });
}

export async function tagsOf(repository: Repository): Promise<readonly string[]> {
  const { stdout } = await gitStored(repository, [
    'for-each-ref',
    '--format=%(refname:strip=2)',
    'refs/tags',
  ]);
  return stdout.split('\n').filter((name) => name !== '');
}

/** Bytes of the files that one git hands out together. */
const TOGETHER = 16 * MOST;

/**
 * The text of one path in many tags, by two programs of git for all of them; without tags where it is no file, or has more than a
 * million bytes.
 */
export async function textsInTags(
  repository: Repository,
  tags: readonly string[],
  file: string,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const lines = (names: readonly string[]): string =>
    names.map((tag) => `refs/tags/${tag}:${file}\n`).join('');
  const { stdout } = await gitStored(repository, ['cat-file', '--batch-check=%(objecttype) %(objectsize)'], {
    input: lines(tags),
  });
  const sizes = stdout.split('\n').map((line) => Number(/^blob (\d+)$/.exec(line)?.[1] ?? Number.NaN));
  let [group, bytes]: [string[], number] = [[], 0];
  const read = async (): Promise<void> => {
    const answer = encodeName(
      (await gitStored(repository, ['cat-file', '--batch=%(objectsize)'], { input: lines(group) })).stdout,
    );
    let at = 0;
    for (const tag of group) {
      const end = answer.indexOf(10, at);
      const size = Number(answer.subarray(at, end).toString());
      found.set(tag, answer.subarray(end + 1, end + 1 + size).toString('utf8'));
      at = end + 1 + size + 1;
    }
    [group, bytes] = [[], 0];
  };
  for (const [at, tag] of tags.entries()) {
    const size = sizes[at] ?? Number.NaN;
    if (!(size <= MOST)) continue;
    group.push(tag);
    bytes += size;
    if (bytes > TOGETHER) await read();
  }
  if (group.length > 0) await read();
  return found;
}

/** The paths of a tag's files, with `/`. */
export async function namesInTag(repository: Repository, tag: string): Promise<readonly string[]> {
  const { stdout } = await gitStored(repository, ['ls-tree', '-r', '-z', '--name-only', `refs/tags/${tag}`]);
  return stdout.split('\0').filter((name) => name !== '');
}

/** The text of a file of a tag; undefined when it is none, or has more than a million bytes. */
export async function textInTag(
  repository: Repository,
  tag: string,
  file: string,
): Promise<string | undefined> {
  const object = `refs/tags/${tag}:${file}`;
  const size = await gitStored(repository, ['cat-file', '-s', object]);
  if (size.status !== 0 || Number(size.stdout) > MOST) return undefined;
  const blob = await gitStored(repository, ['cat-file', 'blob', object]);
  return blob.status === 0 ? blob.stdout : undefined;
}

/**
 * The names of branches and tags at an address, without `refs/…/`.
 * @throws UserError `not-an-address`, `remote-unreachable` (exit 3)
 */
export async function namesAt(url: string, folder: string): Promise<ReadonlySet<string>> {
  refuseProgram(url);
  const listed = await gitOwn(folder, ['ls-remote', '--heads', '--tags', '--', url], {
    settings: ['core.hooksPath=/dev/null', 'core.fsmonitor=false'],
    timeout: MINUTES_5,
    env: { GIT_ALLOW_PROTOCOL: PROTOCOLS },
  });
  if (listed.status !== 0)
    throw new UserError(
      'remote-unreachable',
      `git could not ask ${masked(url)}: ${masked(gitReason(listed.stderr))}`,
      { exit: EXIT.unreachable },
    );
  const names = [...listed.stdout.matchAll(/\trefs\/(?:heads|tags)\/(\S+?)(?:\^\{\})?$/gm)];
  return new Set(names.map(([, name = '']) => name));
}
