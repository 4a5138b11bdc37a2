import { SET_IDENTITY } from './identity.ts';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { typedGit } from './typed.ts';
import { isFolder } from '../support/stat.ts';
import { gitIn, gitOwn } from './call.ts';
import { hasRemote, rootedAt } from './head.ts';
import { findRepository } from './repository.ts';

const SUBJECT = 'Start the plugin';

/**
 * Makes a git repository of a new plugin, with a first commit, as the person would: with their hooks and their filters,
 * and on `branch`, which the plugin's own texts name.
 * Inside a work tree it does nothing. Never fails: the text that comes back says what could not be done.
 */
export async function firstCommit(folder: string, branch?: string): Promise<string | undefined> {
  if (findRepository(folder) !== undefined) return undefined;
  for (const step of [
    ['init', '--quiet', ...(branch === undefined ? [] : [`--initial-branch=${branch}`])],
    ['add', '--all'],
  ]) {
    const { status, stderr } = await gitOwn(folder, step);
    if (status === 127) return 'git is not installed, so there is no repository yet';
    if (status !== 0) return `git ${step[0]} failed: ${firstLine(stderr)}`;
  }
  const commit = await gitOwn(folder, ['commit', '--quiet', '--no-verify', '--message', SUBJECT]);
  if (commit.status === 0) return undefined;
  if (/user\.name|user\.email|identity/i.test(commit.stderr)) {
    return `no first commit: git user.name and user.email are not set. Set both, and commit:\n${SET_IDENTITY}\n${typedGit(folder)} commit --message "${SUBJECT}"`;
  }
  return `git commit failed: ${firstLine(commit.stderr)}`;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

/** The commit of a repository that firstCommit made; empty when it has none yet, undefined without a repository. */
export async function commitOf(folder: string): Promise<string | undefined> {
  if (rootedAt(folder) === undefined) return undefined;
  const head = await gitIn(folder, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  return head.status === 0 ? head.stdout.trim() : '';
}

/** Removes the repository that firstCommit made, as far as it came, unless somebody worked in it since. */
export async function removeFirstCommit(folder: string): Promise<void> {
  const gitDir = path.join(folder, '.git');
  if (!isFolder(gitDir)) return;
  if (rootedAt(folder) !== undefined) {
    const { status, stdout } = await gitIn(folder, ['log', '--all', '--format=%s']);
    if (status !== 0 || !['', SUBJECT].includes(stdout.trim()) || hasRemote(folder)) return;
  }
  // a git that outlived its caller may still be writing
  await rm(gitDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
