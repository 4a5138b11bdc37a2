import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Node reads these at each start, for twice the time of the start itself; no test speaks TLS
delete process.env['NODE_EXTRA_CA_CERTS'];

// what tests leave, and what wdev records of the plugins that they make, is not the developer's, and goes with the run
const own = mkdtempSync(path.join(tmpdir(), 'wdev-run-'));
process.on('exit', () => rmSync(own, { recursive: true, force: true }));
const temporary = path.join(own, 'tmp');
mkdirSync(temporary);
// as /tmp is: yo drops root's rights
chmodSync(own, 0o711);
chmodSync(temporary, 0o1777);
const machines = [fileURLToPath(import.meta.resolve('./support/real-setup.ts'))];
const env = { XDG_STATE_HOME: path.join(own, 'state'), XDG_CONFIG_HOME: path.join(own, 'config') };

/**
 * `unit` needs nothing but node, git and sh; `real` needs root and the disposable stack, and so does `long`,
 * which takes minutes and is left to .ci/run (`npm test -- --project long`). See test/run.ts.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          root: import.meta.dirname,
          env: { ...env, TMPDIR: temporary },
          include: ['unit/**/*.test.ts', 'hostile/**/*.test.ts', 'truth/**/*.test.ts'],
          setupFiles: [fileURLToPath(import.meta.resolve('./support/seed.ts'))],
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'real',
          root: import.meta.dirname,
          env,
          include: ['real/**/*.test.ts'],
          globalSetup: machines,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'long',
          root: import.meta.dirname,
          env,
          include: ['long/**/*.test.ts'],
          globalSetup: machines,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
