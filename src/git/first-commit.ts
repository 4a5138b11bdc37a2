import { run } from '../support/run.ts';

/**
 * Makes a git repository of a new plugin, with a first commit. Inside a work tree it does nothing.
 * Never fails: the text that comes back says what could not be done.
 */
export async function firstCommit(folder: string): Promise<string | undefined> {
  const inside = await git(folder, ['rev-parse', '--is-inside-work-tree']);
  if (inside.status === 127) return 'git is not installed, so there is no repository yet';
  if (inside.status === 0 && inside.stdout.trim() === 'true') return undefined;
  for (const step of [
    ['init', '--quiet'],
    ['add', '--all'],
  ]) {
    const { status, stderr } = await git(folder, step);
    if (status !== 0) return `git ${step[0]} failed: ${firstLine(stderr)}`;
  }
  const commit = await git(folder, ['commit', '--quiet', '--no-verify', '--message', 'Start the plugin']);
  if (commit.status === 0) return undefined;
  if (/user\.name|user\.email|identity/i.test(commit.stderr)) {
    return 'the first commit was left out: git has no user.name and user.email yet';
  }
  return `git commit failed: ${firstLine(commit.stderr)}`;
}

function git(folder: string, args: readonly string[]): ReturnType<typeof run> {
  return run(['git', ...args], { cwd: folder, env: { GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' } });
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

/** The commit of a repository that firstCommit made; empty when it has none yet, undefined without a repository. */
export async function commitOf(folder: string): Promise<string | undefined> {
  const top = await git(folder, ['rev-parse', '--git-dir']);
  if (top.status !== 0 || top.stdout.trim() !== '.git') return undefined;
  const head = await git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  return head.status === 0 ? head.stdout.trim() : '';
}
