import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPlugin, judgePlugins, type PluginToCheck } from '../../src/check/check.ts';
import { discoverPlugins } from '../../src/kinds/discover.ts';
import { listSources } from '../../src/git/sources.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { writePlugin } from '../support/plugins.ts';
import { generated } from '../support/generated-plugin.ts';
import { tempFolder } from '../support/temp.ts';

const PARTS = readdirSync(path.join(packageRoot(), 'templates/stack/parts'));

const MADE: readonly (readonly [string, string, Record<string, unknown>])[] = [
  ['confgend', 'confgend', {}],
  ['call-logger', 'call-logger', {}],
  ['stack with every part', 'stack', { parts: PARTS }],
  ...PARTS.map((part) => [`stack with ${part}`, 'stack', { parts: [part] }] as const),
];

async function read(dir: string): Promise<readonly PluginToCheck[]> {
  const plugins = discoverPlugins([dir]);
  return await Promise.all(
    plugins.map(async (plugin) => ({ plugin, sources: await listSources(plugin.dir) })),
  );
}

describe('a plugin that wdev new makes', () => {
  it.each(MADE)('%s: has no finding of any level, for Debian 12 and 13', async (_what, template, answers) => {
    const dir = await generated(template, answers);
    const plugins = await read(dir);
    expect(plugins).toHaveLength(1);
    for (const debian of [12, 13]) {
      const [judged] = await judgePlugins(plugins, { debian });
      const found = judged?.judgements.map(
        ({ finding }) => `${finding.file}:${finding.line} ${finding.code}`,
      );
      expect(found).toEqual([]);
    }
  });
});

describe('speed', () => {
  it('judges 126 plugins, and a saved file alone', async () => {
    const dir = tempFolder();
    for (let at = 0; at < 126; at += 1) {
      writePlugin(path.join(dir, `plugin${at}`), {
        'wazo/plugin.yml': `name: p${at}\nnamespace: acme\nversion: "1.0"\nplugin_format_version: 1\n`,
        'setup.py': `from setuptools import setup\nsetup(name='p${at}', version='1.0', packages=['p${at}'])\n`,
        [`p${at}/__init__.py`]: 'import os\n'.repeat(200),
      });
    }
    const plugins = await read(dir);
    expect(plugins).toHaveLength(126);
    expect(await judgePlugins(plugins, {})).toHaveLength(126);
    const [{ plugin, sources } = plugins[0]!] = plugins;
    const file = 'etc/asterisk/extensions_extra.d/acme-hello.conf';
    expect(await checkPlugin(plugin, sources, { files: [file] })).toEqual([]);
  });
});

describe('checkPlugin limited to files', () => {
  it('tells what is wrong in them, and nothing of others', async () => {
    const dir = tempFolder();
    const file = 'etc/asterisk/extensions_extra.d/acme-hello.conf';
    writePlugin(dir, {
      [file]: '[acme-hello]\nexten = s,1,Answer(\n',
      'wazo/plugin.yml': 'name: Wrong\nnamespace: acme\nversion: "1.0"\n',
    });
    const [{ plugin, sources }] = (await read(dir)) as [PluginToCheck];
    const found = await checkPlugin(plugin, sources, { files: [file] });
    expect(found).toMatchObject([{ code: 'dialplan-unclosed-application', file, line: 2 }]);
  });
});
