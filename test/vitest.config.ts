import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

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
          include: ['unit/**/*.test.ts'],
          setupFiles: [fileURLToPath(import.meta.resolve('./support/seed.ts'))],
          testTimeout: 90_000,
        },
      },
      {
        test: {
          name: 'real',
          root: import.meta.dirname,
          include: ['real/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'long',
          root: import.meta.dirname,
          include: ['long/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
