import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPlugin } from '../../src/check/check.ts';
import { listSources } from '../../src/git/sources.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { readIni } from '../../src/readers/ini.ts';
import { declaredEntryPoints, writtenEntryPoints } from '../../src/readers/python/packaging.ts';
import { askPython } from '../../src/readers/python/python-process.ts';
import { readPythonText } from '../../src/readers/python/python-text.ts';
import { readPythonFacts, readTexts } from '../../src/readers/python/read-facts.ts';
import { run } from '../../src/support/run.ts';
import { loadTemplate } from '../../src/templates/load.ts';
import { readForeignPlugin } from '../../src/update/read-plugin.ts';
import { addToPackaging } from '../../src/update/setup-insert.ts';
import { tempFolder } from '../support/temp.ts';
import { bundled } from '../support/bundled.ts';

const SETUP = `from setuptools import setup

setup(
    name='acme-hello',
    entry_points={
        'wazo_calld.plugins': [
            'acme_hello = acme_hello.plugin:Plugin',  # é 😀
        ],
    },
)
`;

/** The same entry point in each form that setuptools reads, with the line it stands on. */
const FORMS: readonly (readonly [string, string, number])[] = [
  ['setup.py', SETUP, 7],
  [
    'setup.py',
    `E = {'wazo_calld.plugins': 'acme_hello=acme_hello.plugin:Plugin'}\nsetup(entry_points=E)\n`,
    1,
  ],
  [
    'setup.py',
    `setup(entry_points="""\n    [wazo_calld.plugins]\n    acme_hello = acme_hello.plugin:Plugin\n""")\n`,
    3,
  ],
  [
    'setup.cfg',
    '[metadata]\nname: acme-hello\n\n[options.entry_points]\nwazo_calld.plugins =\n    # ours\n    acme_hello = acme_hello.plugin:Plugin\n',
    7,
  ],
  ['setup.cfg', '[options.entry_points]\nwazo_calld.plugins = acme_hello = acme_hello.plugin:Plugin\n', 2],
  [
    'pyproject.toml',
    '[project]\nname = "acme-hello"\n[project.entry-points."wazo_calld.plugins"]\nacme_hello = "acme_hello.plugin:Plugin"\n',
    4,
  ],
];

describe('entry points of the packaging', () => {
  it('are read alike from setup.py, setup.cfg and pyproject.toml, each with its line', async () => {
    const read = await readTexts(FORMS.map(([file, text]) => ({ path: file, text })));
    const found = FORMS.map(([file], at) => declaredEntryPoints({ [file]: read?.files[at] ?? never() }));
    for (const [at, [file, , line]] of FORMS.entries()) {
      expect(found[at], String(at)).toEqual([
        expect.objectContaining({
          group: 'wazo_calld.plugins',
          name: 'acme_hello',
          module: 'acme_hello.plugin',
          attribute: 'Plugin',
          file,
          line,
        }),
      ]);
    }
  });

  it('are seen alike by check and add, whichever file has them', async () => {
    const parts = await Promise.all(
      FORMS.map(async ([file, text]) => {
        const dir = tempFolder();
        const files = {
          'wazo/plugin.yml': 'name: hello\nnamespace: acme\nversion: "1"\nplugin_format_version: 1\n',
          'wazo/rules': '#!/bin/sh\ncase "$1" in\nbuild|package|install|uninstall|postrm) ;;\nesac\n',
          'acme_hello/__init__.py': '',
          'acme_hello/plugin.py': 'class Other:\n    pass\n',
          [file]: text,
        };
        for (const [name, content] of Object.entries(files)) {
          mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
          writeFileSync(path.join(dir, name), content);
        }
        const read = await readForeignPlugin(dir, loadTemplate('stack'));
        const plugin = readPlugin(dir) ?? never();
        const findings = await checkPlugin(plugin, await listSources(dir));
        return [read.parts, read.package, findings.some(({ code }) => code === 'entry-point-class-missing')];
      }),
    );
    expect(parts).toEqual(FORMS.map(() => [['calld'], 'acme_hello', true]));
  });

  it('have the same places without Python, as far as they are written out', async () => {
    const texts = [
      SETUP,
      "setup(entry_points={'g': ['a = b:c'], 'h': []})",
      "import x\nsetup(version=x.y(1, [2]), entry_points={ # c\n 'g': [\n 'a = b:c' ] }, packages=find_packages('src'))\n",
      'setup(packages=["a", "b"] + c, entry_points={})\n',
    ];
    const read = await readTexts(texts.map((text) => ({ path: 'setup.py', text })));
    for (const [at, text] of texts.entries()) {
      const written = writtenEntryPoints(read?.files[at]);
      expect(written, text).toBeDefined();
      const plain = JSON.parse(JSON.stringify(written)) as object;
      expect(writtenEntryPoints(readPythonText(text)), text).toMatchObject(onlyPlaces(plain));
    }
  });

  it.each([
    ['x = "a" + (\n', 11],
    ['x = "é" + (\n', 11],
    ['x = "😀" + (\n', 12],
    ['y = 1\nx = "😀😀" + é(\n', 15],
  ])('counts the column of a syntax error in UTF-16 units: %j', async (text, column) => {
    const [file] = (await readTexts([{ path: 'a.py', text }]))?.files ?? [];
    expect(file?.error).toMatchObject({ message: "'(' was never closed", column });
  });

  it('are added where they are written, a variable of setup.py included', async () => {
    const text =
      "GROUPS = {\n    'a.b': ['x = y:Z'],\n}\nsetup(\n    packages=['y'],\n    entry_points=GROUPS\n)\n";
    const [file] = (await readTexts([{ path: 'setup.py', text }]))?.files ?? [];
    const wanted = {
      entryPoints: [
        { group: 'a.b', entry: 'v = w:X' },
        { group: 'c', entry: 'd = e:F' },
      ],
      packages: ['y', 'w'],
      data: ['*.yml'],
    };
    const tree = new Map([['setup.py', { text, mode: 0o644 }]]);
    const changed = addToPackaging(tree, wanted, () => file ?? never());
    expect(changed?.text).toBe(
      "GROUPS = {\n    'a.b': ['x = y:Z', 'v = w:X'],\n    'c': ['d = e:F'],\n}\nsetup(\n    packages=['y', 'w'],\n    entry_points=GROUPS,\n    package_data={'': ['*.yml']},\n)\n",
    );
  });

  it.each([
    ['', "package_data={'': ['*.yml', 'templates/a/*.html']},\n"],
    [
      'include_package_data=True',
      "include_package_data=True,\n    package_data={'': ['*.yml', 'templates/a/*.html']},\n",
    ],
    ["package_data={'': ['*.yml']}", "package_data={'': ['*.yml', 'templates/a/*.html']},\n"],
    [
      "package_data={'y': ['*.txt']}",
      "package_data={'y': ['*.txt'], '': ['*.yml', 'templates/a/*.html']},\n",
    ],
    [
      "package_data={'': ['templates/a/*.html', '*.yml']}",
      "package_data={'': ['templates/a/*.html', '*.yml']},\n",
    ],
    ['package_data=found()', 'package_data=found(),\n'],
  ])('bring their files beside %s', async (had, has) => {
    const text = `setup(\n    packages=['y'],\n    entry_points={'g': ['a = y:Z']},\n    ${had === '' ? '' : `${had},`}\n)\n`;
    const [file] = (await readTexts([{ path: 'setup.py', text }]))?.files ?? [];
    const wanted = { entryPoints: [], packages: [], data: ['*.yml', 'templates/a/*.html'] };
    const tree = new Map([['setup.py', { text, mode: 0o644 }]]);
    expect(addToPackaging(tree, wanted, () => file ?? never())?.text).toContain(has);
  });
});

describe('the one Python', () => {
  /** A Python that notes its starts, ends at `die` and says nothing more at `hang`. */
  function fake(): { readonly program: string; starts: () => number } {
    const folder = tempFolder();
    const program = path.join(folder, 'python3');
    const log = path.join(folder, 'starts');
    writeFileSync(
      program,
      `#!/usr/bin/env python3\nimport json, os, sys\nopen(${JSON.stringify(log)}, 'a').write('.')\nprint('3.11', flush=True)\nfor line in sys.stdin:\n    if 'die' in line: os._exit(3)\n    print(json.dumps({'imports': [], 'names': [json.loads(line)[1]], 'open': False, 'classes': [], 'calls': []}), flush=True)\n`,
    );
    chmodSync(program, 0o755);
    return { program, starts: () => readFileSync(log, 'utf8').length };
  }

  it('is started once for many requests, and again when a file ends it', async () => {
    const { program, starts } = fake();
    const ask = async (...texts: readonly string[]): Promise<readonly string[]> => {
      const read = await askPython(
        texts.map((text) => ({ path: 'a.py', text })),
        [3, 11],
        { pythons: [program] },
      );
      return (read?.answers ?? []).map(({ names, unread }) =>
        unread === true ? 'unread' : (names[0] ?? ''),
      );
    };
    await Promise.all([ask('a'), ask('b', 'c'), ask('d')]);
    expect(starts()).toBe(1);
    expect(await ask('a', 'die', 'b')).toEqual(['a', 'unread', 'b']);
    expect(starts()).toBe(2);
    expect(await ask('c', 'x'.repeat(600_000), 'd')).toEqual(['c', 'unread', 'd']);
    expect(starts()).toBe(2);
  });

  it('reads the packaging of a plugin and 500,000 characters, and tells of the other files', async () => {
    const files = [
      ...Array.from({ length: 4 }, (_, at) => [`a${at}.py`, `x = 1 # ${'é'.repeat(200_000)}\n`]),
      ['setup.py', SETUP],
    ];
    const sources = new Map(
      files.map(([name = '', text = '']) => [name, { path: name, mode: 0o644, bytes: Buffer.from(text) }]),
    );
    const facts = await readPythonFacts([{ plugin: { dir: '/p' }, sources }]);
    const unread = Object.entries(facts?.get('/p')?.files ?? {}).map(([name, file]) => [
      name,
      file.unread === true,
    ]);
    expect(Object.fromEntries(unread)).toEqual({
      'a0.py': false,
      'a1.py': false,
      'a2.py': true,
      'a3.py': true,
      'setup.py': false,
    });
  });

  it('gives up a text that means more than it says, and one that Python works on without end', async () => {
    const names = Array.from({ length: 9 }, (_, at) => `n${at} = [${`n${at + 1}, `.repeat(90)}]\n`).join('');
    const read = await readTexts(
      ['a.py', 'setup.py'].map((file) => ({ path: file, text: `${names}setup(packages=n0)` })),
    );
    expect(read?.files.map(({ unread }) => unread)).toEqual([true, true]);
    const { program, starts } = fake();
    const texts = ['a', 'die', 'b', 'die', 'c', 'die'].map((text) => ({ path: 'a.py', text }));
    const asked = await askPython(texts, [3, 11], { pythons: [program] });
    expect(asked?.answers.map(({ unread }) => unread === true)).toEqual([
      false,
      true,
      false,
      true,
      true,
      true,
    ]);
    expect(starts()).toBe(2);
  });

  it('does not keep a command that is done', async () => {
    const reader = await bundled('src/readers/python/read-facts.ts');
    const script = `const {readTexts}=await import(${JSON.stringify(reader)});const read=await readTexts([{path:'a.py',text:'import os'}]);console.log(read.files[0].imports[0].module)`;
    const { status, stdout } = await run(['node', '--input-type=module', '-e', script], { timeout: 240_000 });
    expect([status, stdout]).toEqual([0, 'os\n']);
  });

  it('says nothing on a machine without one', async () => {
    expect(
      await askPython([{ path: 'a.py', text: '' }], [3, 11], { pythons: ['/nowhere/python3'] }),
    ).toBeUndefined();
  });
});

describe('INI text', () => {
  it('is read as configparser reads it', async () => {
    const text =
      '# c\n[a]\nx = 1\n  ; no\n  2\n\n  3\nY: z = 4\n[b]\n  k=\n    v\n[options.entry_points]\ng =\n\ta = b:c [d]\n';
    const code = `import configparser, json, sys\np = configparser.RawConfigParser()\np.optionxform = str\np.read_string(sys.stdin.read())\nprint(json.dumps({s: {k: [l for l in v.splitlines() if l] for k, v in p[s].items()} for s in p.sections()}))`;
    const { stdout } = await run(['python3', '-c', code], { input: text });
    const { sections, error } = readIni(text);
    const values = [...sections].map(([name, options]) => [
      name,
      Object.fromEntries(
        options.map(({ name: key, lines }) => [
          key,
          lines.map((line) => line.text).filter((line) => line !== ''),
        ]),
      ),
    ]);
    expect(Object.fromEntries(values)).toEqual(JSON.parse(stdout));
    expect(error).toBeUndefined();
  });

  it.each([
    ['x = 1\n', 1],
    ['[a]\nx\n', 2],
    ['[a]\n[a]\n', 2],
    ['[a]\nx = 1\nx = 2\n', 3],
  ])('%j is refused as configparser does', async (text, line) => {
    expect(readIni(text).error?.line).toBe(line);
    const code = 'import configparser, sys; configparser.RawConfigParser().read_string(sys.stdin.read())';
    expect((await run(['python3', '-c', code], { input: text })).status).toBe(1);
  });
});

function never(): never {
  throw new Error('not read');
}

/** Without what only Python tells of a text. */
function onlyPlaces(points: object): object {
  return JSON.parse(
    JSON.stringify(points, (key, value: unknown) => (['line', 'column'].includes(key) ? undefined : value)),
  ) as object;
}
