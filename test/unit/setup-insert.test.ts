import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTexts } from '../../src/readers/python/read-facts.ts';
import { addToPackaging, type PackagingEdit } from '../../src/update/setup-insert.ts';
import { run } from '../../src/support/run.ts';
import { tempFolder } from '../support/temp.ts';

const WANTED = {
  entryPoints: [{ group: 'wazo_ui.plugins', entry: 'acme = acme.ui.plugin:Plugin' }],
  packages: ['acme.ui'],
  data: ['templates/acme/*.html'],
};

const CALLS = "from setuptools import find_packages, setup\nsetup(name='acme', version='1', ";
const CFG = '[metadata]\nname = acme\nversion = 1\n\n[options]\npackages = find:\n';
const TOML = '[project]\nname = "acme"\nversion = "1"\n';
const FOUND = '\n[tool.setuptools.packages.find]\ninclude = ["acme*"]\n';
const BARE = 'from setuptools import setup\nsetup()\n';

/** The packaging of a plugin, and what of its new part nobody can say there. */
const FORMS: Readonly<
  Record<string, readonly [Readonly<Record<string, string>>, PackagingEdit['unlisted']?]>
> = {
  'setup.py': [{ 'setup.py': `${CALLS}packages=find_packages())\n` }],
  'setup.py with lists': [
    { 'setup.py': `${CALLS}packages=['acme', 'acme.calld'], package_data={'': ['*.yml']})\n` },
  ],
  'setup.py that computes its data': [
    { 'setup.py': `def f():\n    return {}\n\n\n${CALLS}packages=find_packages(), package_data=f())\n` },
    { packages: [], data: WANTED.data },
  ],
  'setup.py that computes the data of all': [
    {
      'setup.py': `ALL = tuple(['*.yml'])\n${CALLS}packages=find_packages(), package_data={'': list(ALL)})\n`,
    },
    { packages: [], data: WANTED.data },
  ],
  'setup.py that computes its packages': [
    { 'setup.py': `${CALLS}packages=sorted(find_packages()))\n` },
    { packages: WANTED.packages, data: [] },
  ],
  'setup.py that finds others': [
    { 'setup.py': `${CALLS}packages=find_packages(include=['acme', 'acme.calld']))\n` },
    { packages: WANTED.packages, data: [] },
  ],
  'setup.cfg': [{ 'setup.py': BARE, 'setup.cfg': CFG }],
  'setup.cfg with data': [{ 'setup.py': BARE, 'setup.cfg': `${CFG}\n[options.package_data]\n* = *.yml\n` }],
  'setup.cfg with data in lines': [
    { 'setup.py': BARE, 'setup.cfg': `${CFG}\n[options.package_data]\n* =\n    *.yml\nother = *.txt\n` },
  ],
  'setup.cfg with data of one package': [
    { 'setup.py': BARE, 'setup.cfg': `${CFG}\n[options.package_data]\nacme = *.yml\n` },
  ],
  'setup.cfg with packages': [
    { 'setup.py': BARE, 'setup.cfg': CFG.replace('find:', '\n    acme\n    acme.calld') },
  ],
  'pyproject.toml': [{ 'setup.py': BARE, 'pyproject.toml': TOML + FOUND }],
  'pyproject.toml with data': [
    {
      'setup.py': BARE,
      'pyproject.toml': `${TOML}${FOUND}\n[tool.setuptools.package-data]\n"*" = ["*.yml"] # and more\n`,
    },
  ],
  'pyproject.toml with data in lines': [
    {
      'setup.py': BARE,
      'pyproject.toml': `${TOML}\n[tool.setuptools.package-data]\n'*' = [\n  "*.yml", # it's ]\n  '*.txt'\n]\n${FOUND}`,
    },
  ],
  'pyproject.toml with data in another form': [
    {
      'setup.py': BARE,
      'pyproject.toml': `${TOML}\n[tool.setuptools]\npackage-data = { "*" = ["*.yml"] }\n${FOUND}`,
    },
    { packages: [], data: WANTED.data },
  ],
  'pyproject.toml with packages': [
    { 'setup.py': BARE, 'pyproject.toml': `${TOML}\n[tool.setuptools]\npackages = ["acme", "acme.calld"]\n` },
  ],
};

describe.each(Object.entries(FORMS))('what a part brings, with %s', (_name, [files, unlisted]) => {
  async function added(): Promise<PackagingEdit | undefined> {
    const text = files['setup.py'] ?? '';
    const [file] = (await readTexts([{ path: 'setup.py', text }]))?.files ?? [];
    const tree = Object.entries(files).map(([name, text]) => [name, { text, mode: 0o644 }] as const);
    return addToPackaging(new Map(tree), WANTED, () => file ?? expect.fail('Python cannot read it'));
  }

  it('is installed, or said to be unknown', async () => {
    const edit = await added();
    const missing = unlisted ?? { packages: [], data: [] };
    expect(edit?.unlisted).toEqual(missing);
    const dir = tempFolder();
    const put = (name: string, text: string): void => {
      mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
      writeFileSync(path.join(dir, name), text);
    };
    for (const [name, text] of Object.entries(files)) put(name, text);
    put(edit?.path ?? '', edit?.text ?? '');
    for (const name of ['', 'calld/', 'ui/']) put(`acme/${name}__init__.py`, '');
    put('acme/ui/templates/acme/list.html', '');
    put('acme/calld/api.yml', '');
    const built = await run(
      [
        '/usr/bin/python3',
        'setup.py',
        '--quiet',
        'build_py',
        '--build-lib',
        'lib',
        'egg_info',
        '--egg-base',
        '.',
      ],
      { cwd: dir },
    );
    expect(built.status, built.stderr).toBe(0);
    const made = readdirSync(path.join(dir, 'lib'), { recursive: true, encoding: 'utf8' });
    if (missing.packages.length + missing.data.length === 0)
      expect(made).toEqual(
        expect.arrayContaining(['acme/ui/__init__.py', 'acme/ui/templates/acme/list.html']),
      );
  });
});
