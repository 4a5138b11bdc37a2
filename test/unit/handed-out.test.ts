/** The files of a plugin are those that a clone on a server has: git itself commits and clones each work tree, and is compared. */

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkPlugin } from '../../src/check/check.ts';
import { diskHash, listSources, sha256, type SourceListing } from '../../src/git/sources.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { buildPackage } from '../../src/package/build.ts';
import { tempFolder } from '../support/temp.ts';
import { makePlugin } from '../support/watch.ts';
import { GIT_IDENTITY, wdev } from '../support/wdev.ts';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

function git(folder: string, ...args: readonly string[]): void {
  execFileSync('git', args, { cwd: folder, env: { ...GIT_IDENTITY, ...process.env }, stdio: 'pipe' });
}

function write(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
}

/** The person's own configuration of git. */
function configure(text: string): void {
  const file = path.join(tempFolder(), 'gitconfig');
  writeFileSync(file, text);
  process.env['GIT_CONFIG_GLOBAL'] = file;
}

/** The files that a server has after the author's `git add`, `git commit` and `git push`. */
function cloned(folder: string): string {
  const copy = path.join(tempFolder(), 'copy');
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  if (!existsSync(path.join(copy, '.git'))) git(copy, 'init', '--quiet');
  git(copy, 'add', '--all');
  git(copy, 'commit', '--quiet', '--allow-empty', '--message', 'all');
  const clone = path.join(tempFolder(), 'clone');
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${copy}`, clone], {
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    stdio: 'pipe',
  });
  return clone;
}

function expectSame(listing: SourceListing, clone: string): void {
  expect(listing.size).toBeGreaterThan(0);
  for (const { path: name, hash, link } of listing.values()) {
    const full = path.join(clone, name);
    if (link !== undefined) expect([name, readlinkSync(full)]).toEqual([name, link]);
    else expect([name, hash]).toEqual([name, sha256(readFileSync(full))]);
  }
}

const CRLF = 'one\r\ntwo\r\n';
const LF = 'one\ntwo\n';
const BINARY = Buffer.from([1, 0, 13, 10, 255, 13, 10]);
const AUTO = '[core]\n\tautocrlf = true\n';

type Row = readonly [
  name: string,
  files: Readonly<Record<string, string | Buffer>>,
  config?: string,
  /** Committed as they are before the others are written. */
  first?: Readonly<Record<string, string | Buffer>>,
];

const ROWS: readonly Row[] = [
  ['no attribute, and CRLF', { a: CRLF, b: LF }],
  ['text eol=lf, and CRLF', { '.gitattributes': 'a text eol=lf\n', a: CRLF, b: CRLF }],
  ['text alone', { '.gitattributes': '* text\n', a: CRLF, b: 'one\r\ntwo\n' }],
  ['text=auto, and what is no text', { '.gitattributes': '* text=auto\n', a: CRLF, b: BINARY }],
  ['text, and what is no text', { '.gitattributes': '* text\n', b: BINARY }],
  ['-text', { '.gitattributes': '* -text\n', a: CRLF }, AUTO],
  ['binary, which is a macro', { '.gitattributes': '* text\na binary\n', a: CRLF, b: CRLF }],
  ['a macro of its own', { '.gitattributes': '[attr]ends text eol=crlf\na ends\n', a: LF, b: LF }],
  ['the older name of text', { '.gitattributes': 'a crlf=input\nb -crlf\n', a: CRLF, b: CRLF }],
  ['eol=crlf, and LF', { '.gitattributes': '* text eol=crlf\n', a: LF, b: CRLF }],
  ['eol=lf alone', { '.gitattributes': '* eol=lf\n', a: CRLF }],
  ['autocrlf, and no attribute', { a: CRLF, b: LF, c: BINARY }, AUTO],
  ['autocrlf=input', { a: CRLF }, '[core]\n\tautocrlf = input\n'],
  ['core.eol of the person', { '.gitattributes': '* text\n', a: LF }, '[core]\n\teol = crlf\n'],
  ['autocrlf, and CRLF that is committed', { a: `${CRLF}three\r\n` }, AUTO, { a: CRLF }],
  ['an attribute after the commit', { '.gitattributes': '* text eol=lf\n' }, '', { a: CRLF, b: CRLF }],
  [
    'a line end that git would not bring back',
    { a: 'a\r\nb\n' },
    '[core]\n\tautocrlf = true\n\tsafecrlf = warn\n',
  ],
  ['ident', { '.gitattributes': '*.py ident\n', 'a.py': '# $Id$\n', 'b.py': '# $Id: old $\n', c: '$Id$\n' }],
  [
    'UTF-16',
    {
      '.gitattributes': '*.txt text working-tree-encoding=UTF-16LE-BOM\n',
      'a.txt': Buffer.from('\uFEFFgrün\r\n', 'utf16le'),
    },
  ],
  [
    'UTF-16 in a large file',
    {
      '.gitattributes': '*.txt text working-tree-encoding=UTF-16LE eol=crlf\n',
      'a.txt': Buffer.from('grün\n'.repeat(600_000), 'utf16le'),
    },
  ],
  [
    'a filter of the person',
    { '.gitattributes': '*.wav filter=big -text\n', 'a.wav': 'sound\r\n', b: 'x' },
    '[filter "big"]\n\tclean = "sed s/^/pointer:/"\n\tsmudge = "sed s/^pointer://"\n\trequired = true\n',
  ],
  ['a filter that nobody has', { '.gitattributes': '*.wav filter=lfs\n', 'a.wav': 'sound\n' }],
  [
    'folders with attributes of their own',
    { '.gitattributes': '* text\n', 'etc/.gitattributes': '* -text\n', 'etc/a': CRLF, 'lib/a': CRLF },
  ],
  [
    'names of all kinds',
    { '.gitattributes': '* text\n', 'a b': CRLF, 'q"uote\\': CRLF, 'gr\u00fcn/\n': CRLF, '-x': CRLF },
  ],
];

describe('the sources are what a clone has', () => {
  it.each(ROWS.map((row) => [row[0], row] as const))('with %s', async (_, [, files, config = '', first]) => {
    configure(config);
    const folder = tempFolder();
    git(folder, 'init', '--quiet');
    if (first !== undefined) {
      write(folder, first);
      git(folder, '-c', 'core.autocrlf=false', 'add', '--all');
      git(folder, '-c', 'core.autocrlf=false', 'commit', '--quiet', '--message', 'first');
      // git reads again what it does not know by its time; right after the commit that depends on how fast we are
      for (const name of Object.keys(first)) utimesSync(path.join(folder, name), 1, 1);
    }
    write(folder, files);
    const listing = await listSources(folder);
    expectSame(listing, cloned(folder));
    for (const file of listing.values())
      expect(diskHash(file)).toBe(sha256(readFileSync(path.join(folder, file.path))));
    // nothing of that stays in the repository
    expect(readFileSync(path.join(folder, '.git/HEAD'), 'utf8')).toContain('ref:');
    expect(existsSync(path.join(folder, '.git/index'))).toBe(first !== undefined);
    expectSame(await listSources(folder, listing), cloned(folder));
  });

  it('in a folder of a repository, with attributes above it', async () => {
    configure('');
    const folder = tempFolder();
    git(folder, 'init', '--quiet');
    write(folder, { '.gitattributes': 'plugins/*/a text\n', 'plugins/x/a': CRLF, 'plugins/x/b': CRLF });
    expectSame(await listSources(path.join(folder, 'plugins/x')), path.join(cloned(folder), 'plugins/x'));
  });

  it('in a folder without a repository', async () => {
    configure(AUTO);
    const folder = tempFolder();
    write(folder, { '.gitattributes': 'b -text\nc ident\n', a: CRLF, b: CRLF, c: '$Id$\n' });
    expectSame(await listSources(folder), cloned(folder));
  });

  it('where the file system has no links', async () => {
    configure('');
    const folder = tempFolder();
    git(folder, 'init', '--quiet');
    write(folder, { a: LF });
    execFileSync('ln', ['-s', 'a', 'b'], { cwd: folder });
    git(folder, 'add', '--all');
    git(folder, 'config', 'core.symlinks', 'false');
    git(folder, 'config', 'core.filemode', 'false');
    execFileSync('rm', ['b'], { cwd: folder });
    git(folder, 'checkout', '--', 'b');
    expect(lstatSync(path.join(folder, 'b')).isFile()).toBe(true);
    const listing = await listSources(folder);
    expect(listing.get('b')).toMatchObject({ link: 'a', mode: 0o777 });
    expectSame(listing, cloned(folder));
  });

  it('without a filter that the repository itself names', async () => {
    configure('');
    const folder = tempFolder();
    const ran = path.join(tempFolder(), 'ran');
    git(folder, 'init', '--quiet');
    git(folder, 'config', 'filter.evil.clean', `touch ${ran}; cat`);
    git(folder, 'config', 'filter.evil.smudge', `touch ${ran}; cat`);
    write(folder, { '.gitattributes': '* filter=evil ident\n', a: '$Id$\r\n' });
    const { bytes } = (await listSources(folder)).get('a') ?? {};
    expect(bytes?.toString()).toMatch(/^\$Id: [0-9a-f]{40} \$\r\n$/);
    expect(existsSync(ran)).toBe(false);
  });

  it('and a file that git cannot store is named', async () => {
    configure('[filter "big"]\n\tclean = false\n\trequired = true\n');
    const folder = tempFolder();
    git(folder, 'init', '--quiet');
    write(folder, { '.gitattributes': '*.wav filter=big\n', 'a.wav': 'sound' });
    await expect(listSources(folder)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('a.wav') as string,
    });
  });
});

describe('wazo/rules with CRLF, which git stores with LF', () => {
  function withCrlf(): string {
    const dir = makePlugin(tempFolder(), 'hello');
    const rules = path.join(dir, 'wazo/rules');
    writeFileSync(rules, readFileSync(rules, 'utf8').replaceAll('\n', '\r\n'));
    return dir;
  }

  async function judged(dir: string): Promise<object> {
    const plugin = readPlugin(dir);
    if (plugin === undefined) throw new Error('no plugin');
    const found = await checkPlugin(plugin, await listSources(dir), { python: false });
    const errors = found.filter(({ level }) => level === 'error').map(({ code }) => code);
    return { errors, builds: (await buildPackage(plugin, tempFolder())).ok };
  }

  it('is checked and built', async () => {
    const dir = withCrlf();
    write(dir, { '.gitattributes': 'wazo/rules text eol=lf\n' });
    expect(await judged(dir)).toEqual({ errors: [], builds: true });
  });

  it('keeps CRLF when check --fix changes a line, and undo brings it back', async () => {
    const dir = withCrlf();
    const rules = path.join(dir, 'wazo/rules');
    const text = readFileSync(rules, 'utf8').replace(/^#!.*\r\n/, '');
    write(dir, { '.gitattributes': 'wazo/rules text eol=lf\n', 'wazo/rules': text });
    expect(await wdev(['check', '--fix', dir])).toMatchObject({ status: 0 });
    expect(readFileSync(rules, 'utf8')).toBe(`#!/bin/sh\r\n${text}`);
    await wdev(['undo'], { cwd: dir });
    expect(readFileSync(rules, 'utf8')).toBe(text);
  });

  it('is refused when the commit keeps CRLF, or a clone gets it', async () => {
    const kept = withCrlf();
    write(kept, { '.gitattributes': '' });
    git(kept, 'init', '--quiet');
    git(kept, 'add', '--all');
    git(kept, 'commit', '--quiet', '--message', 'one');
    for (const name of ['wazo/rules', 'wazo/plugin.yml']) utimesSync(path.join(kept, name), 1, 1);
    git(kept, 'update-index', '--refresh');
    write(kept, { '.gitattributes': 'wazo/rules text eol=lf\n' });
    const made = makePlugin(tempFolder(), 'hello');
    write(made, { '.gitattributes': '* text eol=crlf\n' });
    for (const dir of [kept, made]) {
      expect(await judged(dir)).toEqual({
        errors: expect.arrayContaining(['rules-crlf']) as string[],
        builds: false,
      });
    }
  });
});
