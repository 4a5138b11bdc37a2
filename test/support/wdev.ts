import path from 'node:path';
import { packageRoot } from '../../src/support/paths.ts';
import { run, type RunOptions, type RunResult } from '../../src/support/run.ts';

/** Runs `wdev` from the sources, as a person would: without a terminal, with a fixed git identity. */
export function wdev(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const loader = path.join(packageRoot(), 'node_modules/tsx/dist/esm/index.mjs');
  const bin = path.join(packageRoot(), 'src/bin.ts');
  return run([process.execPath, '--import', loader, bin, ...args], {
    ...options,
    env: { ...GIT_IDENTITY, ...options.env },
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
