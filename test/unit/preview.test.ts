import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Previewer, type DriverPreview, type PreviewOptions } from '../../src/preview/previewer.ts';
import { pythonWith } from '../../src/stacks/requirements.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { driver, stagedDriver, type DriverSources } from '../support/confgend-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

const GOOD = driver("return '[general]\\nword = ' + self.config.get('acme', {}).get('word', 'none') + '\\n'");

// with stevedore, and with the standard library alone
const pythons = [
  { what: 'with stevedore', wanted: ['yaml', 'stevedore'] },
  { what: 'without stevedore', wanted: ['yaml'] },
];
const found = await Promise.all(
  pythons.map(async ({ what, wanted }) => ({ what, python: await pythonWith(wanted) })),
);

describe.each(found)('a preview $what', ({ what, python }) => {
  let previewer: Previewer;
  let hiding: string | undefined;

  beforeAll(async () => {
    if (python === undefined) return;
    if (what === 'without stevedore') {
      // a module of that name that can't be imported stands first on the path
      const folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
      hiding = folder;
      writeFileSync(path.join(folder, 'stevedore.py'), "raise ImportError('not installed')\n");
      process.env['PYTHONPATH'] = folder;
    }
    previewer = await Previewer.open(python);
    delete process.env['PYTHONPATH'];
  });

  afterAll(async () => {
    await previewer?.close();
    if (hiding !== undefined) rmSync(hiding, { recursive: true });
  });

  async function preview(sources: DriverSources, options: PreviewOptions = {}): Promise<DriverPreview> {
    const [first] = await previewer.preview([stagedDriver(tempFolder(), sources)], options);
    if (first === undefined) throw new Error('no preview');
    return first;
  }

  const test = it.skipIf(python === undefined);

  test('runs on the Python that was asked for', () => {
    expect(previewer.interpreter.hello.has).toMatchObject({
      stevedore: what === 'with stevedore',
      yaml: true,
    });
  });

  test('gives the text, with settings merged by Wazo’s rules', async () => {
    const result = await preview({
      driver: driver("return repr([self.config.get('acme'), isinstance(self.config, dict)])"),
      settings: {
        '10-first.yml': 'acme: {word: first, list: [1], deep: {a: yes}}\n',
        '50-acme.yml':
          'plugins:\n  asterisk.acme.conf: acme\nacme: {word: later, list: [2, 3], deep: {a: no, b: 2}, more: 1}\n',
        '70-dot.yaml': 'acme: {more: 2}\n',
      },
    });
    expect(result.text).toBe(
      "[{'word': 'first', 'list': [1], 'deep': {'a': True, 'b': 2}, 'more': 1}, False]",
    );
    expect(result.findings).toEqual([]);
  });

  test('lets --config win over all files', async () => {
    const config = path.join(tempFolder(), 'mine.yml');
    writeFileSync(config, 'acme:\n  word: mine\n');
    const settings = { '01-acme.yml': 'plugins: {asterisk.acme.conf: acme}\nacme: {word: theirs}\n' };
    expect((await preview({ driver: GOOD, settings }, { config })).text).toBe('[general]\nword = mine\n');
  });

  test('says of settings files what a service would only tell its journal', async () => {
    const settings = {
      '10-broken.yml': 'a: 1\nb: [\n',
      '20-list.yml': '- a\n',
      '30-exec.yml': 'acme: !exec {command: echo hi}\n',
      '50-acme.yml': 'plugins: {asterisk.acme.conf: other}\n',
    };
    const { findings } = await preview({ driver: GOOD, settings });
    expect(findings).toMatchObject([
      { code: 'confd-syntax', level: 'error', file: 'etc/10-broken.yml', line: 3 },
      { code: 'confd-not-mapping', level: 'error', file: 'etc/20-list.yml' },
      { code: 'settings-exec', level: 'warning', file: 'etc/30-exec.yml' },
      { code: 'entry-point-not-enabled', message: expect.stringContaining('name the driver other') },
    ]);
    const allowed = await preview(
      {
        driver: GOOD,
        settings: { ...settings, '30-exec.yml': 'acme: !exec {command: "echo {word: run}"}\n' },
      },
      { allowExec: true },
    );
    expect(allowed.text).toContain('word = run');
  });

  /** The request to one driver, without what other tests are about. */
  const rows: readonly [string, DriverSources, Partial<Finding>][] = [
    [
      'generate() raises',
      { driver: driver("return {}['x']") },
      { code: 'driver-raised', line: 9, message: expect.stringContaining("KeyError: 'x'") },
    ],
    ['an empty string', { driver: driver("return ''") }, { code: 'driver-empty', line: 8 }],
    ['None', { driver: driver('pass') }, { code: 'driver-none', line: 8 }],
    ['bytes', { driver: driver("return b'x'") }, { code: 'driver-bytes', line: 8 }],
    [
      'another type',
      { driver: driver("return ['x']") },
      { code: 'driver-not-text', message: expect.stringContaining('list') },
    ],
    [
      'text that is no UTF-8',
      { driver: driver("return 'a\\n' + chr(0xdc80)") },
      { code: 'driver-not-utf8', message: expect.stringContaining('Line 2') },
    ],
    [
      'a constructor that raises',
      { driver: driver("return 'x'", "self.config['my_key']") },
      { code: 'driver-init-failed', line: 6 },
    ],
    [
      'RuntimeError in the constructor',
      { driver: driver("return 'x'", "raise RuntimeError('no')") },
      { code: 'driver-runtime-error', line: 6 },
    ],
    [
      'an import that fails',
      { driver: `import acme_nowhere\n${GOOD}` },
      { code: 'driver-import-failed', line: 1 },
    ],
    ['a syntax error', { driver: 'class Acme\n' }, { code: 'driver-import-failed', line: 1 }],
    [
      'sys.exit',
      { driver: driver('import sys; sys.exit(3)') },
      { code: 'driver-raised', line: 9, message: expect.stringContaining('SystemExit') },
    ],
    ['the end of the interpreter', { driver: driver('import os; os._exit(3)') }, { code: 'driver-died' }],
    [
      'the name wazo',
      {
        driver: GOOD,
        points: { 'asterisk.acme.conf': ['wazo = acme_confgend.driver:Acme'] },
        settings: { 'a.yml': 'plugins: {asterisk.acme.conf: wazo}\n' },
      },
      { code: 'confgend-driver-wazo' },
    ],
    [
      'a slow generate()',
      { driver: driver("import time; time.sleep(0.6); return '; x'") },
      { code: 'driver-slow', level: 'warning', line: 8 },
    ],
    [
      'no settings that enable it',
      { driver: GOOD, settings: {} },
      { code: 'entry-point-not-enabled', level: 'warning' },
    ],
    [
      'a section twice',
      { driver: driver("return '[a]\\nb = 1\\n[a]\\nc = 2\\n'") },
      { code: 'generated-section-twice', file: 'acme.conf', line: 3 },
    ],
    [
      'a line without =',
      { driver: driver("return '[a]\\nb\\n'") },
      { code: 'dialplan-no-equals', level: 'warning', file: 'acme.conf', line: 2 },
    ],
    [
      'a line before any section',
      { driver: driver("return 'b = 1\\n'") },
      { code: 'dialplan-no-context', level: 'error', file: 'acme.conf', line: 1 },
    ],
    [
      '(+) without the section',
      { driver: driver("return '[a](+)\\nb = 1\\n'") },
      { code: 'dialplan-unknown-addition', level: 'warning', file: 'acme.conf', line: 1 },
    ],
    [
      'a priority twice',
      { driver: driver("return '[a]\\nexten = 1,1,NoOp()\\nexten = 1,1,NoOp()\\n'") },
      { code: 'dialplan-duplicate-priority', file: 'acme.conf', line: 3 },
    ],
  ];
  test.each(rows)('tells of %s', async (_what, sources, expected) => {
    const { findings, text } = await preview(sources);
    expect(findings).toEqual([expect.objectContaining(expected)]);
    const inDriver = /^driver-(?!not-enabled|slow|named)/.test(expected.code ?? '');
    if (inDriver) expect(text).toBeUndefined();
    if (expected.line !== undefined && expected.file === undefined)
      expect(findings[0]?.file).toBe('acme_confgend/driver.py');
  });

  test('gives a driver up that does not come to its end', async () => {
    const { findings } = await preview({ driver: driver('while True: pass') }, { limit: 0.3 });
    expect(findings).toMatchObject([{ code: 'driver-timeout', level: 'error' }]);
    expect((await preview({ driver: GOOD })).text).toContain('word = none');
  });

  test('sees two packages that register one name', async () => {
    const both = `${GOOD}\n\nOther = Acme\n`;
    const second = stagedDriver(tempFolder(), {
      name: 'other-confgend',
      driver: both,
      points: { 'asterisk.acme.conf': ['acme = acme_confgend.driver:Other'] },
    });
    const previews = await previewer.preview([stagedDriver(tempFolder(), { driver: both }), second]);
    for (const { findings, text } of previews) {
      expect(text).toBeUndefined();
      expect(findings).toMatchObject([
        {
          code: 'driver-registered-twice',
          message: expect.stringMatching(/acme-confgend.*and other-confgend/),
        },
      ]);
    }
  });

  test('sees the database and the network in __init__', async () => {
    const server = net.createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const sources = driver(
      "return '; x\\n'",
      'socket.create_connection(("127.0.0.1", PORT)).close(); self.rows = asterisk_conf_dao.find_it()',
      `import socket\nfrom xivo_dao import asterisk_conf_dao\nPORT = ${port}`,
    );
    const { findings, text } = await preview({
      driver: sources,
      files: { 'wdev.yml': 'preview:\n  dao:\n    asterisk_conf_dao.find_it: []\n' },
    });
    server.close();
    expect(text).toBe('; x\n');
    expect(findings).toMatchObject([
      { code: 'driver-network-in-init', level: 'warning', line: 8 },
      { code: 'driver-database-in-init', level: 'error', line: 8 },
    ]);
  });

  test('makes files from database rows that were declared', async () => {
    const sources = {
      driver: driver(
        "return ''.join(f'[{row.name}]\\nsize = {row[\"size\"]}\\n' for row in conf_dao.find_all(1))",
        'pass',
        'from xivo_dao import conf_dao',
      ),
      files: {
        'wdev.yml': 'preview:\n  dao: rows.yml\n',
        'rows.yml': 'conf_dao.find_all:\n- {name: a, size: 1}\n- {name: b, size: 2}\n',
      },
    };
    const result = await preview(sources);
    expect(result).toMatchObject({ text: '[a]\nsize = 1\n[b]\nsize = 2\n', findings: [] });
    // a row that changes, changes the file
    const changed = await preview({
      ...sources,
      files: { ...sources.files, 'rows.yml': 'conf_dao.find_all: [{name: c, size: 3}]\n' },
    });
    expect(changed.text).toBe('[c]\nsize = 3\n');
    const nothing = await preview({ ...sources, files: {} });
    expect(nothing.findings).toMatchObject([
      {
        code: 'preview-not-declared',
        line: 9,
        message: expect.stringContaining('xivo_dao.conf_dao.find_all'),
        help: expect.stringContaining('conf_dao.find_all: []'),
      },
    ]);
    const wrongColumn = await preview({ ...sources, driver: sources.driver.replace('row.name', 'row.nom') });
    expect(wrongColumn.findings).toMatchObject([
      { code: 'driver-raised', message: expect.stringContaining('no column nom') },
    ]);
  });

  test('keeps writes out of the session, and asks for a function where SQL is used', async () => {
    const source = (call: string): string =>
      driver(
        `\n        with session_scope() as session:\n            return ${call}`,
        'pass',
        'from xivo_dao.helpers.db_utils import session_scope',
      );
    expect((await preview({ driver: source('session.add(1)') })).findings).toMatchObject([
      { code: 'driver-raised', message: expect.stringContaining('read-only') },
    ]);
    expect((await preview({ driver: source('session.query(1)') })).findings).toMatchObject([
      { code: 'preview-not-declared' },
    ]);
  });

  test('says which sections of Wazo’s vanish', async () => {
    const sources = (file: string, text: string): DriverSources => ({
      driver: driver(`return ${JSON.stringify(text)}`),
      points: { [file]: ['acme = acme_confgend.driver:Acme'] },
      settings: { '50-acme.yml': `plugins:\n  ${file}: acme\n` },
    });
    const pjsip = await preview(sources('asterisk.pjsip.conf', '[global]\ntype = global\n'));
    expect(pjsip.findings).toMatchObject([
      {
        code: 'generated-section-gone',
        message: 'The driver drops sections that Wazo writes to asterisk/pjsip.conf: [system]',
      },
    ]);
    const declared = await preview({
      ...sources('asterisk.pjsip.conf', '[global]\n[system]\n'),
      files: {
        'wdev.yml': 'preview: {stock: {asterisk/pjsip.conf: stock}}\n',
        stock: '[transport-udp]\ntype = transport\n',
      },
    });
    expect(declared.findings).toMatchObject([
      { message: expect.stringContaining(': [transport-udp]') as string },
    ]);
    const yaml = await preview(sources('provd.network.yml', '# ours\n[general]\nverbose = no\n'));
    expect(yaml.findings).toMatchObject([
      { code: 'generated-not-yaml', level: 'error', file: 'network.yml' },
    ]);
    const other = await preview(sources('provd.network.yml', 'other: 1\n'));
    expect(other.findings).toMatchObject([{ code: 'generated-section-gone' }]);
    const added = await preview(sources('asterisk.modules.conf', '[modules]\n[general](+)\na = b\n'));
    expect(added.findings).toMatchObject([{ code: 'dialplan-unknown-addition', level: 'error' }]);
    const old = await preview(sources('asterisk.sip.conf', '[general]\na = b\n'));
    expect(old.findings).toMatchObject([
      {
        code: 'confgend-file-unread',
        message: 'No service reads asterisk/sip.conf any more',
      },
    ]);
  });

  test('lets a driver extend the stock output', async () => {
    const source = `from wazo_confgend.plugins.features_conf import FeaturesConfGenerator


class Acme(FeaturesConfGenerator):
    def generate(self):
        return super().generate() + '[acme](+)\\nx = 1\\n'
`;
    const points = { 'asterisk.features.conf': ['acme = acme_confgend.driver:Acme'] };
    const settings = { '50-acme.yml': 'plugins: {asterisk.features.conf: acme}\n' };
    const declared = {
      'wdev.yml': 'preview:\n  stock:\n    asterisk/features.conf: stock.conf\n',
      'stock.conf': '[general]\na = 1\n[acme]\n',
    };
    const result = await preview({ driver: source, points, settings, files: declared });
    expect(result).toMatchObject({ text: '[general]\na = 1\n[acme]\n[acme](+)\nx = 1\n', findings: [] });
    const bare = await preview({ driver: source, points, settings });
    expect(bare.findings).toMatchObject([
      { code: 'preview-not-declared', line: 6, message: expect.stringContaining('features.conf') },
    ]);
  });

  test('names the resource of a stock file that is not Asterisk’s', async () => {
    const source = `from wazo_confgend.plugins.network_yml import NetworkGenerator


class Acme(NetworkGenerator):
    pass
`;
    const points = { 'provd.network.yml': ['acme = acme_confgend.driver:Acme'] };
    const settings = { '50-acme.yml': 'plugins: {provd.network.yml: acme}\n' };
    const { findings } = await preview({ driver: source, points, settings });
    expect(findings).toMatchObject([
      {
        code: 'preview-not-declared',
        help: expect.stringContaining('provd/network.yml: tests/stock/network.yml'),
      },
    ]);
    expect(findings[0]?.help).toContain('wazo-confgen provd/network.yml');
  });
});

const jinja = await pythonWith(['yaml', 'jinja2']);

describe.skipIf(jinja === undefined)('a driver with a Jinja template', () => {
  let previewer: Previewer;
  beforeAll(async () => {
    previewer = await Previewer.open(jinja);
  });
  afterAll(async () => await previewer.close());

  const sources = {
    driver: driver(
      "return self.templates.get_customizable_template('acme/page', 'special').dump({'words': ['a', 'b']})",
    ),
    templates: { 'acme/page.jinja': '{% for word in words %}[{{ word }}]\n{% endfor %}' },
  };
  const preview = async (given: DriverSources): Promise<DriverPreview | undefined> =>
    (await previewer.preview([stagedDriver(tempFolder(), given)]))[0];

  it('is rendered, the customized template first', async () => {
    expect(await preview(sources)).toMatchObject({ text: '[a]\n[b]\n', findings: [] });
    const special = { ...sources.templates, 'acme/page-special.jinja': '; {{ words | length }}\n' };
    expect((await preview({ ...sources, templates: special }))?.text).toBe('; 2');
  });

  it('tells of a name without a value, a missing template, and a template that is broken', async () => {
    const undefinedName = await preview({ ...sources, templates: { 'acme/page.jinja': '; {{ wrods }}\n' } });
    expect(undefinedName?.findings).toMatchObject([
      { code: 'driver-template-undefined', message: expect.stringContaining('wrods') },
    ]);
    expect(undefinedName?.text).toBe('; ');
    const missing = await preview({ ...sources, templates: {} });
    expect(missing?.findings).toMatchObject([
      {
        code: 'driver-template-missing',
        line: 9,
        message: expect.stringContaining('acme/page-special.jinja or acme/page.jinja'),
      },
    ]);
    const broken = await preview({ ...sources, templates: { 'acme/page.jinja': 'a\n{% for %}\n' } });
    expect(broken?.findings).toMatchObject([
      { code: 'driver-raised', file: 'templates/acme/page.jinja', line: 2 },
    ]);
  });
});

describe('wdev preview', { timeout: 240_000 }, () => {
  async function project(): Promise<string> {
    const folder = tempFolder();
    const made = await wdev(['new', 'confgend', 'hello', '--namespace', 'demo', '--yes', '--no-git'], {
      cwd: folder,
    });
    expect(made.status).toBe(0);
    return path.join(folder, 'hello');
  }

  it('prints the file alone on standard output, and the difference to the last run beside it', async () => {
    const cwd = await project();
    const golden = readFileSync(path.join(cwd, 'tests/golden/hello.conf'), 'utf8');
    expect(await wdev(['preview'], { cwd })).toMatchObject({ status: 0, stdout: golden });
    const file = path.join(cwd, 'demo_hello_confgend/driver.py');
    writeFileSync(file, readFileSync(file, 'utf8').replace('changes here are lost', 'keep out'));
    const changed = await wdev(['preview', 'asterisk/hello.conf'], { cwd });
    expect(changed.stdout).toBe(golden.replace('changes here are lost', 'keep out'));
    expect(changed.stderr).toMatch(
      /Differs from the last run \(- old, \+ new\):\n@@.*\n-; .*are lost\.\n\+; .*keep out\./,
    );

    const wrong = await wdev(['preview', '--golden', 'tests/golden/hello.conf'], { cwd });
    expect(wrong.status).toBe(1);
    expect(await wdev(['preview', '--accept'], { cwd })).toMatchObject({ status: 0 });
    expect(await wdev(['preview', '--golden', 'tests/golden/hello.conf'], { cwd })).toMatchObject({
      status: 0,
    });
    expect(readFileSync(path.join(cwd, 'tests/golden/hello.conf'), 'utf8')).toBe(changed.stdout);
  });

  it('ends with 2 and says what there is when the file is unknown', async () => {
    const cwd = await project();
    const result = await wdev(['preview', 'asterisk/sip.conf'], { cwd });
    expect(result).toMatchObject({ status: 2, stdout: '' });
    expect(result.stderr).toContain('Available: asterisk/hello.conf');
  });

  it('reports a failure with its line, as text and as JSON', async () => {
    const cwd = await project();
    const file = path.join(cwd, 'demo_hello_confgend/driver.py');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(
        '    def generate(self) -> str:\n',
        '    def generate(self) -> str:\n        nonsense()\n',
      ),
    );
    const line = readFileSync(file, 'utf8').split('\n').indexOf('        nonsense()') + 1;
    const text = await wdev(['preview'], { cwd });
    expect(text).toMatchObject({ status: 1, stdout: '' });
    expect(text.stderr).toContain(
      `demo_hello_confgend/driver.py:${line}: error: generate() raised: NameError`,
    );
    const json = await wdev(['preview', '--json'], { cwd });
    const { previews } = JSON.parse(json.stdout) as { previews: { text: null; findings: Finding[] }[] };
    expect(previews[0]).toMatchObject({ text: null, findings: [{ code: 'driver-raised', line }] });
  });
});
