/** The record of edits is data too: what is not as wdev writes it, for this folder on this machine, is never acted upon. */
import { hash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { editFiles } from '../../src/edits/edit-files.ts';
import type { FileEdit } from '../../src/edits/file-tree.ts';
import { readLedger } from '../../src/edits/ledger.ts';
import { undoLast } from '../../src/edits/undo.ts';
import { stateFolder } from '../../src/support/paths.ts';
import { treeOf } from '../support/generations.ts';
import { tempFolder } from '../support/temp.ts';

const EDITS: readonly FileEdit[] = [
  { path: 'a/b/new.txt', after: { text: 'new', mode: 0o644 } },
  {
    path: 'old.txt',
    before: { text: 'before', mode: 0o644 },
    after: { text: 'after', mode: 0o644 },
  },
  { path: 'gone/bytes', before: { text: 'AP8=', mode: 0o600, encoding: 'base64' } },
];

/** Everything that a record can hold, in the words of one that was written; `{}` where it is taken from. */
const MORE = {
  whole: { commit: 'a'.repeat(40), stood: true },
  release: { tag: '1.0.0', branch: 'main', parent: 'b'.repeat(40) },
};

let dir = '';

beforeEach(async () => {
  dir = tempFolder();
  mkdirSync(path.join(dir, 'gone'));
  writeFileSync(path.join(dir, 'old.txt'), 'before');
  writeFileSync(path.join(dir, 'gone/bytes'), Buffer.from([0, 255]), { mode: 0o600 });
  await editFiles(dir, EDITS, 'first');
});

function recordFile(folder: string): string {
  const edits = path.join(stateFolder(), 'edits');
  const name = readdirSync(edits).find(
    (each) => each.endsWith('.json') && readFileSync(path.join(edits, each), 'utf8').includes(`"${folder}"`),
  );
  return path.join(edits, name ?? '');
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

function bodyOf(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8').split('\n')[1] ?? '') as Json;
}

/** Replaces the ledger, with the hash that goes with it: as somebody would who knows how it is written. */
function write(file: string, ledger: Json): void {
  const head = JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '') as object;
  const body = JSON.stringify(ledger);
  writeFileSync(file, `${JSON.stringify({ ...head, sum: hash('sha256', body) })}\n${body}\n`);
}

type Where = readonly (string | number)[];

/** Each place in a value at which something stands, and what. */
function* places(value: Json, where: Where = []): Generator<readonly [Where, Json]> {
  if (where.length > 0) yield [where, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value))
    yield* places(inner, [...where, Array.isArray(value) ? Number(name) : name]);
}

/** A copy with another value at a place; without one there, when it is undefined. */
function changed(value: Json, [first, ...rest]: Where, other: Json | undefined): Json {
  if (first === undefined) return other ?? null;
  const copy = structuredClone(value) as Record<string | number, Json>;
  if (rest.length === 0 && other === undefined) delete copy[first];
  else copy[first] = changed(copy[first] ?? null, rest, other);
  return copy;
}

const OPTIONAL = ['before', 'after', 'encoding', 'whole', 'commit', 'stood', 'release', 'pending', 'inPlace'];

/** The ledger with all that there can be in it: a record, and the same one cut off. */
function full(): Json {
  const { records } = bodyOf(recordFile(dir)) as { readonly records: readonly [Json] };
  const record = { ...(records[0] as object), ...MORE } as Json;
  const work = '.wdev/edit-01234567-89ab-cdef-0123-456789abcdef';
  return { records: [record], pending: { record, undoes: false, work, inPlace: true } };
}

describe('a record', () => {
  it('is read with all that it can hold', () => {
    write(recordFile(dir), full());
    expect(readLedger(dir)).toEqual(full());
  });

  it('of which any field is missing, or of another type, is refused', () => {
    const file = recordFile(dir);
    const whole = full();
    const taken: string[] = [];
    let tried = 0;
    for (const [where, value] of places(whole)) {
      const isElement = typeof where.at(-1) === 'number' || where.at(-2) === 'modes';
      const others = [null, true, 7.5, -1, 'x\0', [[]], { x: {} }].filter(
        (other) => typeof other !== typeof value || Array.isArray(other) !== Array.isArray(value),
      );
      const left = isElement || OPTIONAL.includes(String(where.at(-1))) ? [] : [undefined];
      for (const other of [...others, ...left]) {
        // a map of names takes any name
        if (where.at(-1) === 'modes' && typeof other === 'object' && other !== null && 'x' in other) continue;
        tried += 1;
        write(file, changed(whole, where, other));
        try {
          readLedger(dir);
          taken.push(`${where.join('.')} = ${JSON.stringify(other)}`);
        } catch (error) {
          expect(error).toMatchObject({ code: 'damaged-record' });
        }
      }
    }
    expect(taken).toEqual([]);
    expect(tried).toBeGreaterThan(200);
  });

  const OUTSIDE = ['/etc/passwd', '../x', 'a/../../x', '..', '.', '', 'a//b', 'a/./b', 'a/', './a', 'a\0b'];
  it.each<readonly [string, readonly Where[], readonly Json[]]>([
    [
      'path',
      [
        ['records', 0, 'files', 0, 'path'],
        ['pending', 'record', 'files', 0, 'path'],
        ['records', 0, 'folders', 0],
        ['pending', 'record', 'folders', 0],
      ],
      OUTSIDE,
    ],
    ['map', [['records', 0, 'modes']], OUTSIDE.map((name) => ({ [name]: 0o755 }))],
    [
      'folder of work',
      [['pending', 'work']],
      [...OUTSIDE, '.wdev/edit-../x', '.wdev', '.wdev/edit-', 'a', '.git', '.wdev/edit-0/../../a'],
    ],
    [
      'mode',
      [
        ['records', 0, 'files', 1, 'before', 'mode'],
        ['records', 0, 'files', 1, 'after', 'mode'],
        ['records', 0, 'modes', 'gone'],
      ],
      [-1, 0.5, 0o10000, 1e300],
    ],
    ['hash', [['records', 0, 'files', 0, 'after', 'content']], ['', 'x', 'A'.repeat(64), 'a'.repeat(65)]],
    ['encoding', [['records', 0, 'files', 2, 'before', 'encoding']], ['', 'hex', 'utf8']],
    [
      'name for git',
      [
        ['records', 0, 'release', 'tag'],
        ['records', 0, 'release', 'branch'],
        ['records', 0, 'release', 'parent'],
      ],
      ['--hard', '-x', '', 'a b', 'a..\n', 'HEAD~1', 'a:b'],
    ],
    [
      'commit',
      [
        ['records', 0, 'whole', 'commit'],
        ['records', 0, 'release', 'parent'],
      ],
      ['--all', 'main', 'abc'],
    ],
  ])('with a %s that wdev does not write is refused', (_, wheres, values) => {
    const file = recordFile(dir);
    const whole = full();
    for (const where of wheres) {
      for (const value of values) {
        write(file, changed(whole, where, value));
        expect(() => readLedger(dir), `${where.join('.')} = ${JSON.stringify(value)}`).toThrow(
          'cannot be used',
        );
      }
    }
  });

  it('of another folder, at the name of this one, says nothing of it', async () => {
    const other = tempFolder();
    mkdirSync(path.join(other, 'a/b'), { recursive: true });
    cpSync(dir, other, { recursive: true });
    await editFiles(other, [{ path: 'more', after: { text: '', mode: 0o644 } }], 'more');
    const before = treeOf(other);
    cpSync(recordFile(dir), recordFile(other));
    await expect(undoLast(other)).rejects.toMatchObject({ code: 'nothing-to-undo' });
    expect(treeOf(other)).toEqual(before);
  });
});

/** Takes a folder of the plugin elsewhere, and a link in its place. */
function plant(name: string): string {
  const elsewhere = path.join(tempFolder(), 'elsewhere');
  renameSync(path.join(dir, name), elsewhere);
  symlinkSync(elsewhere, path.join(dir, name));
  return elsewhere;
}

describe('a link in place of a folder', () => {
  it.each(['a', 'a/b'])('at %s: undo leaves what lies behind it', async (name) => {
    const elsewhere = plant(name);
    const before = treeOf(elsewhere);
    await expect(undoLast(dir)).rejects.toThrow('symlink');
    expect(treeOf(elsewhere)).toEqual(before);
    expect(readFileSync(path.join(dir, 'old.txt'), 'utf8')).toBe('after');
  });

  it.each(['a', '.wdev'])(
    'that comes at %s while files are made: none is written behind it',
    async (name) => {
      const elsewhere = tempFolder();
      // so many that the link is there long before the last one is made
      const many = Array.from({ length: 400 }, (_, at) => ({
        path: `${name === 'a' ? 'a/b' : 'c'}/${at}`,
        after: { text: 'x', mode: 0o644 },
      }));
      const edit = editFiles(dir, many, 'many').then(
        () => 'written',
        (error: unknown) => String(error),
      );
      const work = path.join(dir, '.wdev');
      while (!readdirSync(dir).includes('.wdev') || readdirSync(work).length === 0)
        await new Promise((resolve) => setImmediate(resolve));
      renameSync(path.join(dir, name), path.join(elsewhere, 'moved'));
      symlinkSync(elsewhere, path.join(dir, name));
      const before = treeOf(path.join(elsewhere, 'moved'));
      expect(await edit).toContain(name === 'a' ? 'symlink' : 'was not changed');
      expect(readdirSync(elsewhere)).toEqual(['moved']);
      if (name === 'a') expect(treeOf(path.join(elsewhere, 'moved'))).toEqual(before);
    },
  );
});
