import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPlugin } from '../../src/check/check.ts';
import { listSources } from '../../src/git/sources.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { buildPackage } from '../../src/package/build.ts';
import { stagePlugin } from '../../src/stage/stage.ts';
import { nearName, type AskedFile } from '../../src/wazo/near-names.ts';
import { tempFolder } from '../support/temp.ts';
import { makePlugin } from '../support/watch.ts';
import { wdev } from '../support/wdev.ts';

const NEAR: readonly (readonly [AskedFile, string])[] = [
  ['wazo/plugin.yml', 'wazo/plugin.yaml'],
  ['wazo/plugin.yml', 'plugin.yml'],
  ['wazo/plugin.yml', 'wazo/Plugin.yml'],
  ['wazo/plugin.yml', 'wazo/plugin.yml.txt'],
  ['wazo/plugin.yml', 'wazo/plugins.yml'],
  ['wazo/rules', 'rules'],
  ['wazo/rules', 'wazo/rules.sh'],
  ['wazo/rules', 'wazo/Rules'],
  ['wazo/rules', 'wazo/rule'],
];
const CODES: Readonly<Record<AskedFile, string>> = {
  'wazo/plugin.yml': 'manifest-missing',
  'wazo/rules': 'rules-missing',
};

describe('a file under a name that wazo-plugind does not ask for', () => {
  it.each(NEAR)('%s as %s is named by check, build and watch', async (asked, near) => {
    const dir = makePlugin(tempFolder(), 'hello');
    renameSync(path.join(dir, asked), path.join(dir, near));
    const plugin = readPlugin(dir);
    expect(plugin?.kind).toBe('stack');
    if (plugin === undefined) return;
    const told = {
      code: CODES[asked],
      level: 'error',
      file: near,
      help: `Rename it: git mv ${near} ${asked}`,
    };
    const found = await checkPlugin(plugin, await listSources(dir), { python: false });
    expect(found.filter(({ code }) => code === told.code)).toMatchObject([{ ...told, fixable: true }]);
    expect(await stagePlugin(plugin)).toMatchObject({ ok: false, findings: [told] });
    expect(await buildPackage(plugin, tempFolder())).toMatchObject({ ok: false, findings: [told] });
  });

  it('is renamed by check --fix, mode and all, and wdev undo takes that back', async () => {
    const dir = makePlugin(tempFolder(), 'hello');
    const [yaml, rules] = [path.join(dir, 'wazo/plugin.yaml'), path.join(dir, 'rules')];
    renameSync(path.join(dir, 'wazo/plugin.yml'), yaml);
    renameSync(path.join(dir, 'wazo/rules'), rules);
    const text = readFileSync(yaml, 'utf8');
    const fixed = await wdev(['check', '--fix', dir]);
    expect(fixed.stdout).toContain('--- /dev/null');
    expect(fixed.status).toBe(0);
    expect(readFileSync(path.join(dir, 'wazo/plugin.yml'), 'utf8')).toBe(text);
    expect(statSync(path.join(dir, 'wazo/rules')).mode & 0o111).not.toBe(0);
    expect([yaml, rules].map((file) => existsSync(file))).toEqual([false, false]);
    expect((await wdev(['undo', dir])).status).toBe(0);
    expect([yaml, rules].map((file) => existsSync(file))).toEqual([true, true]);
  });

  it('is nothing where the right one stands, and nothing else comes near', () => {
    for (const [asked] of NEAR)
      expect(
        nearName(asked, ['setup.py', 'rules.py', 'wazo/plugin.py', 'docs/rules', asked]),
      ).toBeUndefined();
  });
});
