/** Builds the packages of the stand-ins, and a signed apt repository of them. */

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { addAsterisk } from './asterisk.ts';
import { PACKAGES, type Daemon, type StandIn, type Stock } from './packages.ts';

const SOURCES = path.join(import.meta.dirname, 'packages');
const PARTS = path.join(packageRoot(), 'templates/stack/parts');
const PYTHON = 'usr/lib/python3/dist-packages';
export const VERSION = '26.10';

export interface Repository {
  readonly folder: string;
  /** The key that signs it, as apt reads it. */
  readonly key: string;
}

export interface RepositoryOptions {
  /** A package that cannot be set up. */
  readonly broken?: string;
  /** Has Asterisk, too. */
  readonly hasAsterisk?: true;
}

/** Writes the repository into a folder that is not there yet. */
export async function buildRepository(
  folder: string,
  { broken, hasAsterisk }: RepositoryOptions = {},
): Promise<Repository> {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const work = `${folder}.work`;
  for (const one of PACKAGES) {
    const tree = path.join(work, one.name);
    writeTree(tree, one.name === broken ? { ...one, configure: BROKEN } : one);
    await must(['dpkg-deb', '--root-owner-group', '-Zgzip', '-z1', '--build', tree, folder]);
  }
  rmSync(work, { recursive: true });
  if (hasAsterisk === true) await addAsterisk(folder);
  const key = path.join(folder, 'key.asc');
  await sign(folder, key);
  return { folder, key };
}

const BROKEN = `echo 'nothing listens where it should' >&2; exit 7\n`;

function writeTree(tree: string, one: StandIn): void {
  const put = (file: string, text: string, mode = 0o644): void => {
    const full = path.join(tree, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text, { mode });
  };
  const parts = one.part === undefined ? [] : [path.join(PARTS, one.part, 'files/tests/standins')];
  const own = one.modules === undefined ? [] : [path.join(SOURCES, one.modules)];
  for (const folder of [...parts, ...own])
    cpSync(folder, path.join(tree, PYTHON), {
      recursive: true,
      filter: (file) => !file.includes('__pycache__'),
    });
  for (const [file, source] of Object.entries(one.files ?? {})) {
    const text = readFileSync(path.join(SOURCES, source), 'utf8');
    put(file, text, text.startsWith('#!') ? 0o755 : 0o644);
  }
  for (const name of one.folders ?? []) mkdirSync(path.join(tree, name), { recursive: true });
  const { daemon } = one;
  if (daemon !== undefined) writeDaemon(one.name, daemon, put);
  put('DEBIAN/control', control(one));
  put('DEBIAN/postinst', postinst(one), 0o755);
  const clean = one.modules === undefined ? '' : `py3clean -p ${one.name}\n`;
  const stop = daemon === undefined ? '' : `[ "$1" != remove ] || systemctl stop ${one.name}\n`;
  if (`${stop}${clean}` !== '') put('DEBIAN/prerm', `#!/bin/sh\nset -e\n${stop}${clean}`, 0o755);
  if (daemon === undefined) return;
  const paths = `/var/log/${one.name}.log /etc/nginx/locations/https-enabled/${one.name}`;
  put('DEBIAN/postrm', `#!/bin/sh\nset -e\n[ "$1" != purge ] || rm -f ${paths}\n`, 0o755);
  put('DEBIAN/conffiles', `/etc/${one.name}/config.yml\n`);
}

type Put = (file: string, text: string, mode?: number) => void;

function writeDaemon(unit: string, daemon: Daemon, put: Put): void {
  const module = `${unit.replaceAll('-', '_')}.${daemon.main ?? 'main'}`;
  put(`usr/bin/${unit}`, `#!/usr/bin/python3\nfrom ${module} import serve\n\nserve()\n`, 0o755);
  put(`etc/${unit}/config.yml`, '# Settings of a server stand in conf.d.\n');
  put(`etc/${unit}/conf.d/.keep`, '');
  put(`usr/lib/systemd/system/${unit}.service`, unitFile(unit, daemon));
  if (daemon.stock !== undefined && daemon.stock !== false) writeStock(unit, daemon.stock, put);
  if (daemon.route === undefined) return;
  const pass = `location ^~ /api/${daemon.route}/ {\n    proxy_pass http://127.0.0.1:${daemon.port}/;\n}\n`;
  put(`etc/nginx/locations/https-available/${unit}`, pass);
}

function writeStock(unit: string, { group, end = '' }: Stock, put: Put): void {
  const metadata = `${PYTHON}/${unit.replaceAll('-', '_')}-${VERSION}.dist-info`;
  const line = (name: string, object: string): string => `${name}${end} = xivo.stock:${object}\n`;
  put(`${metadata}/entry_points.txt`, `[${group}]\n${line('api', 'Api')}${line('status', 'Status')}`);
  put(`${metadata}/METADATA`, `Metadata-Version: 2.1\nName: ${unit}\nVersion: ${VERSION}\n`);
}

function unitFile(unit: string, { waits, port, after = [] }: Daemon): string {
  const wait = `ExecStartPost=/usr/bin/python3 -m xivo.wait ${unit} ${port}\n`;
  return `[Unit]
Description=${unit} server
After=${['network.target', ...after.map((name) => `${name}.service`)].join(' ')}
StartLimitBurst=15
StartLimitIntervalSec=150
${waits ? 'ConditionPathExists=!/var/lib/wazo/disabled\n' : ''}
[Service]
ExecStart=/usr/bin/${unit}
${WAITED.has(unit) ? wait : ''}Restart=on-failure
RestartSec=5
SyslogIdentifier=${unit}

[Install]
WantedBy=multi-user.target
`;
}

/** Those whose restart returns when the port is open. */
const WAITED: ReadonlySet<string> = new Set(['wazo-agentd', 'wazo-auth', 'wazo-confd']);

function control({ name, summary, depends }: StandIn): string {
  return `Package: ${name}
Version: ${VERSION}
Architecture: all
Maintainer: generator-wazo-plugin tests <tests@localhost>
Depends: ${depends.join(', ')}
Description: ${summary}
`;
}

function postinst({ name, modules, daemon, configure = '' }: StandIn): string {
  const compile = modules === undefined ? '' : `py3compile -p ${name}\n`;
  const users = daemon === undefined || ['root', 'www-data'].includes(daemon.user) ? '' : userOf(daemon.user);
  return `#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
${users}${compile}${daemon === undefined ? '' : prepare(name, daemon)}${configure}${
    daemon === undefined
      ? ''
      : `systemctl daemon-reload\nsystemctl enable --quiet ${name}\nsystemctl restart ${name}\n`
  }`;
}

function userOf(user: string): string {
  return `adduser --quiet --system --group --home /var/lib/${user} ${user}\n`;
}

function prepare(name: string, { user }: Daemon): string {
  return `mkdir -p /var/lib/${name} /etc/nginx/locations/https-enabled
touch /var/log/${name}.log
chown ${user} /var/log/${name}.log /var/lib/${name}
[ ! -e /etc/nginx/locations/https-available/${name} ] ||
  ln -sf ../https-available/${name} /etc/nginx/locations/https-enabled/${name}
`;
}

async function sign(folder: string, key: string): Promise<void> {
  const home = `${folder}.gnupg`;
  mkdirSync(home, { mode: 0o700 });
  try {
    const gpg = ['gpg', '--homedir', home, '--batch', '--quiet', '--yes'] as const;
    await must([
      ...gpg,
      '--passphrase',
      '',
      '--quick-generate-key',
      'Stand-ins <tests@localhost>',
      'ed25519',
      'sign',
    ]);
    await must([...gpg, '--armor', '--output', key, '--export']);
    const packages = await must(['dpkg-scanpackages', '--multiversion', '.'], folder);
    writeFileSync(path.join(folder, 'Packages'), packages);
    const sums = (await must(['sha256sum', 'Packages'], folder)).split(/\s+/)[0];
    const release = `Origin: stand-ins
Suite: stand-ins
Date: ${new Date().toUTCString().replace('GMT', 'UTC')}
SHA256:
 ${sums} ${Buffer.byteLength(packages)} Packages
`;
    writeFileSync(path.join(folder, 'Release'), release);
    await must([...gpg, '--clearsign', '--output', 'InRelease', 'Release'], folder);
  } finally {
    await run(['gpgconf', '--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true, force: true });
  }
}

async function must(command: [string, ...string[]] | readonly string[], cwd?: string): Promise<string> {
  const [program = '', ...args] = command;
  const result = await run([program, ...args], cwd === undefined ? {} : { cwd });
  if (result.status !== 0) throw new Error(`${command.join(' ')}\n${result.stdout}${result.stderr}`);
  return result.stdout;
}
