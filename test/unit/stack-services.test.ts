import { existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { AptFailures } from '../../src/stacks/real/apt-failure.ts';
import { AptProgress } from '../../src/stacks/real/apt-progress.ts';
import { prune } from '../../src/stacks/real/cache.ts';
import { closeArchives, openArchives } from '../../src/stacks/real/archives.ts';
import { APT_HELPER, proxySettings, readProxies } from '../../src/stacks/real/proxies.ts';
import { apiExample } from '../../src/stacks/wazo/access.ts';
import { demandAnswer, findRepository, parseLine, readKey } from '../../src/stacks/wazo/repository.ts';
import { hasTrace } from '../../src/stacks/real.ts';
import { remedyOf } from '../../src/stacks/requirements.ts';
import { readServices, selectServices } from '../../src/stacks/wazo/services.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { SERVICES } from '../../src/wazo/services.ts';
import { startProxy } from '../support/proxy.ts';
import { wdev } from '../support/wdev.ts';
import { tempFolder } from '../support/temp.ts';
import { writeFiles } from '../support/python-plugin.ts';

describe("the services of a stack with Wazo's", () => {
  it('brings what those asked for need, in the order in which they start', () => {
    const { units, packages } = selectServices(readServices(['wazo-agid', 'calld']));
    expect(units).toEqual(['wazo-auth', 'wazo-confd', 'wazo-calld', 'wazo-agid']);
    expect(packages).toEqual([
      'wazo-auth',
      'wazo-auth-keys',
      'wazo-nginx',
      'wazo-confd',
      'wazo-calld',
      'wazo-agid',
    ]);
  });

  it('has wazo-auth when nothing is asked for, and passes over units of plugins', () => {
    expect(selectServices(['acme-sync']).units).toEqual(['wazo-auth']);
  });

  it('brings what the pages of wazo-ui ask', () => {
    expect(selectServices(readServices(['ui'])).units).toEqual(['wazo-auth', 'wazo-confd', 'wazo-ui']);
  });

  it('bring Asterisk with its settings, and what generates them', () => {
    const { units, packages } = selectServices(readServices(['agid', 'asterisk']));
    expect(units).toEqual(['wazo-confgend', 'wazo-auth', 'wazo-confd', 'wazo-agid', 'asterisk']);
    expect(packages.slice(-2)).toEqual(['asterisk', 'wazo-asterisk-config']);
  });

  it('are there on an embedded stack, too', () => {
    const file = path.join(packageRoot(), 'src/stacks/assets/embedded/bin/systemctl');
    const stock = /^stock='([^']*)'/m.exec(readFileSync(file, 'utf8'))?.[1]?.split(/\s+/) ?? [];
    expect(SERVICES.map(({ unit }) => unit).filter((unit) => !stock.includes(unit))).toEqual([]);
  });

  it('refuses a word that is no service, and says which there are', () => {
    expect(() => readServices(['cald'])).toThrowError(
      expect.objectContaining({
        message: '--with cald: no service of Wazo',
        help: expect.stringMatching(/^Did you mean calld\? The services are confgend, /) as string,
      }),
    );
  });
});

it('shows lines to ask it that no terminal breaks', () => {
  const access = { url: 'https://127.0.0.1:24976', user: 'wazo-auth-cli', password: 'S'.repeat(32) };
  const lines = apiExample(access, 'wazo-call-logd');
  expect(lines.filter((line) => line.length > 70)).toEqual([]);
  expect(lines.at(-1)).toBe('https://127.0.0.1:24976/api/call-logd/1.0/status');
});

describe('a rehearsal on a stack that does not run', () => {
  it.skipIf(hasTrace('wazo'))(
    "does not make a machine that is only called as that of Wazo's services",
    async () => {
      const dir = tempFolder();
      writeFiles(dir, {
        'wazo/plugin.yml': 'name: trial\nnamespace: acme\nversion: "0.1"\n',
        'wazo/rules': '#!/bin/sh\n',
      });
      const { status, stderr } = await wdev(['rehearse', dir, '--stack', 'wazo']);
      expect(status).toBe(3);
      expect(stderr).toContain('there is no stack named wazo');
      expect(stderr).toContain('wdev stack up --kind wazo');
    },
  );
});

describe('packages that cannot be set up', () => {
  it('are named with the words of their own scripts, and not those that wait for them', () => {
    const failures = new AptFailures();
    const text = `Setting up xivo-lib (1) ...
Setting up wazo-auth (1) ...
psql: error: connection refused
no database
dpkg: error processing package wazo-auth (--configure):
 installed wazo-auth package post-installation script subprocess returned error exit status 3
pmerror:wazo-auth:80.0:installed wazo-auth package post-installation script subprocess returned error exit status 3
dpkg: dependency problems prevent configuration of wazo-auth-keys:
 wazo-auth-keys depends on wazo-auth; however:
  Package wazo-auth is not configured yet.

dpkg: error processing package wazo-auth-keys (--configure):
 dependency problems - leaving unconfigured
Setting up wazo-nginx:all (1) ...
Errors were encountered while processing:
 wazo-auth
E: Sub-process /usr/bin/dpkg returned an error code (1)`;
    for (const line of text.split('\n')) failures.take(line);
    expect(failures.found).toEqual([
      {
        name: 'wazo-auth',
        words: ['psql: error: connection refused', 'no database'],
        reason:
          'installed wazo-auth package post-installation script subprocess returned error exit status 3',
      },
    ]);
  });
});

describe('what is kept to make stacks of', () => {
  it('is removed when it was not used for a week, or is one of many layers of services', () => {
    const folder = tempFolder();
    const part = (name: string, minutes: number): string => {
      const made = path.join(folder, name);
      mkdirSync(made);
      utimesSync(made, new Date(), new Date(Date.now() - minutes * 60_000));
      return made;
    };
    const week = 7 * 24 * 60 + 1;
    const used = [part('wazo-0a', week), part('root-0b', week)];
    for (const [name, minutes] of Object.entries({
      'wazo-1': 5,
      'wazo-2': 20,
      'wazo-3': 30,
      'wazo-4': 40,
      'wazo-5': 50,
      'layer-1': week,
      'part-1': week,
      'part-2': 60,
      'debian-12-1': week,
      archives: week,
      other: week,
    }))
      part(name, minutes);
    prune(folder, used);
    expect(readdirSync(folder).sort()).toEqual([
      'archives',
      'other',
      'part-2',
      'root-0b',
      'wazo-0a',
      'wazo-1',
      'wazo-2',
    ]);
  });

  it('is shown, and removed by one command', async () => {
    const env = { XDG_CACHE_HOME: tempFolder() };
    const folder = path.join(env.XDG_CACHE_HOME, 'wdev/stack');
    mkdirSync(path.join(folder, 'root-0a/etc'), { recursive: true });
    writeFileSync(path.join(folder, 'root-0a/etc/large'), Buffer.alloc(3_000_000));
    mkdirSync(path.join(folder, 'archives'));
    const shown = await wdev(['stack', 'status', '--kind', 'embedded'], { env });
    expect(shown.stdout).toContain(
      `Cache: ${folder} (folders that no stack uses: 2)\n  remove  wdev stack prune\n`,
    );
    const { stdout } = await wdev(['stack', 'prune'], { env });
    expect(stdout).toBe(`Removed 3 MB from ${folder}.\n`);
    expect(readdirSync(folder)).toEqual([]);
    expect((await wdev(['stack', 'prune'], { env })).stdout).toBe(`Nothing to clear in ${folder}.\n`);
  });
});

describe('what a machine lacks for a stack', () => {
  it('is told with one command for all packages', () => {
    const lack = (what: string, debian: string | undefined, remedy: string) => ({
      ability: 'real' as const,
      what,
      remedy,
      ...(debian === undefined ? {} : { debian }),
    });
    const lacks = [lack('root', undefined, 'Run it as root.'), lack('a', 'pa', 'x'), lack('b', 'pb', 'y')];
    expect(remedyOf(lacks)).toMatch(
      /^Run it as root\. (sudo )?apt-get install --no-install-recommends pa pb$/,
    );
  });
});

describe('the repository of a stack', () => {
  it.each([
    ['deb http://mirror.local/debian/ pelican-bookworm main', '', 'http://mirror.local/debian/'],
    ['deb [trusted=yes arch=amd64] file:/srv/x ./', 'trusted=yes arch=amd64', 'file:/srv/x'],
  ])('reads %s', (line, options, uri) => {
    expect(parseLine(line)).toMatchObject({ options, uri });
  });

  it.each([
    'http://mirror.local',
    'deb',
    'deb file:/x',
    'deb ftp://x y z',
    'deb http://x y; rm -rf /',
    'deb http://x\ndeb y z',
  ])('refuses %j', (line) => {
    expect(() => parseLine(line)).toThrowError(/not a line of apt/);
  });

  it('carries a folder of this machine into the stack, with the key that signs it', async () => {
    const folder = tempFolder();
    const key = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n';
    writeFiles(folder, { Packages: 'Package: x\n', 'key.asc': key });
    const found = findRepository(`deb file:${folder} ./`, `${folder}/key.asc`);
    expect(found).toMatchObject({
      line: 'deb [signed-by=/etc/apt/keyrings/wazo.asc] file:/srv/wazo-repository ./',
      carried: { from: folder, to: '/srv/wazo-repository' },
      key: { from: `${folder}/key.asc`, to: '/etc/apt/keyrings/wazo.asc' },
      asked: [],
    });
    writeFiles(folder, { Packages: 'Package: x and more\n' });
    const later = findRepository(`deb file:${folder} ./`, `${folder}/key.asc`);
    expect(later.fingerprint).not.toBe(found.fingerprint);
  });

  it('says what is wrong with a key or a folder', () => {
    const folder = tempFolder();
    writeFiles(folder, { 'key.asc': 'no key\n' });
    const find = (line: string, key?: string) => (): unknown => findRepository(line, key);
    expect(find(`deb file:${folder} ./`, `${folder}/key.asc`)).toThrowError(/is not an OpenPGP public key/);
    expect(find(`deb file:${folder} ./`, `${folder}/none`)).toThrowError(/cannot read the key.*no such file/);
    expect(find(`deb [trusted=yes] file:${folder}/none ./`)).toThrowError(/is not a folder/);
    expect(find(`deb file:${folder} ./`)).toThrowError(/takes nothing from it without its key/);
  });

  it.skipIf(!existsSync(APT_HELPER))(
    'does not need the net for what it is, and says at once when it does not answer',
    async () => {
      const server = createServer((request, response) => {
        const isThere = ['/debian/dists/main/InRelease', '/flat/sub/Release'].includes(request.url ?? '');
        response.writeHead(isThere ? 200 : 404).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const open = (rest: string): Promise<void> => demandAnswer(findRepository(`deb [trusted=yes] ${rest}`));
      await open(`${url}/debian main contrib`);
      await open(`${url}/flat/ sub/`);
      await expect(open(`${url}/debian other main`)).rejects.toThrowError(
        `${url}/debian/dists/other/InRelease: 404 Not Found`,
      );
      server.close();
      await new Promise((resolve) => server.once('close', resolve));
      await expect(open(`${url}/debian main`)).rejects.toThrowError(/does not answer: .*Connection refused/);
      expect(findRepository('deb http://no-such.invalid/ main', `${url}/key.asc`).line).toContain(
        'signed-by',
      );
    },
  );
});

describe('the proxies of apt on this machine', () => {
  const DUMP = `Acquire "";
Acquire::http "";
Acquire::http::Proxy "http://cache:3142";
Acquire::http::Proxy::mirror.local "DIRECT";
Acquire::Retries "3";
`;

  it.each<[string, string, Record<string, string>, object]>([
    [
      'its settings',
      DUMP,
      { http_proxy: 'http://other' },
      { http: 'http://cache:3142', https: 'http://cache:3142', direct: ['mirror.local'] },
    ],
    [
      'the environment',
      '',
      { http_proxy: 'http://one', https_proxy: 'http://two', no_proxy: 'a.local, .b' },
      { http: 'http://one', https: 'http://two', direct: ['a.local', '.b'] },
    ],
    [
      'a setting against the environment',
      'Acquire::http::Proxy "DIRECT";\n',
      { http_proxy: 'x' },
      { direct: [] },
    ],
    ['nothing', '', {}, { direct: [] }],
  ])('are those of %s', (_what, dump, env, proxies) => {
    expect(readProxies(dump, env)).toEqual(proxies);
  });

  it('are those of apt in a stack, where one of this machine itself is led to', () => {
    const far = { http: 'http://me:pw@cache.example:3142', direct: ['a.local', '.b', 'c";x'] };
    expect(proxySettings(far)).toEqual({
      text: 'Acquire::http::Proxy "http://me:pw@cache.example:3142";\nAcquire::http::Proxy::a.local "DIRECT";\n',
      own: [],
    });
    const own = { http: 'http://localhost:3142', https: 'http://[::1]:8080/', direct: [] };
    expect(proxySettings(own)).toEqual({
      text: 'Acquire::http::Proxy "http://127.0.0.1:3142/";\nAcquire::https::Proxy "http://127.0.0.1:8080/";\n',
      own: [
        { host: '127.0.0.1', port: 3142 },
        { host: '[::1]', port: 8080 },
      ],
    });
    expect(proxySettings({ direct: ['a.local'] })).toEqual({ text: '', own: [] });
  });

  it.skipIf(!existsSync(APT_HELPER))('are what a repository is asked by', async () => {
    const server = createServer(
      (_request, response) => void response.end('-----BEGIN PGP PUBLIC KEY BLOCK-----'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = await startProxy({ 'wazo.invalid': (server.address() as AddressInfo).port });
    vi.stubEnv('http_proxy', proxy.url);
    try {
      await demandAnswer(findRepository('deb [trusted=yes] http://wazo.invalid/debian main contrib'));
      expect(await readKey('http://wazo.invalid/key.asc')).toContain('BEGIN PGP');
      const home = 'http://wazo.invalid';
      expect(proxy.asked).toEqual([`${home}/debian/dists/main/InRelease`, `${home}/key.asc`]);
    } finally {
      vi.unstubAllEnvs();
      await proxy.close();
      server.close();
    }
  });
});

/** Lines of apt-get, of an installation and of its status channel, each with how far it is as a person reads it. */
const SAID: readonly (readonly [string, string | undefined])[] = [
  ['Get:1 http://debian.example/debian bookworm/main amd64 Packages [8792 kB]', undefined],
  ['0 upgraded, 3 newly installed, 0 to remove and 0 not upgraded.', undefined],
  ['Need to get 20.3 MB/31.5 MB of archives.', 'downloading 0 of 20 MB for 3 packages'],
  [
    'Get:1 http://debian.example/debian bookworm/main amd64 libx amd64 1.2-1 [8123 kB]',
    'downloading 8 of 20 MB for 3 packages',
  ],
  ['dlstatus:1:45.4545:Retrieving file 1 of 3 (14s remaining)', 'downloading 8 of 20 MB for 3 packages'],
  ['Get:2 file:/srv/wazo-repository ./ wazo-auth 26.10 [12.1 MB]', 'downloading 20 of 20 MB for 3 packages'],
  ['Preparing to unpack .../libx_1.2-1_amd64.deb ...', undefined],
  ['Unpacking libx:amd64 (1.2-1) ...', 'unpacking 1 of 3 packages, libx'],
  ['pmstatus:libx:amd64:12.5:Unpacking libx:amd64 (amd64)', 'unpacking 1 of 3 packages, libx'],
  ['pmstatus:wazo-auth:61.2:Unpacking wazo-auth (all)', 'unpacking 2 of 3 packages, wazo-auth'],
  ['pmstatus:wazo-auth:50:Installing wazo-auth (all)', 'unpacking 2 of 3 packages, wazo-auth'],
  ['pmstatus:libx:70:Configuring libx (amd64)', 'setting up 1 of 3 packages, libx'],
  ['Setting up wazo-auth (26.10) ...', 'setting up 2 of 3 packages, wazo-auth'],
  ['adduser: Warning: nothing to do', undefined],
];

describe('what apt tells of its progress', () => {
  it.each([
    [[...SAID]],
    [[...SAID.slice(0, 2), ['Need to get 500 kB of archives.', '0.0 of 0.5 MB'] as const]],
  ])('is read as packages and megabytes', (lines) => {
    const apt = new AptProgress();
    for (const [line, text] of lines) {
      const told = apt.take(line);
      if (text === undefined) expect([line, told]).toEqual([line, undefined]);
      else expect([line, told]).toEqual([line, expect.stringContaining(text)]);
    }
  });

  it('counts the packages of two installations into one root together', () => {
    const apt = new AptProgress();
    for (const [line] of SAID) apt.take(line);
    apt.take('0 upgraded, 5 newly installed, 0 to remove and 0 not upgraded.');
    expect(apt.take('Unpacking asterisk (1:22) ...')).toBe('unpacking 3 of 8 packages, asterisk');
  });
});

describe('packages that apt fetched', () => {
  it('are handed on to the next, also by one that was cut off', () => {
    vi.stubEnv('XDG_CACHE_HOME', tempFolder());
    const first = openArchives('one');
    writeFiles(first, { 'a_1_all.deb': 'a', 'partial/b_1_all.deb': 'half' });
    // cut off, and begun again
    expect(readdirSync(openArchives('one')).sort()).toEqual(['a_1_all.deb', 'partial']);
    expect(existsSync(path.join(first, 'partial/b_1_all.deb'))).toBe(true);
    closeArchives('one');
    expect(existsSync(first)).toBe(false);
    expect(readdirSync(openArchives('two')).sort()).toEqual(['a_1_all.deb', 'partial']);
    vi.unstubAllEnvs();
  });
});
