import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { debianFindings } from '../../src/compat/debian.ts';
import { engineFindings } from '../../src/compat/engine.ts';
import { nameFindings } from '../../src/compat/find-names.ts';
import { NAME_CHANGES, atLeast } from '../../src/compat/names.ts';
import { run } from '../../src/support/run.ts';
import { PYTHON_PLUGIN, writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

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
    const own = cases.map(([engine, bound]) =>
      ['min', 'max']
        .map((key) => 1 - engineFindings(`name: x\n${key}_wazo_version: ${bound}\n`, engine).length)
        .join(' '),
    );
    expect(own).toEqual(python.stdout.trim().split('\n'));
  });

  it('names the line, and what YAML made of the number', () => {
    expect(engineFindings('name: x\nmax_wazo_version: 24.10\n', '24.10')).toMatchObject([
      {
        code: 'engine-refuses',
        line: 2,
        column: 19,
        message: expect.stringContaining('24.1 (read from 24.10') as string,
      },
    ]);
  });
});

describe('names', () => {
  const EXAMPLES: readonly (readonly [string, string, string, 'error' | 'info' | undefined])[] = [
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
    ['etc/asterisk/extensions_extra.d/a.conf', 'same = n,NoOp(${XIVO_CALLORIGIN})', '26.07', 'info'],
  ];

  it.each(EXAMPLES)('%s: %s with %s', (file, text, engine, level) => {
    const found = nameFindings([[file, `first\n${text}\n`]], engine);
    expect(found.map((finding) => [finding.level, finding.line])).toEqual(
      level === undefined ? [] : [[level, 2]],
    );
  });

  it('each row of the table is held by an example, and has a source', () => {
    const unseen = NAME_CHANGES.filter(
      ({ pattern, files }) =>
        !EXAMPLES.some(([file, text]) => files.test(file) && text.match(pattern) !== null),
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
  const rules =
    '#!/bin/sh\ntar xzf dist/acme-py-*.tar.gz\npip install requests\npip3 install --root=$pkgdir .\ncp x $pkgdir/usr/lib/python3.11/dist-packages/\n';
  const setup = "from distutils.core import setup\nsetup(name='acme-py')\n";

  it('is told with the line of rules', () => {
    expect(debianFindings(rules, setup, '13').map(({ code, file, line }) => [code, file, line])).toEqual([
      ['debian-archive-name', 'wazo/rules', 2],
      ['debian-externally-managed', 'wazo/rules', 3],
      ['debian-python-path', 'wazo/rules', 5],
      ['debian-distutils', 'setup.py', 1],
    ]);
    expect(debianFindings(rules, setup, '12').map(({ code }) => code)).toEqual(['debian-externally-managed']);
  });
});

describe('wdev compat', () => {
  it('exits with 1 and the place of what is refused, 0 when all is well, 2 for a version that is none', async () => {
    const dir = tempFolder();
    writeFiles(dir, {
      ...PYTHON_PLUGIN,
      'wazo/plugin.yml': 'name: py\nnamespace: acme\nversion: "1"\nmin_wazo_version: 9.1\n',
    });
    const refused = await wdev(['compat', dir, '--engine', '26.05']);
    expect(refused.status).toBe(1);
    expect(refused.stdout).toContain('wazo/plugin.yml:4:19: error: wazo-plugind of 26.05 refuses the plugin');
    writeFiles(dir, {
      'wazo/plugin.yml': readFileSync(path.join(dir, 'wazo/plugin.yml'), 'utf8').replace('9.1', '"25.01"'),
    });
    const json = await wdev(['compat', dir, '--engine', '26.05', '--debian', '13', '--no-build', '--json']);
    expect(json.status).toBe(0);
    expect(JSON.parse(json.stdout)).toEqual({ engine: '26.05', debian: '13', proven: false, findings: [] });
    expect((await wdev(['compat', dir, '--engine', 'latest'])).status).toBe(2);
  });
});
