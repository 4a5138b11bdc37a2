import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { discoverPlugins, pluginsBelow, readFolder, readPlugin } from '../../src/kinds/discover.ts';
import { KINDS, type PluginKind } from '../../src/kinds/plugin.ts';
import { SourceFolder } from '../../src/kinds/source-folder.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { KINDS as CREATED } from '../../src/templates/load.ts';
import { LEGACY_PLUGIN } from '../support/legacy-plugin.ts';
import { tempFolder } from '../support/temp.ts';

const DRIVER = "setup(name='acme-driver', entry_points={'wazo_confgend.asterisk.sip.conf': ['x = a:B']})\n";

/** The least that makes a folder a plugin of each kind. */
const LEAST: Readonly<Record<PluginKind, Readonly<Record<string, string>>>> = {
  stack: { 'wazo/plugin.yml': 'name: hello\nnamespace: acme\nversion: "1.0"\n' },
  confgend: { 'setup.py': DRIVER },
  'call-logger': {
    'call-logger-plugin.yml': 'name: acme-lines\nversion: "2"\nmodule: a/b.py\nclass: B\nsettings: a/s.yml\n',
  },
  legacy: LEGACY_PLUGIN,
};

function folderWith(...several: readonly Readonly<Record<string, string>>[]): string {
  const folder = tempFolder();
  for (const [file, text] of several.flatMap((files) => Object.entries(files))) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

/** Folders of the package that make a plugin: layers for others have no kind, generators without template none. */
function foldersWith(top: string, file: string): readonly string[] {
  const folder = path.join(packageRoot(), top);
  return readdirSync(folder).filter((name) => existsSync(path.join(folder, name, file)));
}

describe('the kinds of plugins', () => {
  const kinds = Object.keys(KINDS) as readonly PluginKind[];

  it.each(kinds)('%s is recognised by its own files', (kind) => {
    const dir = folderWith(LEAST[kind]);
    expect(readPlugin(dir)).toMatchObject({ kind, dir });
    expect(KINDS[kind].manifests.some((file) => existsSync(path.join(dir, file)))).toBe(true);
  });

  it.each(kinds.filter((kind) => kind !== 'confgend'))(
    '%s with a setup.py that speaks of wazo-confgend stays what it is',
    (kind) => {
      expect(readPlugin(folderWith(LEAST.confgend, LEAST[kind]))?.kind).toBe(kind);
    },
  );

  it.each(Object.entries(LEAST))('%s is none when its folder goes while it is read', (_kind, files) => {
    const dir = folderWith({ ...files, 'pyproject.toml': '[project]\n', 'setup.py': 'x' });
    const listed = new SourceFolder(dir);
    rmSync(dir, { recursive: true });
    expect(readFolder(listed)).toBeUndefined();
    expect(pluginsBelow([dir])).toEqual([]);
    expect(() => discoverPlugins([dir])).toThrow(/there is no folder/);
  });

  it('with a link to nowhere in place of a file are told', () => {
    const dir = folderWith({ 'README.md': 'x' });
    symlinkSync('nowhere', path.join(dir, 'pyproject.toml'));
    expect(() => readPlugin(dir)).toThrow(/pyproject.toml cannot be read/);
  });

  it('that can be created are those with a template and a generator', () => {
    expect(CREATED).toEqual(['stack', 'confgend', 'call-logger']);
    const templates = foldersWith('templates', 'template.yml');
    const generators = foldersWith('generators', 'index.ts').filter((name) => name !== 'app');
    expect(generators.toSorted()).toEqual(CREATED.toSorted());
    expect(templates).toEqual(expect.arrayContaining([...CREATED]));
    expect(kinds.filter((kind) => templates.includes(kind))).toEqual(CREATED);
  });
});
