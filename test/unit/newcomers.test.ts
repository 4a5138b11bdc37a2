import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Newcomers } from '../../src/loop/newcomers.ts';
import { tempFolder } from '../support/temp.ts';

it('takes in a plugin once nothing of it was written just now, and keeps one that is being edited', () => {
  const root = tempFolder();
  const newcomers = new Newcomers([root]);
  expect(newcomers.find()).toEqual([]);
  const dir = path.join(root, 'late');
  mkdirSync(path.join(dir, 'wazo'), { recursive: true });
  writeFileSync(path.join(dir, 'wazo/plugin.yml'), '');
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
