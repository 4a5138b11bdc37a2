import { expect, it } from 'vitest';
import { looksIncomplete, wholenessFindings } from '../../src/package/wholeness.ts';
import type { StagedFile } from '../../src/stage/tree.ts';

// 200 MB in a save's memory: npm run bench -- large holds the bar
it('a package is judged without reading its large files', () => {
  const large = {
    path: '/usr/share/acme/sounds.bin',
    mode: 0o755,
    hash: '',
    large: { file: '/nowhere', size: 2e8, pieces: () => [] },
    get bytes(): Buffer {
      throw new Error('read');
    },
  } satisfies StagedFile;
  const contents = { sources: new Map(), files: [large], stderr: '' };
  expect(looksIncomplete(contents)).toBe(false);
  expect(wholenessFindings(contents, undefined)).toEqual([]);
  const empty = { path: large.path, mode: 0o755, hash: '', bytes: Buffer.alloc(0) };
  expect(looksIncomplete({ ...contents, files: [empty] })).toBe(true);
});
