import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readServerStanding, type ServerStanding, type Standing } from '../../src/status/standing.ts';
import { judgeUpgrade, type Upgrade, type UpgradeVerdict } from '../../src/status/upgrade.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { statusOf, withDrift } from '../../src/fleet/status.ts';
import { statusLines } from '../../src/terminal/fleet-view.ts';
import { PYTHON_PLUGIN, writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

const HOME = '/usr/lib/wazo-plugind/plugins/acme/hello/wazo';
const PYTHON = '/usr/lib/python3/dist-packages';
const DIALPLAN = '/etc/asterisk/extensions_extra.d/acme-hello.conf';

/** A plugin that stands on a server with these files. */
function standing(files: Readonly<Record<string, string | null>>, more: Partial<Standing> = {}): Standing {
  const manifest = { [`${HOME}/plugin.yml`]: 'name: hello\nnamespace: acme\nversion: "1"\n' };
  return {
    by: 'package',
    plugin: 'acme/hello',
    package: 'wazo-plugind-hello-acme',
    version: '1',
    state: 'installed',
    depends: '',
    changed: [],
    files: Object.entries({ ...manifest, ...files }),
    unread: [],
    ...more,
  };
}

async function verdictOf(
  plugin: Standing,
  upgrade: Upgrade,
  now: Partial<ServerStanding> = { wazo: null },
): Promise<UpgradeVerdict> {
  const [verdict] = await judgeUpgrade({ wazo: null, debian: '12.11', plugins: [plugin], ...now }, upgrade);
  return verdict!;
}

const places = ({ findings }: UpgradeVerdict): readonly string[] =>
  findings.map(({ level, code, file, line }) => `${level} ${code} ${file}:${line}`);

describe('a plugin that stands on a server', () => {
  const WAZO: readonly (readonly [string, string, string])[] = [
    [DIALPLAN, '[a]\nexten = s,1,Macro(dial)\n', 'dialplan-gone-application'],
    [`${PYTHON}/acme_hello/plugin.py`, 'import os\nfrom xivo_confd_client import Client\n', 'name-renamed'],
    ['/etc/xivo-confd/conf.d/50-acme.yml', 'a: 1\n', 'name-renamed'],
    [
      `${PYTHON}/acme_hello-1.egg-info/entry_points.txt`,
      '[wazo_calld.plugins]\na = a:A\n\n[xivo_ctid_ng.plugins]\nhello = acme_hello.plugin:Plugin\n',
      'entry-point-group-dropped',
    ],
    [
      '/usr/local/lib/python3.11/dist-packages/acme-1.dist-info/entry_points.txt',
      '[wazo_confgend.asterisk.sip.conf]\nhello = acme_hello.plugin:Plugin\n',
      'name-removed',
    ],
    [`${HOME}/plugin.yml`, 'name: hello\nmax_wazo_version: "26.05"\n', 'manifest-engine-refused'],
  ];

  it.each(WAZO)('breaks by %s at the line that another Wazo does not know', async (file, text, code) => {
    const plugin = standing({ [file]: text });
    const broken = await verdictOf(plugin, { engine: '26.10' });
    expect(broken.verdict).toBe('breaks');
    expect(broken.findings.map((finding) => [finding.level, finding.code, finding.file])).toEqual([
      ['error', code, file],
    ]);
    expect(text.split('\n')[(broken.findings[0]?.line ?? 0) - 1]).toBeDefined();
    // the Wazo that it was written for
    expect(await verdictOf(plugin, { engine: '18.03' })).toMatchObject({ verdict: 'fits', findings: [] });
  });

  it('breaks where it needs the Python of the present Debian', async () => {
    const plugin = standing(
      {
        '/usr/local/lib/python3.11/dist-packages/acme/__init__.py': '',
        '/usr/local/lib/python3.11/dist-packages/acme/a.py': 'a = 1\n',
        [`${PYTHON}/acme_hello/fast.cpython-311-x86_64-linux-gnu.so`]: null,
        [`${PYTHON}/acme_hello/plugin.py`]: 'import crypt\nfrom distutils.util import strtobool\n',
        [`${PYTHON}/acme_hello/own.abi3.so`]: null,
        '/usr/bin/acme': '#!/usr/bin/python3.11\n',
      },
      { depends: 'wazo-plugind-tags-acme (>= 1), python3.11-venv | python3-venv, sox' },
    );
    const trixie = await verdictOf(plugin, { engine: '26.10', debian: 13 });
    expect([...places(trixie)].sort()).toEqual(
      [
        'error debian-python-path undefined:undefined',
        'error debian-python-path /usr/local/lib/python3.11/dist-packages/acme/__init__.py:undefined',
        `error debian-python-path ${PYTHON}/acme_hello/fast.cpython-311-x86_64-linux-gnu.so:undefined`,
        'error debian-python-path /usr/bin/acme:1',
        `error debian-gone-module ${PYTHON}/acme_hello/plugin.py:1`,
        `error setup-distutils ${PYTHON}/acme_hello/plugin.py:2`,
      ].sort(),
    );
    expect(trixie.unknown).toEqual(['whether Debian 13 has sox']);
    const bookworm = await verdictOf(plugin, { engine: '26.10', debian: 12 });
    expect(bookworm.findings.filter(({ level }) => level === 'error')).toEqual([]);
    // Debian is asked about only where it changes
    expect(await verdictOf(plugin, { engine: '26.10' })).toMatchObject({ findings: [], unknown: [] });
  });

  it('is not broken by what the making of its package did', async () => {
    const rules = `#!/bin/sh
case "$1" in
    build) systemctl status xivo-confd ;;
    package) cp x "$pkgdir/usr/lib/python3.9/" ;;
    install) systemctl restart xivo-confd ;;
esac
`;
    const verdict = await verdictOf(standing({ [`${HOME}/rules`]: rules }), { engine: '26.10', debian: 13 });
    expect(verdict.verdict).toBe('fits');
    expect(places(verdict)).toEqual([`warning rules-gone-service ${HOME}/rules:5`]);
    expect(verdict.findings[0]?.message).toMatch(/^At its next installation or removal: /);
  });

  it('that does not work now is not broken by the upgrade', async () => {
    const plugin = standing({ [DIALPLAN]: '[a]\nexten = s,1,Macro(dial)\nsame = n,Dial(SIP/a)\n' });
    const from = await verdictOf(plugin, { engine: '26.10' }, { wazo: '26.05' });
    expect(from.verdict).toBe('breaks');
    const again = await verdictOf(plugin, { engine: '26.10' }, { wazo: '26.07' });
    expect(again).toMatchObject({ verdict: 'fits' });
    expect(again.findings.map(({ message }) => message).every((one) => one.startsWith('Already now: '))).toBe(
      true,
    );
  });

  it('of which nothing was read is not said to fit', async () => {
    const { files: _files, ...unread } = standing({});
    expect(await verdictOf(unread, { engine: '26.10' })).toMatchObject({
      verdict: 'unknown',
      unknown: ['its files were not read'],
    });
    const long = standing({}, { unread: ['/usr/share/acme/words'] });
    expect((await verdictOf(long, { engine: '26.10' })).unknown).toEqual([
      '/usr/share/acme/words is too long to be read',
    ]);
  });

  it('is judged once where wdev put files over its package', async () => {
    const plugins = [standing({ [DIALPLAN]: '[a]\nexten = s,1,Macro(b)\n' }), standing({}, { by: 'wdev' })];
    const verdicts = await judgeUpgrade({ wazo: null, debian: null, plugins }, { engine: '26.10' });
    expect(verdicts.map(({ by, verdict }) => [by, verdict])).toEqual([['wdev', 'fits']]);
  });
});

describe('what a server says of itself', () => {
  it('is read from the database of dpkg and the records of wdev', async () => {
    const root = tempFolder();
    const write = (name: string, text: string | Buffer): void => {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    };
    const entry = (name: string, status: string): string =>
      `Package: ${name}\nStatus: ${status}\nMaintainer: a <a@b>\nArchitecture: all\nVersion: 1.2\nDepends: sox, python3\nDescription: a\n\n`;
    write(
      'var/lib/dpkg/status',
      entry('wazo-plugind-hello-acme', 'install ok installed') +
        entry('wazo-plugind-gone-acme', 'deinstall ok config-files') +
        entry('wazo-plugind-client-python3', 'install ok installed') +
        entry('wazo-plugind', 'install ok installed'),
    );
    write(
      'var/lib/dpkg/info/wazo-plugind-client-python3.list',
      '/.\n/usr/lib/python3/dist-packages/wazo_plugind_client/client.py\n',
    );
    const paths = ['/.', '/etc', '/etc/a b.conf', '/usr/share/a.wav', '/usr/share/long'];
    write('var/lib/dpkg/info/wazo-plugind-hello-acme.list', [...paths, `${HOME}/plugin.yml`, ''].join('\n'));
    write(
      'var/lib/dpkg/info/wazo-plugind-hello-acme.md5sums',
      'd41d8cd98f00b204e9800998ecf8427e  etc/a b.conf\n',
    );
    write('etc/a b.conf', 'é\n');
    write('usr/share/a.wav', Buffer.from([82, 0, 255]));
    write('usr/share/long', Buffer.alloc(1024 * 1024 + 1, 'a'));
    write(`${HOME}/plugin.yml`, 'name: hello\n');
    write('etc/debian_version', '12.11\n');
    write('usr/share/wazo/WAZO-VERSION', '26.05\n');
    write(
      'var/lib/wdev/plugins/acme%2Fnew.json',
      JSON.stringify({ id: 'acme/new', version: '3', files: [['/etc/a b.conf', 'x', 420]] }),
    );
    write('var/lib/wdev/plugins/bad.json', '{');
    const program = path.join(packageRoot(), 'src/status/standing.py');
    const asked = async (...words: string[]): Promise<ServerStanding> => {
      const { stdout, stderr } = await run(['/usr/bin/python3', program, ...words, root]);
      const said = readServerStanding(stdout || stderr);
      if (said === undefined) throw new Error(stdout);
      return said;
    };
    const hello = {
      by: 'package',
      plugin: 'acme/hello',
      package: 'wazo-plugind-hello-acme',
      version: '1.2',
      state: 'installed',
      depends: 'sox, python3',
      changed: ['/etc/a b.conf'],
    };
    const fresh = { by: 'wdev', plugin: 'acme/new', package: '', version: '3', state: 'installed' };
    expect(await asked('texts')).toMatchObject({
      wazo: '26.05',
      debian: '12.11',
      plugins: [
        {
          ...hello,
          files: [
            ['/etc/a b.conf', 'é\n'],
            ['/usr/share/a.wav', null],
            ['/usr/share/long', null],
            [`${HOME}/plugin.yml`, 'name: hello\n'],
          ],
          unread: ['/usr/share/long'],
        },
        { ...fresh, files: [['/etc/a b.conf', 'é\n']], unread: [] },
      ],
    });
    const short = await asked();
    expect(short.plugins).toEqual([hello, { ...fresh, depends: '', changed: [] }]);
  });
});

describe('wdev compat --target', () => {
  it('judges what is installed there, names its lines, and changes nothing', async () => {
    const dir = tempFolder();
    writeFiles(dir, {
      ...PYTHON_PLUGIN,
      'wazo/plugin.yml': 'name: py\nnamespace: acme\nversion: "1"\nmax_wazo_version: "26.05"\n',
      'wazo/rules': (PYTHON_PLUGIN['wazo/rules'] ?? '').replace(
        'install|uninstall|postrm) ;;',
        'install|postrm) systemctl restart wazo-calld ;;\n    uninstall) ;;',
      ),
    });
    const ask = async (...words: string[]) =>
      await wdev(['compat', '--target', 'embedded', '--engine', '26.10', ...words], { cwd: dir });
    const installed = await wdev(['install', '.'], { cwd: dir });
    expect(installed.status, installed.stderr).toBe(0);
    const broken = await ask();
    expect(broken.stdout, broken.stderr).toContain('✗ acme/py 1 (by wdev): would break');
    expect(broken.stdout).toContain('/usr/lib/wazo-plugind/plugins/acme/py/wazo/plugin.yml:4:');
    expect(broken.stdout).toContain('The upgrade would break 1 of 1 plugin.');
    expect(broken.status).toBe(1);
    const json = JSON.parse((await ask('--json')).stdout) as Record<string, unknown>;
    expect(json).toMatchObject({
      target: 'embedded',
      engine: '26.10',
      plugins: [{ plugin: 'acme/py', version: '1', by: 'wdev', verdict: 'breaks', unknown: [] }],
      findings: [{ plugin: 'acme/py', code: 'manifest-engine-refused', line: 4 }],
      counts: { 'manifest-engine-refused': 1 },
    });
    const fits = await wdev(['compat', '--target', 'embedded', '--engine', '26.05'], { cwd: dir });
    expect([fits.status, fits.stdout]).toEqual([
      0,
      expect.stringContaining('No plugin would break, as far as wdev knows.'),
    ]);
    expect((await ask('.')).status).toBe(2);
  });

  it('says which server it cannot ask', async () => {
    const gone = await wdev(['compat', '--target', 'stack:nowhere', '--engine', '26.10']);
    expect(gone.status).toBe(3);
  });
});

describe('the status of a fleet before an upgrade', () => {
  it('has a column, and the first place of each plugin that would break', async () => {
    const upgrade = { engine: '26.10', debian: 13 };
    const old = standing({ [DIALPLAN]: '[a]\nexten = s,1,Macro(dial)\nsame = n,MeetMe(1)\n' });
    const answers: readonly (readonly [string, ServerStanding | undefined])[] = [
      ['pbx1', { wazo: '26.05', debian: '12.11', plugins: [old] }],
      ['pbx2', { wazo: '26.05', debian: '12.11', plugins: [standing({})] }],
      ['pbx3', undefined],
    ];
    const servers = withDrift(
      answers.map(([host, answer]) => statusOf(host, answer)),
      {},
    );
    const judged = await Promise.all(
      servers.map(async (server, at) => {
        const answer = answers[at]?.[1];
        return answer === undefined ? server : { ...server, upgrade: await judgeUpgrade(answer, upgrade) };
      }),
    );
    expect(statusLines(servers).at(-1)).toContain('wdev fleet status --engine VERSION');
    const lines = statusLines(judged, upgrade);
    expect(lines).toEqual([
      '  host  Wazo   Debian  → Wazo 26.10, Debian 13  plugins',
      '✗ pbx1  26.05  12.11   breaks 1                 acme/hello 1',
      `    the upgrade would break acme/hello 1: ${DIALPLAN}:2: Macro was removed from Asterisk (and 1 more)`,
      '✓ pbx2  26.05  12.11   breaks none              acme/hello 1',
      '✗ pbx3                 not known                no answer',
      "  To see why a server does not answer, in the fleet's folder: ansible-playbook status.yml",
      '  To see how to fix it: wdev compat --target ssh://HOST --engine 26.10',
    ]);
  });
});
