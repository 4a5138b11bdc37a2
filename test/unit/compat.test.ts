import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPlugin, type CheckOptions } from '../../src/check/check.ts';
import { CATALOGUE } from '../../src/check/catalogue.ts';
import type { CompatArea } from '../../src/check/rule.ts';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { run } from '../../src/support/run.ts';
import { NAME_CHANGES, RETIRED_SERVICES } from '../../src/wazo/renamed.ts';
import { atLeast, NEWEST_WAZO } from '../../src/wazo/versions.ts';
import { writePlugin } from '../support/plugins.ts';
import { PYTHON_PLUGIN, writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

/** Findings of the rules of wdev compat about a plugin with these files. */
async function compatFindings(
  files: Readonly<Record<string, string>>,
  options: CheckOptions,
): Promise<readonly Finding[]> {
  const sources = new Map(
    Object.entries(files).map(([name, text]) => {
      return [name, { path: name, mode: name === 'wazo/rules' ? 0o755 : 0o644, bytes: Buffer.from(text) }];
    }),
  );
  const plugin = {
    kind: 'stack',
    dir: '/plugin',
    id: 'acme/x',
    name: 'x',
    namespace: 'acme',
    version: '1',
  } as const;
  const compat = new Set<CompatArea>(options.debian === undefined ? ['engine'] : ['engine', 'debian']);
  return await checkPlugin(plugin, sources, { ...options, compat });
}

/** wazo/rules whose install is one line, the fifth. */
function withInstall(line: string): Readonly<Record<string, string>> {
  return {
    'wazo/rules': `#!/bin/sh\ncase "$1" in\n    build|package|uninstall) ;;\n    install)\n${line}\n    ;;\nesac\n`,
  };
}

describe('the comparison of versions', () => {
  const ENGINES = ['9.1', '20.09', '24.10', '26.05', '26.10'];
  const BOUNDS = [
    '9.1',
    '24.1',
    '24.10',
    '"24.10"',
    '26.05',
    '"26.05"',
    '26',
    '"3"',
    'yes',
    '24.00',
    '1e3',
    '026.05',
    '"26.5"',
  ];

  it('is wazo-plugind’s: Python’s text of the value, compared as text', async () => {
    const cases = ENGINES.flatMap((engine) => BOUNDS.map((bound) => [engine, bound] as const));
    const script = `import json, sys, yaml
for engine, bound in json.load(sys.stdin):
    value = yaml.safe_load('v: ' + bound)['v']
    text = str(value) if isinstance(value, (float, int)) else value
    print(int(text <= engine), int(text >= engine))`;
    const python = await run(['/usr/bin/python3', '-c', script], { input: JSON.stringify(cases) });
    expect(python.stderr).toBe('');
    const own = await Promise.all(
      cases.map(async ([engine, bound]) => {
        const counts = ['min', 'max'].map(async (key) => {
          const text = `name: x\n${key}_wazo_version: ${bound}\n`;
          return 1 - (await compatFindings({ 'wazo/plugin.yml': text }, { engine, python: false })).length;
        });
        return (await Promise.all(counts)).join(' ');
      }),
    );
    expect(own).toEqual(python.stdout.trim().split('\n'));
  });

  it('names the line, and what YAML made of the number', async () => {
    const files = { 'wazo/plugin.yml': 'name: x\nmax_wazo_version: 24.10\n' };
    expect(await compatFindings(files, { engine: '24.10' })).toMatchObject([
      {
        code: 'manifest-engine-refused',
        line: 2,
        column: 19,
        message: expect.stringContaining('"24.1" (written 24.10') as string,
      },
    ]);
  });
});

describe('names', () => {
  const EXAMPLES: readonly (readonly [string, string, string, 'error' | 'warning' | undefined])[] = [
    ['wazo/rules', 'systemctl restart xivo-ctid-ng', '26.05', 'error'],
    ['wazo/rules', 'systemctl restart xivo-ctid-ng', '18.03', undefined],
    ['wazo/rules', '# systemctl restart xivo-ctid-ng', '26.05', undefined],
    ['README.md', 'was xivo-ctid-ng', '26.05', undefined],
    ['setup.py', "entry_points={'xivo_ctid_ng.plugins': []}", '26.05', 'error'],
    ['wazo/rules', 'systemctl restart xivo-confd', '26.05', 'error'],
    ['a/plugin.py', 'from xivo_confd_client import Client', '26.05', 'error'],
    ['a/plugin.py', 'from xivo_dird.plugin import x', '26.05', 'error'],
    ['wazo/rules', 'systemctl restart wazo-dird-phoned', '26.05', 'error'],
    ['wazo/rules', 'cp x /var/lib/xivo/sounds/', '26.05', 'error'],
    ['wazo/rules', 'systemctl restart xivo-amid', '26.05', 'error'],
    ['a/plugin.py', 'import xivo_amid_client', '26.05', 'error'],
    ['wazo/rules', 'systemctl restart xivo-confgend', '26.05', 'error'],
    ['setup.py', "'xivo_confgend.asterisk.pjsip.conf': []", '26.05', 'error'],
    ['etc/asterisk/extensions_extra.d/a.conf', '#exec xivo-confgen asterisk/x.conf', '26.05', 'error'],
    ['setup.py', "'auth_client.commands': []", '26.05', 'error'],
    ['setup.py', "'wazo_auth_client.commands': []", '26.05', undefined],
    ['wazo/rules', 'systemctl restart wazo-admin-ui', '26.05', 'error'],
    ['wazo/rules', 'systemctl restart xivo-ctid', '26.05', 'error'],
    ['etc/asterisk/extensions_extra.d/a.conf', 'same = n,SIPAddHeader(X: 1)', '26.05', 'error'],
    ['etc/asterisk/extensions_extra.d/a.conf', 'same = n,PJSIP_HEADER(add,X)=1', '26.05', undefined],
    ['etc/asterisk/extensions_extra.d/a.conf', 'same = n,Dial(SIP/a)', '26.05', 'error'],
    ['setup.py', "'wazo_confgend.asterisk.sip.conf': []", '26.05', 'error'],
    ['etc/asterisk/extensions_extra.d/a.conf', 'same = n,Macro(dial)', '26.07', 'error'],
    ['etc/asterisk/extensions_extra.d/a.conf', 'same = n,Macro(dial)', '20.01', undefined],
    ['etc/asterisk/extensions_extra.d/a.conf', 'same = n,NoOp() ; Macro(dial)', '26.07', undefined],
    ['etc/asterisk/extensions_extra.d/a.conf', 'same = n,Monitor(wav)', '26.07', 'error'],
    ['etc/asterisk/extensions_extra.d/a.conf', 'same = n,MixMonitor(a.wav)', '26.07', undefined],
    ['wazo/rules', "asterisk -rx 'sip reload'", '26.07', 'error'],
    ['etc/asterisk/extensions_extra.d/a.conf', 'same = n,MeetMe(1)', '26.07', 'error'],
    ['etc/asterisk/extensions_extra.d/a.conf', 'same = n,NoOp(${XIVO_CALLORIGIN})', '26.07', 'warning'],
  ];

  it.each(EXAMPLES)('%s: %s with %s', async (file, text, engine, level) => {
    const other = file.endsWith('.conf')
      ? `[a]\n${text.replace('same = n,', 'exten = s,1,')}\n`
      : `\n${text}\n`;
    const [files, line] = file === 'wazo/rules' ? [withInstall(text), 5] : [{ [file]: other }, 2];
    const found = await compatFindings(files, { engine });
    expect(found.map((finding) => [finding.level, finding.line])).toEqual(
      level === undefined ? [] : [[level, line]],
    );
  });

  it.each(RETIRED_SERVICES.filter(({ since }) => since !== undefined))(
    '$unit is found as a unit, as a folder and as a Python package, once each',
    async ({ unit, became }) => {
      const code = became === undefined ? 'name-renamed' : 'name-removed';
      const module = unit.replaceAll('-', '_');
      for (const [files, expected] of [
        [withInstall(`systemctl restart ${unit}`), 'rules-gone-service'],
        [{ [`etc/${unit}/conf.d/a.yml`]: 'a: 1\n' }, code],
        [{ 'a.py': `import ${module}\n` }, code],
        [
          {
            'setup.py': `from setuptools import setup\nsetup(entry_points={'${module}.plugins': ['a = b:C']})\n`,
          },
          'entry-point-group-dropped',
        ],
      ] as const)
        expect((await compatFindings(files, { engine: '26.05' })).map((finding) => finding.code)).toEqual([
          expected,
        ]);
    },
  );

  it('each row of the table is held by an example, and has a source', () => {
    const applications =
      'MacroExclusive MacroExit MacroIf StopMonitor ChangeMonitor SIPRemoveHeader SIP_HEADER';
    const texts = [
      ...EXAMPLES.map(([file, text]) => [file, text] as const),
      ...applications.split(' ').map((name) => ['x.conf', `same = n,${name}(a)`] as const),
      ...RETIRED_SERVICES.flatMap(({ unit }) =>
        [unit, unit.replaceAll('-', '_')].map((text) => ['a.py', text] as const),
      ),
    ];
    const unseen = NAME_CHANGES.filter(
      ({ pattern, files }) => !texts.some(([file, text]) => files.test(file) && text.match(pattern) !== null),
    );
    expect(unseen).toEqual([]);
    expect(NAME_CHANGES.filter(({ source }) => source === '')).toEqual([]);
  });

  it('knows which version is the later one', () => {
    expect([atLeast('26.05', '19.12'), atLeast('9.1', '19.12'), atLeast('19.12', '19.12')]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('what Debian changes', () => {
  const RULES = `#!/bin/sh
set -e
case "$1" in
build) python3.9 setup.py bdist ;;
package)
    cd dist
    tar xzf acme-py-*.tar.gz -C "$pkgdir"
    pip3 install \\
        --root "$pkgdir" .
    cp ../x "$pkgdir/usr/lib/python3.9/dist-packages/"
    ;;
install)
    # pip install requests
    pip3 install --user requests
    python3 -m pip install --break-system-packages requests
    ;;
uninstall|postrm) ;;
esac
`;
  const FILES = {
    ...PYTHON_PLUGIN,
    'wazo/rules': RULES,
    'setup.py': "from setuptools import setup\nsetup(name='acme-py', version='1.1')\n",
    'acme_py/extra.py':
      'import crypt\nfrom distutils.util import strtobool\nfrom .parser import x\ntry:\n    import cgi\nexcept ImportError:\n    cgi = None\n',
    'usr/bin/acme': '#!/usr/bin/python3.11\n',
    'README.md': 'It is in /usr/lib/python3.7/dist-packages.\n',
  };

  async function places(debian: number): Promise<readonly string[]> {
    const found = await compatFindings(FILES, { debian });
    return found.map(({ code, level, file, line }) => `${level} ${code} ${file}:${line}`).sort();
  }

  it('is told at its place, in whatever form it is written', async () => {
    const both = [
      'error debian-externally-managed wazo/rules:14',
      'error debian-python-path wazo/rules:10',
      'error debian-python-path wazo/rules:4',
    ];
    expect(await places(12)).toEqual([
      ...both,
      'warning rules-archive-pattern wazo/rules:7',
      'warning setup-distutils acme_py/extra.py:2',
    ]);
    expect(await places(13)).toEqual(
      [
        ...both,
        'error rules-archive-pattern wazo/rules:7',
        'error setup-distutils acme_py/extra.py:2',
        'error debian-gone-module acme_py/extra.py:1',
        'error debian-python-path usr/bin/acme:1',
        'warning debian-gone-module acme_py/extra.py:5',
      ].sort(),
    );
  });
});

describe('wdev compat', () => {
  it('has the findings of wdev check that depend on the Wazo version and on Debian: same codes, same counts', async () => {
    const dir = tempFolder();
    const rules = CATALOGUE.filter(({ compat }) => compat !== undefined);
    for (const { code, bad } of rules)
      writePlugin(path.join(dir, code), { ...SOUND_PLUGIN, ...bad.files }, bad.modes ?? {});
    const asked = ['--engine', '26.07', '--debian', '13', '--json'];
    const [check, compat] = await Promise.all([
      wdev(['check', '.', '--cwd', dir, ...asked]),
      wdev(['compat', '.', '--cwd', dir, '--no-build', ...asked]),
    ]);
    const [checked, read] = [check, compat].map(
      ({ stdout }) =>
        JSON.parse(stdout) as {
          readonly findings: readonly Finding[];
          readonly counts: Readonly<Record<string, number>>;
        },
    );
    const isCompat = ([code]: readonly [string, unknown]): boolean =>
      rules.some((rule) => rule.code === code);
    // the same form as that of check, and nothing but these rules
    expect(Object.entries(read!.counts)).toEqual(Object.entries(checked!.counts).filter(isCompat));
    expect(Object.keys(read!.counts)).toEqual(rules.map(({ code }) => code).toSorted());
    expect(read!.findings.length).toBe(Object.values(read!.counts).reduce((sum, count) => sum + count, 0));
  });

  it('exits with 1 and the place of what is refused, 0 when all is well, 2 for a version that is none', async () => {
    const dir = tempFolder();
    writeFiles(dir, {
      ...PYTHON_PLUGIN,
      'wazo/plugin.yml': 'name: py\nnamespace: acme\nversion: "1"\nmin_wazo_version: 9.1\n',
    });
    const refused = await wdev(['compat', dir, '--engine', '26.05']);
    expect(refused.status).toBe(1);
    expect(refused.stdout).toContain(
      'wazo/plugin.yml:4:19: error: min_wazo_version "9.1" excludes Wazo 26.05',
    );
    writeFiles(dir, {
      'wazo/plugin.yml': readFileSync(path.join(dir, 'wazo/plugin.yml'), 'utf8').replace('9.1', '"25.01"'),
    });
    const json = await wdev(['compat', dir, '--engine', '26.05', '--debian', '13', '--no-build', '--json']);
    expect(json.status).toBe(0);
    expect(JSON.parse(json.stdout)).toEqual({
      engine: '26.05',
      debian: '13',
      proven: false,
      findings: [],
      counts: {},
    });
    expect((await wdev(['compat', dir, '--engine', 'latest'])).status).toBe(2);
  });

  it.each(['compat .', 'check .', 'migrate . --dry-run'])(
    '%s says once of a release that is newer than its tables, and programs get a field',
    async (line) => {
      const dir = tempFolder();
      writePlugin(dir, SOUND_PLUGIN);
      const asked = async (release: string, ...more: readonly string[]): ReturnType<typeof wdev> =>
        await wdev([...line.split(' '), line.startsWith('migrate') ? '--to' : '--engine', release, ...more], {
          cwd: dir,
        });
      const [known, newer, json] = await Promise.all([
        asked(NEWEST_WAZO),
        asked('27.01'),
        asked('27.01', '--json'),
      ]);
      expect([known.status, known.stderr]).toEqual([0, '']);
      expect([newer.status, newer.stderr.match(/knows Wazo up to/g)?.length]).toEqual([0, 1]);
      expect(newer.stderr).toContain(NEWEST_WAZO);
      expect(newer.stdout).not.toContain('works with');
      expect([json.status, json.stderr]).toEqual([0, '']);
      if (!line.startsWith('migrate'))
        expect(JSON.parse(json.stdout)).toMatchObject({ judgedAs: NEWEST_WAZO });
    },
  );
});
