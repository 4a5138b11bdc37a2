/** The one place that starts git. */

import { run, type RunResult } from '../support/run.ts';

/** Variables of the person's environment that would lead git elsewhere than it is told to go. */
const ASTRAY = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_ATTR_SOURCE',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_EXTERNAL_DIFF',
  'GIT_GLOB_PATHSPECS',
  'GIT_GRAFT_FILE',
  'GIT_ICASE_PATHSPECS',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_LITERAL_PATHSPECS',
  'GIT_NAMESPACE',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
] as const;

const ENVIRONMENT: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(ASTRAY.map((name) => [name, undefined])),
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

export interface GitOptions {
  /** Settings of this call, `key=value`; they outrank every file. */
  readonly settings?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; no limit by default. */
  readonly timeout?: number;
  /** Its standard input; empty by default. */
  readonly input?: string | Uint8Array;
}

/** Runs git outside of all repositories, as for a value of the person's own configuration. */
export async function gitNowhere(
  args: readonly string[],
  settings: readonly string[] = [],
): Promise<RunResult> {
  return await startGit(args, '/', { env: { GIT_DIR: '/dev/null' }, settings });
}

/** Starts git for those who call it (call.ts), or outside of all repositories (gitNowhere). */
export async function startGit(
  args: readonly string[],
  cwd: string,
  { settings = [], env, timeout, input }: GitOptions,
  signal?: AbortSignal,
): Promise<RunResult> {
  return await run(['git', ...settings.flatMap((setting) => ['-c', setting]), ...args], {
    cwd,
    env: { ...ENVIRONMENT, ...env },
    ...(timeout === undefined ? {} : { timeout }),
    ...(input === undefined ? {} : { input }),
    signal,
  });
}

/** The answer of git where there is no repository. */
export function noRepository(args: readonly string[], dir: string): RunResult {
  return {
    command: ['git', ...args],
    status: 128,
    stdout: '',
    stderr: `fatal: not a git repository: ${dir}`,
  };
}
