import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import * as fc from '../support/fast-check.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sha256, type SourceFile, type SourceListing } from '../../src/git/sources.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { CleanCopy } from '../../src/stage/clean-copy.ts';
import { stagePlugin } from '../../src/stage/stage.ts';
import { setPolicy } from '../../src/sandbox/policy.ts';
import { openWorkspace } from '../../src/stage/workspace.ts';
import { tempFolder } from '../support/temp.ts';

type Sources = Readonly<Record<string, string>>;

/** `->x` is a link to x, `!x` a program. */
function listing(texts: Sources): SourceListing {
  return new Map(
    Object.entries(texts).map(([name, text]): [string, SourceFile] => {
      if (text.startsWith('->')) {
        const link = text.slice(2);
        return [name, { path: name, mode: 0o777, link, hash: sha256(link), bytes: Buffer.alloc(0) }];
      }
      const mode = text.startsWith('!') ? 0o755 : 0o644;
      return [name, { path: name, mode, hash: sha256(text), bytes: Buffer.from(text) }];
    }),
  );
}

/** All that a program could see below a folder, but for the time at which it was laid out. */
function seen(root: string, below = ''): readonly string[] {
  return readdirSync(path.join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(below, entry.name);
    const full = path.join(root, name);
    const { mode, nlink } = lstatSync(full);
    const bits = (mode & 0o7777).toString(8);
    if (entry.isDirectory()) return [`${name}/ ${bits}`, ...seen(root, name)];
    const text = entry.isSymbolicLink() ? `->${readlinkSync(full)}` : readFileSync(full, 'utf8');
    return [`${name} ${bits} ${nlink} ${text}`];
  });
}

const NAMES = ['a', 'b', 'dir/a', 'dir/b', 'dir/sub/a', 'x'] as const;
const texts = fc.constantFrom('one', 'two', '!run', '->a', '->nowhere', '');
// a file and a folder cannot have one name
const sources = fc.oneof(
  fc.dictionary(fc.constantFrom(...NAMES), texts),
  fc.dictionary(fc.constantFrom('dir', 'a/b', 'x'), texts),
);

type Deed = (root: string) => void;
const names = fc.constantFrom(...NAMES, 'dir', 'dir/sub', 'made', 'made/too');

/** Changes that rules may make in their copy; those that the system does not allow are not made. */
const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(names, texts).map(
    ([name, text]) =>
      (root: string) =>
        writeFileSync(path.join(root, name), text),
  ),
  names.map((name) => (root: string) => {
    const full = path.join(root, name);
    const { atime, mtime, size } = lstatSync(full);
    writeFileSync(full, 'z'.repeat(size));
    utimesSync(full, atime, mtime);
  }),
  names.map((name) => (root: string) => appendFileSync(path.join(root, name), 'more')),
  names.map((name) => (root: string) => rmSync(path.join(root, name), { recursive: true })),
  names.map((name) => (root: string) => mkdirSync(path.join(root, name), { recursive: true })),
  fc.tuple(names, fc.constantFrom(0, 0o400, 0o777, 0o500)).map(
    ([name, mode]) =>
      (root: string) =>
        chmodSync(path.join(root, name), mode),
  ),
  fc.tuple(names, names).map(
    ([from, to]) =>
      (root: string) =>
        renameSync(path.join(root, from), path.join(root, to)),
  ),
  fc.tuple(names, names).map(
    ([from, to]) =>
      (root: string) =>
        linkSync(path.join(root, from), path.join(root, to)),
  ),
  names.map((name) => (root: string) => {
    rmSync(path.join(root, name), { recursive: true, force: true });
    symlinkSync('..', path.join(root, name));
  }),
);

describe('a clean copy that stays', () => {
  it('is what a new one is, whatever programs did to it and to the sources', async () => {
    const steps = fc.array(fc.tuple(sources, fc.array(deeds, { maxLength: 6 })), {
      minLength: 2,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const copy = path.join(tempFolder(), 'copy');
        const clean = new CleanCopy(copy);
        for (const [wanted, done] of script) {
          const fresh = await openWorkspace(listing(wanted));
          const expected = seen(fresh.source);
          fresh.remove();
          await clean.lay(listing(wanted));
          // what is done next is done within the same step of the file system's time
          expect(seen(copy)).toEqual(expected);
          for (const deed of done) {
            try {
              deed(copy);
            } catch {
              // not there, or in the way
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('writes only what changed, and gives all files one time', async () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`sounds/${at}.wav`, `${at}`]));
    const copy = path.join(tempFolder(), 'copy');
    const clean = new CleanCopy(copy);
    expect(await clean.lay(listing({ ...many, conf: 'one' }))).toBe(1001);
    writeFileSync(path.join(copy, 'built'), 'x');
    writeFileSync(path.join(copy, 'sounds/7.wav'), '8');
    expect(await clean.lay(listing({ ...many, conf: 'two' }))).toBe(2);
    expect(existsSync(path.join(copy, 'built'))).toBe(false);
    expect(await clean.lay(listing({ ...many, conf: 'two' }))).toBe(0);
    const times = readdirSync(copy, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => lstatSync(path.join(entry.parentPath, entry.name)).mtimeMs);
    expect(new Set(times).size).toBe(1);
  });

  it('is used by a plugin of many files that is staged again, and two stagings never share it', async () => {
    // its rules write to a file elsewhere, and the second run of them ends when the third one has begun
    setPolicy({ choice: 'off' });
    onTestFinished(() => setPolicy({ choice: 'best' }));
    const dir = tempFolder();
    const log = path.join(tempFolder(), 'log');
    mkdirSync(path.join(dir, 'wazo'));
    mkdirSync(path.join(dir, 'sounds'));
    writeFileSync(path.join(dir, 'wazo/plugin.yml'), "name: hello\nnamespace: demo\nversion: '1'\n");
    const rules = `#!/bin/sh\nset -e\n[ "$1" != build ] || { echo "$PWD $(ls -i sounds | sha256sum)" >>${log}; echo spoilt >sounds/3; [ $(wc -l <${log}) = 1 ] || until [ $(wc -l <${log}) = 3 ]; do sleep 0.05; done; }\n[ "$1" != package ] || { mkdir -p "$pkgdir/srv" && cp -R sounds "$pkgdir/srv"; }\n`;
    writeFileSync(path.join(dir, 'wazo/rules'), rules, { mode: 0o755 });
    for (let at = 0; at < 300; at += 1) writeFileSync(path.join(dir, `sounds/${at}`), `${at}`);
    const plugin = readPlugin(dir);
    if (plugin === undefined) throw new Error('no plugin');
    const first = await stagePlugin(plugin, { again: true });
    const [second, third] = await Promise.all([
      stagePlugin(plugin, { again: true }),
      stagePlugin(plugin, { again: true }),
    ]);
    for (const result of [first, second, third]) {
      expect(result.ok && result.stage.tree.size).toBe(302);
      expect(result.ok && result.stage.tree.get('/srv/sounds/3')?.bytes.toString()).toBe('spoilt\n');
    }
    const folders = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(new Set(folders).size).toBe(2);
    expect(folders.filter((folder) => folder === folders[0])).toHaveLength(2);
  });
});
