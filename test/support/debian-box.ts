import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { controlFile } from '../../src/package/control.ts';
import { maintainerScripts } from '../../src/package/maintainer-scripts.ts';
import type { Metadata } from '../../src/kinds/plugin-metadata.ts';
import { Shell } from '../../src/targets/shell.ts';
import { STATE_FOLDER } from '../../src/targets/session.ts';
import type { Target } from '../../src/targets/target.ts';
import type { StagedTree } from '../../src/stage/tree.ts';

/** A file system of its own with a real dpkg in it, in a bubblewrap: a server's packages, without a server. */
export interface DebianBox {
  readonly root: string;
  /** Runs a command in it; answers its standard output. */
  sh(script: string): string;
  /** A `.deb` as wazo-plugind makes it. */
  pluginDeb(metadata: Pick<Metadata, 'name' | 'namespace' | 'version'>, files: StagedTree): string;
  /** Any `.deb`. */
  deb(name: string, version: string, files: StagedTree, conffiles?: readonly string[]): string;
  open(): Promise<Target>;
  remove(): void;
}

/** Files of this system that the one in the box needs. */
const LENT = [
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib/dpkg',
  '/usr/share/dpkg',
  '/usr/share/perl',
  '/usr/share/perl5',
];

export function debianBox(): DebianBox {
  const root = mkdtempSync(path.join(os.tmpdir(), 'wdev-box-'));
  for (const folder of [
    'etc',
    'tmp',
    'usr/lib/python3/dist-packages',
    'var/lib/dpkg/info',
    'var/lib/dpkg/updates',
    'var/lib/dpkg/triggers',
    'var/log',
    'run',
    'root',
  ])
    mkdirSync(path.join(root, folder), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, path.join(root, name));
  for (const name of ['status', 'available']) writeFileSync(path.join(root, 'var/lib/dpkg', name), '');
  writeFileSync(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(path.join(root, 'etc/group'), 'root:x:0:\n');
  const lent = LENT.filter((folder) => existsSync(folder)).flatMap((folder) => ['--ro-bind', folder, folder]);
  const env = [
    '--clearenv',
    '--setenv',
    'PATH',
    '/usr/sbin:/usr/bin:/sbin:/bin',
    '--setenv',
    'HOME',
    '/root',
    '--setenv',
    'LC_ALL',
    'C.UTF-8',
  ];
  const words = [
    '--unshare-user',
    '--uid',
    '0',
    '--gid',
    '0',
    '--die-with-parent',
    '--bind',
    root,
    '/',
    ...lent,
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...env,
    'sh',
  ];
  const sh = (script: string): string =>
    execFileSync('bwrap', [...words, '-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const pack = (control: string, files: StagedTree, extra: ReadonlyMap<string, string>): string => {
    const folder = mkdtempSync(path.join(root, 'tmp/deb-'));
    write(folder, files);
    mkdirSync(path.join(folder, 'DEBIAN'));
    writeFileSync(path.join(folder, 'DEBIAN/control'), control);
    for (const [script, text] of extra)
      writeFileSync(path.join(folder, 'DEBIAN', script), text, {
        mode: script === 'conffiles' ? 0o644 : 0o755,
      });
    const deb = `${folder}.deb`;
    sh(`dpkg-deb --root-owner-group --build /tmp/${path.basename(folder)} /tmp/${path.basename(deb)}`);
    rmSync(folder, { recursive: true });
    return `/tmp/${path.basename(deb)}`;
  };
  return {
    root,
    sh,
    pluginDeb({ name, namespace, version }, files) {
      const metadata = {
        name,
        namespace,
        version,
        depends: [],
        callsPostrm: true,
        lines: new Map(),
      } as unknown as Metadata;
      const home = `/usr/lib/wazo-plugind/plugins/${namespace}/${name}/wazo`;
      if (!files.has(`${home}/rules`)) throw new Error('a plugin has rules');
      return pack(controlFile(metadata), files, maintainerScripts(metadata));
    },
    deb(name, version, files, conffiles = []) {
      const control = `Package: ${name}\nArchitecture: all\nMaintainer: Me <me@example.org>\nVersion: ${version}\nDescription: x\n`;
      const extra = conffiles.length === 0 ? [] : [['conffiles', `${conffiles.join('\n')}\n`] as const];
      return pack(control, files, new Map(extra));
    },
    async open() {
      const shell = new Shell('box', { argv: ['bwrap', ...words] }, { R: '', S: STATE_FOLDER });
      await shell.ready();
      return {
        id: 'box',
        root: '',
        mark: shell.mark,
        runsRules: true,
        run: async (script, options) => await shell.run(script, options),
        close: async () => await shell.close(),
      };
    },
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 10 }),
  };
}

function write(folder: string, files: StagedTree): void {
  for (const { path: name, mode, bytes, link, folder: isFolder } of files.values()) {
    const full = path.join(folder, name);
    mkdirSync(path.dirname(full), { recursive: true });
    if (link !== undefined) symlinkSync(link, full);
    else if (isFolder === true) mkdirSync(full, { recursive: true, mode });
    else {
      writeFileSync(full, bytes);
      chmodSync(full, mode);
    }
  }
}

/** Whether this machine can make such a box. */
export function canBox(): boolean {
  const { status } = spawnSync('bwrap', [
    '--unshare-user',
    '--uid',
    '0',
    '--ro-bind',
    '/',
    '/',
    'dpkg-deb',
    '--version',
  ]);
  return status === 0;
}
