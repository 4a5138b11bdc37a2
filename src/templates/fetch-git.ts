/** Templates in git repositories: fetched by git's own transports, read from git's archive; nothing is checked out. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROTOCOLS, gitOwn, gitStored } from '../git/call.ts';
import { gitReason } from '../git/reason.ts';
import { namedRepository, type Repository } from '../git/repository.ts';
import { quoteAll } from '../support/quote.ts';
import { UserError } from '../support/errors.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { readText } from '../support/read-file.ts';
import type { RunResult } from '../support/run.ts';
import { readTemplateArchive, type StoredFile } from './template-files.ts';
import { during } from '../support/doing.ts';
import { masked } from '../support/secrets.ts';

export interface GitSource {
  readonly url: string;
  /** Branch, tag or commit; the default branch without it. */
  readonly ref?: string;
  readonly subfolder: string;
}

const MINUTES_2 = 120_000;

/**
 * Fetches the commit that a source names, and reads the template in it.
 * @throws UserError `template-unreachable` with git's own words, `unknown-template` when it holds none
 */
export async function fetchGit(
  source: GitSource,
): Promise<{ readonly commit: string; readonly files: readonly StoredFile[] }> {
  const work = temporaryFolder('template');
  try {
    const { repository, commit } = await (source.url.startsWith('file:')
      ? openHere(source)
      : during(
          `fetching ${masked(source.url)}`,
          async () => await fetchFar(source, path.join(work, 'repository')),
        ));
    const archive = path.join(work, 'template.tar');
    const tree = source.subfolder === '' ? commit : `${commit}:${source.subfolder}`;
    const made = await gitStored(repository, ['archive', '--format=tar', `--output=${archive}`, tree]);
    if (made.status !== 0) {
      throw new UserError('unknown-template', `there is no folder ${source.subfolder} in ${source.url}`, {
        help: `This was looked for in commit ${commit}.`,
      });
    }
    const files = await readTemplateArchive(archive, '');
    refusePointers(files, source);
    return { commit, files };
  } finally {
    removeFolder(work);
  }
}

interface Fetched {
  readonly repository: Repository;
  readonly commit: string;
}

/** A repository on this machine is read where it is: git would run programs that its configuration names. */
async function openHere(source: GitSource): Promise<Fetched> {
  const repository = namedRepository(fileURLToPath(source.url));
  if (repository === undefined) throw unreachable(source, 'there is no git repository');
  return { repository, commit: await commitOf(repository, source.ref ?? 'HEAD', source) };
}

async function fetchFar(source: GitSource, folder: string): Promise<Fetched> {
  const made = await gitOwn(path.dirname(folder), ['init', '--quiet', '--bare', '--template=', '--', folder]);
  const repository = made.status === 0 ? namedRepository(folder) : undefined;
  if (repository === undefined) throw unreachable(source, made);
  return { repository, commit: await fetchCommit(repository, source) };
}

/** Git LFS would fetch the files from wherever the repository says, by a program of its own. */
function refusePointers(files: readonly StoredFile[], source: GitSource): void {
  const pointer = files.find(({ content }) => LFS.equals(content.subarray(0, LFS.length)));
  if (pointer === undefined) return;
  throw new UserError(
    'unsafe-template',
    `${pointer.path} of ${source.url} is in Git LFS, which wdev does not fetch`,
    {
      help: 'Keep the files of a template in git itself: git lfs migrate export --include="*"',
    },
  );
}

const LFS = Buffer.from('version https://git-lfs.github.com/spec/');

async function fetchCommit(repository: Repository, source: GitSource): Promise<string> {
  const wanted = source.ref ?? 'HEAD';
  const shallow = await fetch(repository, source.url, ['--depth=1'], wanted);
  if (shallow.status === 0) return await commitOf(repository, fetchedHead(repository), source);
  if (!/^[0-9a-f]{4,40}$/.test(wanted)) throw unreachable(source, shallow);
  // many servers hand out a commit only with the branch that leads to it
  const whole = await fetch(repository, source.url, [], '+refs/*:refs/*');
  if (whole.status !== 0) throw unreachable(source, whole);
  return await commitOf(repository, wanted, source);
}

/** FETCH_HEAD is of one repository, and no reference that a view has. */
function fetchedHead({ gitDir }: Repository): string {
  return /^[0-9a-f]+/.exec(readText(path.join(gitDir, 'FETCH_HEAD')))?.[0] ?? 'FETCH_HEAD';
}

/** With the person's credentials, ssh and proxies; never with a program that an address names. */
async function fetch(
  { gitDir }: Repository,
  url: string,
  options: readonly string[],
  refspec: string,
): Promise<RunResult> {
  const common = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-auto-gc'];
  return await gitOwn(gitDir, [...common, ...options, '--', url, refspec], {
    settings: ['core.hooksPath=/dev/null', 'core.fsmonitor=false'],
    timeout: MINUTES_2,
    env: { GIT_ALLOW_PROTOCOL: PROTOCOLS, GIT_DIR: gitDir },
  });
}

async function commitOf(repository: Repository, name: string, source: GitSource): Promise<string> {
  const found = await gitStored(repository, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  const commit = found.stdout.trim();
  if (found.status === 0 && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw unreachable(source, `no commit ${name}`);
}

function unreachable(source: GitSource, why: RunResult | string): UserError {
  const ref = source.ref === undefined ? '' : ` at ${source.ref}`;
  return new UserError('template-unreachable', `git could not fetch ${source.url}${ref}: ${reasonOf(why)}`, {
    help: `Try it by hand: git ls-remote ${quoteAll([source.url])}`,
  });
}

function reasonOf(why: RunResult | string): string {
  if (typeof why === 'string') return why;
  if (why.status === 127) return 'git is not installed';
  if (why.status === 124) return 'no answer within 2 minutes';
  return gitReason(why.stderr);
}
