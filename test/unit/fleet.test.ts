import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseGroup, groupsOf } from '../../src/fleet/inventory.ts';
import { serversOf } from '../../src/fleet/roll.ts';
import { statusOf, withDrift } from '../../src/fleet/status.ts';
import type { Standing } from '../../src/status/standing.ts';
import { readWanted } from '../../src/fleet/version.ts';
import { readWaves, wavesOf } from '../../src/fleet/waves.ts';
import { run } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';
import { wdev } from '../support/wdev.ts';

/** As wazo-ansible has it: groups of groups, with the host in the innermost. */
const INVENTORY = `[uc_engine_host]
pbx1 ansible_connection=local
pbx2 ansible_connection=local

[database:children]
uc_engine_host

[b2bua:children]
uc_engine_host

[uc_engine:children]
b2bua
database
`;

describe('the group of Wazo servers', () => {
  const inventory = groupsOf(
    JSON.stringify({
      _meta: { hostvars: {} },
      all: { children: ['ungrouped', 'uc_engine', 'empty'] },
      uc_engine: { children: ['b2bua', 'database'] },
      b2bua: { children: ['uc_engine_host'] },
      database: { children: ['uc_engine_host', 'database'] },
      uc_engine_host: { hosts: ['pbx1', 'pbx2'] },
    }),
  );

  it('is that of wazo-ansible, with the hosts of the groups below it', () => {
    expect(chooseGroup(inventory!, undefined)).toBe('uc_engine');
    expect(inventory!.get('uc_engine')).toEqual(['pbx1', 'pbx2']);
  });

  it('is the one that is named, or the only one', () => {
    expect(chooseGroup(inventory!, 'database')).toBe('database');
    expect(
      chooseGroup(
        new Map([
          ['pbx', ['a']],
          ['all', ['a']],
        ]),
        undefined,
      ),
    ).toBe('pbx');
    expect(
      chooseGroup(
        new Map([
          ['all', ['a']],
          ['ungrouped', ['a']],
        ]),
        undefined,
      ),
    ).toBe('all');
  });

  it('is asked for where nothing tells it, and where it is not there', () => {
    const two = new Map([
      ['paris', ['a']],
      ['lyon', ['b']],
      ['all', ['a', 'b']],
    ]);
    expect(() => chooseGroup(two, undefined)).toThrow('does not tell which group');
    expect(() => chooseGroup(two, 'berlin')).toThrow('--group berlin');
  });

  it('needs what ansible-inventory prints', () => {
    expect(groupsOf('not json')).toBeUndefined();
  });
});

describe('waves', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];

  it('are as Ansible makes them of serial: shares of all, at least one, the last size for the rest', () => {
    expect(wavesOf(five, readWaves('1,25%,100%'))).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
    expect(wavesOf(five, readWaves('2'))).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(wavesOf(five, readWaves('1%,100%'))).toEqual([['a'], ['b', 'c', 'd', 'e']]);
    expect(wavesOf([], readWaves('1'))).toEqual([]);
  });

  it.each(['', '0', '1,,2', '101%', 'all', '-1', '1.5'])('are not %j', (text) => {
    expect(() => readWaves(text)).toThrow(/--waves/);
  });

  it('bring a version that is named in full', () => {
    expect(readWanted('acme/hello=1:0.2.0-1')).toEqual({
      id: 'acme/hello',
      version: '1:0.2.0-1',
      package: 'wazo-plugind-hello-acme',
    });
    for (const text of ['acme/hello', 'hello=1', 'acme/hello=', '../x=1'])
      expect(() => readWanted(text)).toThrow();
  });
});

describe('the drift of a fleet', () => {
  const one = (name: string, version: string, more: Partial<Standing> = {}): Standing => ({
    by: 'package',
    plugin: `acme/${name}`,
    package: `wazo-plugind-${name}-acme`,
    version,
    state: 'installed',
    depends: '',
    changed: [],
    ...more,
  });
  const at = (host: string, ...plugins: readonly Standing[]) =>
    statusOf(host, { wazo: '26.05', debian: '12.11', plugins });

  it('is what differs from the version that was rolled out, from most servers, and from the package', () => {
    const servers = [
      at('a', one('hello', '0.2.0'), one('tags', '1.0')),
      at('b', one('hello', '0.1.0'), one('tags', '1.0', { state: 'half-configured' })),
      at('c', one('hello', '0.2.0', { changed: ['/etc/a b.conf'] }), one('new', '3', { by: 'wdev' })),
      statusOf('d', undefined),
    ];
    const found = withDrift(servers, { 'wazo-plugind-hello-acme': '0.2.0' });
    expect(found.map(({ drift }) => drift)).toEqual([
      [],
      ['wazo-plugind-hello-acme is 0.1.0: 0.2.0 was rolled out', 'wazo-plugind-tags-acme is half-configured'],
      [
        'wazo-plugind-tags-acme is missing: most servers have 1.0',
        'wazo-plugind-hello-acme: /etc/a b.conf is not that of the package',
        'acme/new 3 was installed by wdev, not as a package',
      ],
      ['it did not answer'],
    ]);
    expect(found[0]).toMatchObject({ wazo: '26.05', debian: '12.11' });
  });

  it('is nothing where servers are of two minds, and nothing was rolled out', () => {
    const found = withDrift([at('a', one('hello', '1')), at('b', one('hello', '2'))], {});
    expect(found.map(({ drift }) => drift)).toEqual([[], []]);
  });
});

describe.skipIf(lacks('lint'))('wdev fleet init', () => {
  let folder: string;
  let fleet: string;
  let made: {
    readonly group: string;
    readonly servers: readonly string[];
    readonly key: string;
    readonly files: readonly string[];
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'wdev-fleet-'));
    fleet = path.join(folder, 'fleet');
    writeFileSync(path.join(folder, 'hosts'), INVENTORY);
    const { status, stdout, stderr } = await wdev(['fleet', 'init', '--inventory', 'hosts', '--json'], {
      cwd: folder,
    });
    expect(status, stderr).toBe(0);
    made = JSON.parse(stdout) as typeof made;
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const text = (name: string): string => readFileSync(path.join(fleet, name), 'utf8');

  it('tells what it wrote, and for which servers', () => {
    expect(made).toMatchObject({ group: 'uc_engine', servers: ['pbx1', 'pbx2'] });
    expect(made.files.filter((name) => !existsSync(path.join(fleet, name)))).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['fleet', 'hosts']);
  });

  it('has no file that does not say what it is', () => {
    const silent = made.files
      .filter((name) => !/\.(?:asc|conf)$|meta\/|^\.gitignore$/.test(name))
      .filter(
        (name) => !/^\s*(?:#|"""|---\n#|\[defaults\]\n#|- name: [A-Z])/m.test(text(name).slice(0, 400)),
      );
    expect(silent).toEqual([]);
    const readme = text('README.md');
    for (const name of readdirSync(fleet).filter((one) => !one.startsWith('.') && one !== 'README.md'))
      expect(readme, name).toContain(name);
  });

  it('names the inventory, its group and the key, and leaves no word to be filled in', () => {
    expect(text('ansible.cfg')).toContain('inventory = ../hosts');
    expect(text('publish')).toContain(`key='${made.key}'`);
    expect(text('README.md')).toContain('group_vars/uc_engine.yml');
    expect(
      made.files.filter(
        (name) => !name.startsWith('roles/') && /\b(?:INVENTORY|GROUP|KEY)\b/.test(text(name)),
      ),
    ).toEqual([]);
  });

  it('keeps the private key from others, and out of git', () => {
    expect(statSync(path.join(fleet, 'keys')).mode & 0o077).toBe(0);
    expect(text('.gitignore')).toMatch(/^\/keys\/$/m);
    expect(text('roles/wazo_plugin/files/key.asc')).toContain('PUBLIC KEY BLOCK');
  });

  it('has a repository whose signature is that of the key', async () => {
    const dists = path.join(fleet, 'apt/public/dists/fleet');
    const home = path.join(folder, 'gpg');
    mkdirSync(home, { mode: 0o700 });
    const gpg = (...words: string[]) =>
      run(['gpg', '--homedir', home, '--batch', '--status-fd', '1', ...words]);
    await gpg('--import', path.join(fleet, 'roles/wazo_plugin/files/key.asc'));
    const { stdout } = await gpg('--verify', path.join(dists, 'InRelease'));
    expect(stdout).toContain(`VALIDSIG ${made.key}`);
    await run(['gpgconf', '--homedir', home, '--kill', 'all']);
  });

  it('is read by Ansible, for all servers of the group, in the order of the inventory', async () => {
    const { status, stdout } = await run(['ansible-playbook', 'roll.yml', '--syntax-check'], { cwd: fleet });
    expect(status, stdout).toBe(0);
    expect(await serversOf(fleet)).toEqual(['pbx1', 'pbx2']);
  });

  it('replaces nothing that is there', async () => {
    const { status, stderr } = await wdev(['fleet', 'init', '--inventory', 'hosts'], { cwd: folder });
    expect(status).toBe(1);
    expect(stderr).toContain('fleet is a fleet folder already');
    expect(text('publish')).toContain(made.key);
  });

  it('says where the inventory is wrong, and writes nothing', async () => {
    const none = await wdev(['fleet', 'init', 'other', '--inventory', 'nowhere'], { cwd: folder });
    expect(none.status).toBe(2);
    writeFileSync(path.join(folder, 'bad.yml'), '[: {\n');
    const bad = await wdev(['fleet', 'init', 'other', '--inventory', 'bad.yml'], { cwd: folder });
    expect(bad.status).toBe(1);
    expect(bad.stderr).toContain('Ansible cannot read bad.yml');
    expect(existsSync(path.join(folder, 'other'))).toBe(false);
  });
});
