import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { decodeName } from '../../src/support/file-name.ts';
import { makeFolders } from '../../src/support/make-folders.ts';
import { tempFolder } from '../support/temp.ts';

let dir = '';

beforeEach(() => {
  dir = tempFolder();
});

it('makes what is missing, with its mode, and says where it began', () => {
  expect(makeFolders(path.join(dir, 'a/b/c'), 0o700)).toBe(path.join(dir, 'a'));
  for (const name of ['a', 'a/b', 'a/b/c']) expect(statSync(path.join(dir, name)).mode & 0o777).toBe(0o700);
  expect(makeFolders(path.join(dir, 'a/b/d'))).toBe(path.join(dir, 'a/b/d'));
  expect(makeFolders(path.join(dir, 'a/b'))).toBeUndefined();
  expect(makeFolders('.')).toBeUndefined();
});

it('goes on through a link to a folder, and takes names of any bytes', () => {
  makeFolders(path.join(dir, 'a'));
  symlinkSync('a', path.join(dir, 'link'));
  expect(makeFolders(path.join(dir, 'link'))).toBeUndefined();
  makeFolders(path.join(dir, 'link', decodeName(Buffer.from([0xff]))));
  expect(existsSync(Buffer.concat([Buffer.from(`${dir}/a/`), Buffer.from([0xff])]))).toBe(true);
});

it('ends where there can be no folder', () => {
  writeFileSync(path.join(dir, 'file'), '');
  symlinkSync('nowhere', path.join(dir, 'dangling'));
  for (const [name, code] of [
    [path.join(dir, 'file'), 'EEXIST'],
    [path.join(dir, 'file/x'), 'ENOTDIR'],
    [path.join(dir, 'dangling'), 'EEXIST'],
    [path.join(dir, 'dangling/x'), 'EEXIST'],
    ['/proc/x', 'ENOENT'],
    ['/proc/x/y', 'ENOENT'],
  ] as const)
    expect(() => makeFolders(name)).toThrow(expect.objectContaining({ code }));
});
