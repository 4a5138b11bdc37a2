import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { lookAtLarge } from '../../src/git/large-files.ts';
import { looksIncomplete, wholenessFindings } from '../../src/package/wholeness.ts';
import type { StagedFile } from '../../src/stage/tree.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

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

it('a large file that goes while a check looks at it has no text, and cannot be copied any more', () => {
  const file = path.join(tempFolder(), 'sounds');
  writeFileSync(file, Buffer.alloc(5 * 2 ** 20, 'x'));
  const looked = lookAtLarge(file);
  expect([...(looked.large?.pieces() ?? [])]).toHaveLength(5);
  rmSync(file);
  expect([...(looked.large?.pieces() ?? [])]).toEqual([]);
  expect(() => looked.hash).toThrow(expect.objectContaining({ code: 'file-unreadable' }));
});

/** Says at the end how many bytes a process has read. Source: proc(5), /proc/pid/io, rchar. */
const COUNT = `process.on('exit', () => {
  const [, read] = /rchar: (\\d+)/.exec(require('node:fs').readFileSync('/proc/self/io', 'utf8'));
  process.stderr.write('read=' + read + '\\n');
});`;

it('a check reads large files to tell line ends, once, and copies none', async () => {
  const dir = tempFolder();
  const files = {
    'wazo/plugin.yml': "name: hello\nnamespace: acme\nversion: '1'\n",
    'wazo/rules': '#!/bin/sh\n',
  };
  mkdirSync(path.join(dir, 'wazo'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dir, name), text);
  const hook = path.join(tempFolder(), 'count.cjs');
  writeFileSync(hook, COUNT);
  const bytes = async (): Promise<number> => {
    const { stderr } = await wdev(['check', dir], { env: { NODE_OPTIONS: `--require=${hook}` } });
    return Number(/read=(\d+)/.exec(stderr)?.[1]);
  };
  const without = await bytes();
  const size = 6 * 2 ** 20;
  for (const [at, name] of ['a.sln', 'b.py', 'c.sh', 'd.yml'].entries())
    writeFileSync(path.join(dir, name), Buffer.alloc(size, `line ${at}\n`));
  expect(((await bytes()) - without) / (4 * size)).toBeLessThan(1.5);
});
