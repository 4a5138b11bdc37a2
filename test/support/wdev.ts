import path from 'node:path';
import { packageRoot } from '../../src/support/paths.ts';
import { run, type RunOptions, type RunResult } from '../../src/support/run.ts';

/** The built command: test/run.ts builds before it tests. */
export const BIN = path.join(packageRoot(), 'dist/src/bin.cjs');

/** Runs the built `wdev` as a person would: without a terminal, with a fixed git identity. */
export function wdev(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return run([process.execPath, BIN, ...args], {
    ...options,
    env: { NO_COLOR: '1', ...GIT_IDENTITY, ...options.env },
  });
}

export const GIT_IDENTITY = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.org',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.org',
} as const;

/** The environment of somebody whose name git does not know. */
export const NOBODY = {
  GIT_AUTHOR_NAME: undefined,
  GIT_AUTHOR_EMAIL: undefined,
  GIT_COMMITTER_NAME: undefined,
  GIT_COMMITTER_EMAIL: undefined,
  EMAIL: undefined,
} as const;
