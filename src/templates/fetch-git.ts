/** Templates in git repositories: fetched by git's own transports, read from git's archive; nothing is checked out. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { run, type RunResult } from '../support/run.ts';
import { readTemplateArchive, type StoredFile } from './template-files.ts';

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
  const work = await mkdtemp(path.join(tmpdir(), 'wdev-template-'));
  const repository = path.join(work, 'repository');
  try {
    await must(['init', '--quiet', '--bare', '--template=', '--', repository], work, source);
    const commit = await fetchCommit(repository, source);
    const archive = path.join(work, 'template.tar');
    const tree = source.subfolder === '' ? commit : `${commit}:${source.subfolder}`;
    const made = await git(['archive', '--format=tar', `--output=${archive}`, tree], repository);
    if (made.status !== 0) {
      throw new UserError('unknown-template', `there is no folder ${source.subfolder} in ${source.url}`, {
        help: `This was looked for in commit ${commit}.`,
      });
    }
    return { commit, files: await readTemplateArchive(archive, '') };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetchCommit(repository: string, source: GitSource): Promise<string> {
  const wanted = source.ref ?? 'HEAD';
  const shallow = await fetch(repository, source.url, ['--depth=1'], wanted);
  if (shallow.status === 0) return commitOf(repository, 'FETCH_HEAD', source);
  if (!/^[0-9a-f]{4,40}$/.test(wanted)) throw unreachable(source, shallow);
  // many servers hand out a commit only with the branch that leads to it
  const whole = await fetch(repository, source.url, [], '+refs/*:refs/*');
  if (whole.status !== 0) throw unreachable(source, whole);
  return commitOf(repository, wanted, source);
}

function fetch(
  repository: string,
  url: string,
  options: readonly string[],
  refspec: string,
): Promise<RunResult> {
  const common = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-auto-gc'];
  return git([...common, ...options, '--', url, refspec], repository);
}

async function commitOf(repository: string, name: string, source: GitSource): Promise<string> {
  const found = await git(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
    repository,
  );
  const commit = found.stdout.trim();
  if (found.status === 0 && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw unreachable(source, { ...found, stderr: `there is no commit ${name}` });
}

async function must(args: readonly string[], cwd: string, source: GitSource): Promise<void> {
  const done = await git(args, cwd);
  if (done.status !== 0) throw unreachable(source, done);
}

function git(args: readonly string[], cwd: string): Promise<RunResult> {
  const settings = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.attributesFile=/dev/null'];
  return run(['git', ...settings.flatMap((setting) => ['-c', setting]), ...args], {
    cwd,
    timeout: MINUTES_2,
    env: {
      GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
      GIT_TERMINAL_PROMPT: '0',
      GIT_DIR: undefined,
      GIT_WORK_TREE: undefined,
      GIT_INDEX_FILE: undefined,
      GIT_OBJECT_DIRECTORY: undefined,
      LC_ALL: 'C',
    },
  });
}

function unreachable(source: GitSource, result: RunResult): UserError {
  const reason =
    result.status === 127
      ? 'git is not installed'
      : result.status === 124
        ? 'no answer within 2 minutes'
        : result.stderr.trim().split('\n').slice(0, 3).join(' ');
  const ref = source.ref === undefined ? '' : ` at ${source.ref}`;
  return new UserError('template-unreachable', `git could not fetch ${source.url}${ref}: ${reason}`, {
    help: 'Check the address, the ref, and that git can read it: git ls-remote ADDRESS.',
  });
}
