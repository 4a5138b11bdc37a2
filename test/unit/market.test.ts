import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { marketOf, readMarket, type Market, type TaggedVersion } from '../../src/market/market.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { git, manifestOf, taggedRepository } from '../support/tagged.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

const SCHEMA = JSON.parse(
  readFileSync(path.join(packageRoot(), 'src/market/market.schema.json'), 'utf8'),
) as object;

let work = '';

beforeEach(() => {
  work = tempFolder();
});

const repository = (name: string, tags: Readonly<Record<string, string>>, folder?: string): string =>
  taggedRepository(work, name, tags, folder);

const read = (): Market => JSON.parse(readFileSync(path.join(work, 'site/v1/plugins'), 'utf8')) as Market;
const build = async (...repositories: readonly string[]): ReturnType<typeof wdev> =>
  await wdev(['market', 'build', ...repositories, '--out', path.join(work, 'site'), '--json']);
const check = async (): ReturnType<typeof wdev> =>
  await wdev(['market', 'check', path.join(work, 'site'), '--json']);

describe('a market of three plugins and a dependency', () => {
  it('is made of their tags, here and far away, in the form of wazo-plugind', async () => {
    const base = repository('base', { '1.0': manifestOf('base', '1.0', 'min_wazo_version: 24.10\n') });
    const hello = repository('hello', {
      'v0.9': manifestOf('hello', '0.9'),
      '1.9': manifestOf('hello', '1.9', 'max_wazo_version: "26.05"\n'),
      '1.10': manifestOf('hello', '1.10', 'display_name: Hello\ndepends: [{namespace: acme, name: base}]\n'),
    });
    const deep = repository('deep', { '2.0': manifestOf('deep', '2.0') }, 'plugins/deep');
    const made = await build(base, hello, `file://${deep}.git`);
    expect([made.status, made.stderr]).toEqual([0, '']);
    expect(new Ajv2020({ strictTypes: false }).validate(SCHEMA, read())).toBe(true);
    const url = (name: string): string => `file://${path.join(work, name)}.git`;
    expect(read()).toEqual({
      total: 3,
      items: [
        {
          namespace: 'acme',
          name: 'base',
          display_name: 'base',
          // what PyYAML makes of 24.10, and so what wazo-plugind compares
          versions: [
            {
              version: '1.0',
              min_wazo_version: '24.1',
              method: 'git',
              options: { url: url('base'), ref: '1.0' },
            },
          ],
        },
        {
          namespace: 'acme',
          name: 'deep',
          display_name: 'deep',
          versions: [
            {
              version: '2.0',
              method: 'git',
              options: { url: url('deep'), ref: '2.0', subdirectory: 'plugins/deep' },
            },
          ],
        },
        {
          namespace: 'acme',
          name: 'hello',
          display_name: 'Hello',
          versions: [
            { version: '1.10', method: 'git', options: { url: url('hello'), ref: '1.10' } },
            {
              version: '1.9',
              max_wazo_version: '26.05',
              method: 'git',
              options: { url: url('hello'), ref: '1.9' },
            },
            { version: '0.9', method: 'git', options: { url: url('hello'), ref: 'v0.9' } },
          ],
        },
      ],
    });
    expect(await check()).toMatchObject({ status: 0, stderr: '' });
    // a tag that went since
    git(hello, 'push', '--quiet', 'origin', ':refs/tags/1.9');
    const gone = await check();
    expect(gone.status).toBe(1);
    expect((JSON.parse(gone.stdout) as { findings: object[] }).findings).toMatchObject([
      { code: 'market-ref-missing', message: `acme/hello 1.9: ${url('hello')} has no branch or tag 1.9` },
    ]);
  });

  it('lacks tags that hold something else, and is not written without a dependency', async () => {
    const hello = repository('hello', {
      '0.1': '',
      '0.2': manifestOf('hello', '0.1'),
      '0.3': manifestOf('hello', '0.3', 'depends: [{namespace: acme, name: base}]\n'),
    });
    const made = await build(hello);
    expect(made.status).toBe(1);
    expect((JSON.parse(made.stdout) as { findings: object[] }).findings).toMatchObject([
      { code: 'market-tag-unreadable', level: 'warning' },
      { code: 'market-tag-differs', level: 'warning' },
      { code: 'market-dependency-missing', level: 'error' },
    ]);
    expect(() => read()).toThrow('ENOENT');
  });

  it('holds no credentials', async () => {
    const hello = repository('hello', { '0.1': manifestOf('hello', '0.1') });
    git(hello, 'remote', 'set-url', 'origin', 'https://me:secret@git.example.org/hello.git');
    const made = await build(hello);
    expect([made.status, made.stderr.includes('holds credentials'), made.stderr.includes('secret')]).toEqual([
      2,
      true,
      false,
    ]);
  });

  it('names no folder of this machine, which no server could clone', async () => {
    const hello = repository('hello', { '0.1': manifestOf('hello', '0.1') });
    for (const url of ['../hello.git', path.join(work, 'hello.git')]) {
      git(hello, 'remote', 'set-url', 'origin', url);
      const made = await build(hello);
      expect(made.status).not.toBe(0);
      expect(made.stderr).toContain(`a server cannot clone ${url}, which is on this machine`);
      expect(made.stderr).toContain('git remote set-url origin ADDRESS');
    }
  });
});

describe('v1/plugins', () => {
  const version = (text: string): object => ({
    version: text,
    method: 'git',
    options: { url: 'https://git.example.org/x.git', ref: text },
  });
  const plugin = (...versions: readonly string[]): object => ({
    namespace: 'acme',
    name: 'hello',
    display_name: 'Hello',
    versions: versions.map(version),
  });
  const findings = (value: object): readonly object[] =>
    readMarket(JSON.stringify(value, null, 1), SCHEMA).findings;

  it('is held against its schema, by line', () => {
    expect(findings({ total: 1, items: [plugin('1.0')] })).toEqual([]);
    expect(findings({ items: [{ ...plugin('1.0'), name: 'Hello' }] })).toMatchObject([
      { code: 'market-form', file: 'v1/plugins', line: 5 },
      { code: 'market-form', message: 'total is missing' },
    ]);
    expect(findings({ total: 2, items: [plugin('1.0')] })).toMatchObject([{ code: 'market-form' }]);
  });

  it('has the newest version first, and nothing twice', () => {
    expect(findings({ total: 1, items: [plugin('1.9', '1.10')] })).toMatchObject([{ code: 'market-order' }]);
    expect(findings({ total: 2, items: [plugin('1.0'), plugin('1.1', '1.1')] })).toMatchObject([
      { code: 'market-duplicate', message: 'acme/hello is listed twice' },
      { code: 'market-duplicate', message: 'acme/hello 1.1 is listed twice' },
    ]);
  });

  it('says what the newest version says of a plugin', () => {
    const one = (text: string, display: string): TaggedVersion => ({
      plugin: { namespace: 'acme', name: 'hello', display_name: display },
      version: { version: text, method: 'git', options: { url: 'https://x', ref: text } },
      depends: [],
    });
    expect(marketOf([one('1.0', 'Old'), one('1.2', 'New')]).items[0]?.display_name).toBe('New');
  });
});
