import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Node reads these at each start, for twice the time of the start itself; no test speaks TLS
delete process.env['NODE_EXTRA_CA_CERTS'];

// what tests leave, and what wdev records of the plugins that they make, is not the developer's, and goes with the run
const own = mkdtempSync(path.join(tmpdir(), 'wdev-run-'));
// a program that a failed test left may write there meanwhile
process.on('exit', () => rmSync(own, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
const temporary = path.join(own, 'tmp');
mkdirSync(temporary);
// as /tmp is: yo drops root's rights
chmodSync(own, 0o711);
chmodSync(temporary, 0o1777);
const machines = [fileURLToPath(import.meta.resolve('./support/real-setup.ts'))];
const env = {
  XDG_STATE_HOME: path.join(own, 'state'),
  XDG_CONFIG_HOME: path.join(own, 'config'),
  // what takes more than a second differs from run to run
  WDEV_PROGRESS: 'off',
};

/** Far more than anything takes, on a machine that does much else: what waits longer hangs. */
const LIMITS = { testTimeout: 900_000, hookTimeout: 900_000 } as const;

/** Files that take long begin first: begun last, they would run on alone. Names of files, as far as they need to be told. */
const LONGEST = [
  'real/restarts-',
  'real/bad-changes',
  'real/dialplan.',
  'real/target-contract',
  'real/why',
  'real/dialplan-generated',
  'hostile/',
  'truth/',
  'unit/generators-yo',
  'unit/watch.',
  'unit/add.',
  'unit/install',
  'unit/preview-golden',
  'unit/watch-services',
  'unit/bad-changes',
  'unit/why',
  'unit/target-contract',
  'unit/edits-killed',
  'unit/growth',
];

/** The longest first; the others as vitest has them: by how long they took the last time, or by their size. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const name = path.relative(import.meta.dirname, moduleId);
      const at = LONGEST.findIndex((start) => name.startsWith(start));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/**
 * `unit` needs nothing but node, git and sh; `real` needs root and the disposable stack, and so does `long`,
 * which takes minutes and is left to .ci/run (`npm test -- --project long`). See test/run.ts.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // of tests of one file that may run at the same time: other files keep the processor busy too
    maxConcurrency: 2,
    // the machines that are left are removed then
    teardownTimeout: 120_000,
    projects: [
      {
        test: {
          name: 'unit',
          root: import.meta.dirname,
          env: { ...env, TMPDIR: temporary },
          include: ['unit/**/*.test.ts', 'hostile/**/*.test.ts', 'truth/**/*.test.ts'],
          setupFiles: [fileURLToPath(import.meta.resolve('./support/cache.ts'))],
          ...LIMITS,
        },
      },
      {
        test: {
          name: 'real',
          root: import.meta.dirname,
          env,
          include: ['real/**/*.test.ts'],
          globalSetup: machines,
          ...LIMITS,
        },
      },
      {
        test: {
          name: 'soak',
          root: import.meta.dirname,
          env,
          include: ['soak/**/*.test.ts'],
          globalSetup: machines,
          ...LIMITS,
        },
      },
      {
        test: {
          name: 'long',
          root: import.meta.dirname,
          env,
          include: ['long/**/*.test.ts'],
          globalSetup: machines,
          ...LIMITS,
          fileParallelism: false,
        },
      },
    ],
  },
});
