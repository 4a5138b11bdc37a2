import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { foldersByName } from '../../src/kinds/discover.ts';
import { Members } from '../../src/loop/members.ts';
import { Newcomers } from '../../src/loop/newcomers.ts';
import { tempFolder } from '../support/temp.ts';

it('takes in a plugin once nothing of it was written just now, and keeps one that is being edited', () => {
  const root = tempFolder();
  const newcomers = new Newcomers([root]);
  expect(newcomers.find()).toEqual([]);
  const dir = path.join(root, 'late');
  mkdirSync(path.join(dir, 'wazo'), { recursive: true });
  writeFileSync(path.join(dir, 'wazo/plugin.yml'), '');
  // all of it happens at one time, however busy the machine is
  vi.useFakeTimers({ toFake: ['Date'], now: statSync(root).mtimeMs });
  onTestFinished(() => void vi.useRealTimers());
  expect(newcomers.look()).toEqual([]);

  let told = 0;
  newcomers.listen(() => (told += 1));
  newcomers.stop();
  expect(told).toBe(1);

  writeFileSync(path.join(dir, 'wazo/plugin.yml'), 'name: late\nnamespace: demo\nversion: "1"\n');
  const before = new Date(Date.now() - 10_000);
  const written = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  for (const name of ['.', ...written]) utimesSync(path.join(dir, name), before, before);
  expect(newcomers.look()).toMatchObject([{ id: 'demo/late', dir }]);

  writeFileSync(path.join(dir, 'wazo/plugin.yml'), 'name: late\nnamespace: demo\nversion: "2"\n');
  expect(newcomers.look()).toMatchObject([{ id: 'demo/late', version: '2' }]);
});

it('takes one folder of each name, and keeps the one that is watched', () => {
  const root = tempFolder();
  const make = (folder: string): string => {
    const dir = path.join(root, folder);
    mkdirSync(path.join(dir, 'wazo'), { recursive: true });
    writeFileSync(path.join(dir, 'wazo/plugin.yml'), 'name: hello\nnamespace: demo\nversion: "1"\n');
    return dir;
  };
  const watched = make('hello');
  const options = {
    poll: false,
    settings: {},
    mayRun: () => true,
    emit: () => undefined,
    wake: () => undefined,
  };
  expect(new Members({ ...options, paths: [root] }).states).toHaveLength(1);
  const known = foldersByName([root]);
  const copy = make('copy');
  expect(foldersByName([root], known).get('demo/hello')).toBe(watched);
  expect(foldersByName([root]).get('demo/hello')).toBe(copy);
  expect(() => new Members({ ...options, paths: [root] })).toThrow(
    expect.objectContaining({ code: 'same-name', exit: 2, message: expect.stringContaining(copy) as string }),
  );
  expect(new Members({ ...options, paths: [watched] }).states).toHaveLength(1);
});

/** A folder whose manifest has a name on the disk and no content yet, as old as that. */
function emptyManifest(root: string, manifest: string, ms: number): string {
  const file = path.join(root, 'late', manifest);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  const before = new Date(Date.now() - ms);
  for (const name of [root, path.join(root, 'late'), path.dirname(file), file])
    utimesSync(name, before, before);
  return file;
}

it('hears of a plugin whose manifest was still empty when it was looked at', () => {
  const root = tempFolder();
  const newcomers = new Newcomers([root]);
  newcomers.find();
  const file = emptyManifest(root, 'call-logger-plugin.yml', 60_000);
  newcomers.look();
  const heard = (): number => {
    let told = 0;
    newcomers.listen(() => (told += 1));
    newcomers.stop();
    return told;
  };
  expect(heard()).toBe(0);
  writeFileSync(file, 'name: late\nversion: "1"\nbackends: {}\n');
  expect(heard()).toBe(1);
});

it('takes in no plugin under another name while its manifest is empty, but not for ever', () => {
  const root = tempFolder();
  const newcomers = new Newcomers([root]);
  newcomers.find();
  emptyManifest(root, 'wazo/plugin.yml', 1000);
  expect(newcomers.look()).toEqual([]);
  emptyManifest(root, 'wazo/plugin.yml', 60_000);
  expect(newcomers.look()).toMatchObject([{ id: 'late' }]);
});
