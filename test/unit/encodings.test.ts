import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPlugin } from '../../src/check/check.ts';
import { listSources } from '../../src/git/sources.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { buildPackage } from '../../src/package/build.ts';
import { flawOf } from '../../src/readers/source-text.ts';
import { stagePlugin } from '../../src/stage/stage.ts';
import { tempFolder } from '../support/temp.ts';
import { makePlugin } from '../support/watch.ts';

describe('a file that is not saved as UTF-8', () => {
  it.each<[string, Buffer, object | undefined]>([
    ['UTF-8', Buffer.from('grün'), undefined],
    ['UTF-8 with its mark', Buffer.from('\uFEFFgrün'), undefined],
    ['Latin-1', Buffer.from('a: grün', 'latin1'), { message: expect.stringMatching(/0xFC/), offset: 5 }],
    ['UTF-16', Buffer.from('\uFEFFa: b', 'utf16le'), { message: expect.stringMatching(/UTF-16/) }],
    ['a zero byte', Buffer.from('a: b\0'), { message: 'a zero byte' }],
  ])('%s', (_what, bytes, flaw) => {
    if (flaw === undefined) expect(flawOf(bytes)).toBeUndefined();
    else expect(flawOf(bytes)).toMatchObject(flaw);
  });

  it('is told of plugin.yml by check, build and watch, at its line', async () => {
    const dir = makePlugin(tempFolder(), 'hello');
    const file = path.join(dir, 'wazo/plugin.yml');
    const text = readFileSync(file, 'utf8').replace(/^description: .*/m, 'description: Grün');
    writeFileSync(file, text, 'latin1');
    const plugin = readPlugin(dir);
    if (plugin === undefined) throw new Error('no plugin');
    const line = text.split('\n').findIndex((one) => one.startsWith('description')) + 1;
    const told = { code: 'manifest-syntax', level: 'error', file: 'wazo/plugin.yml', line };
    const found = await checkPlugin(plugin, await listSources(dir), { python: false });
    expect(found.filter(({ level }) => level === 'error')).toMatchObject([told]);
    expect(await stagePlugin(plugin)).toMatchObject({ ok: false, findings: [told] });
    expect(await buildPackage(plugin, tempFolder())).toMatchObject({ ok: false, findings: [told] });
  });

  it('is a fault of Python unless its first lines name the encoding', async () => {
    const dir = makePlugin(tempFolder(), 'hello');
    const plugin = readPlugin(dir);
    if (plugin === undefined) throw new Error('no plugin');
    const codes = async (text: string): Promise<readonly string[]> => {
      writeFileSync(path.join(dir, 'tool.py'), text, 'latin1');
      const found = await checkPlugin(plugin, await listSources(dir));
      return found.filter(({ file }) => file === 'tool.py').map(({ code, line }) => `${code}:${line}`);
    };
    expect(await codes('# of the author\n\n# grün\n')).toEqual(['python-syntax:3']);
    expect(await codes('#!/usr/bin/python3\n# -*- coding: latin-1 -*-\n# grün\n')).toEqual([]);
    expect(await codes('# -*- coding: utf-8 -*-\n# grün\n')).toEqual(['python-syntax:2']);
  });
});
