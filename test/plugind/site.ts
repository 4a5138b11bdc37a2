/** A server with wazo-plugind in a folder, plugins that fail on the way to it, and what is told of them. */

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';
import { install, type DeployOptions } from '../../src/deploy/deploy.ts';
import type { DeployEvent } from '../../src/deploy/events.ts';
import { serverOn } from '../../src/deploy/far-end.ts';
import type { PlugindServer } from '../../src/deploy/server.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';
import { stagePlugin } from '../../src/stage/stage.ts';
import { findWhy, type Why } from '../../src/status/why.ts';
import { Shell } from '../../src/targets/shell.ts';
import type { TargetRunOptions } from '../../src/targets/target.ts';
import { writePlugin } from '../support/plugins.ts';
import { shellTarget } from '../support/target.ts';
import { tempFolder } from '../support/temp.ts';
import { commandFailed, dependencyFailed, notValid, unexpected, type Sent } from './sequences.ts';
import { layServer, startPlugind, type Play, type StandIn } from './server.ts';

export const NAME = { namespace: 'acme', name: 'hello', package: 'wazo-plugind-hello-acme' };
export const VERSION = /^version: "?([\d.]+)/m.exec(SOUND_PLUGIN['wazo/plugin.yml'] ?? '')?.[1] ?? '';
export const ITEM = { namespace: 'acme', name: 'hello', version: VERSION };
export const RULES = SOUND_PLUGIN['wazo/rules'] ?? '';
export const MANIFEST = SOUND_PLUGIN['wazo/plugin.yml'] ?? '';
export const BODY = { method: 'git', options: { url: 'file:///nowhere.git', ref: 'master' } } as const;
export const WAITS = { again: 50, unseen: 240_000, settle: 0 };
/** For a version that does not come. */
export const IN_VAIN = { ...WAITS, unseen: 1500 };

export interface Site {
  readonly server: PlugindServer;
  readonly standIn: StandIn;
  /** Its files. */
  readonly root: string;
}

/** A server of its own in a folder, with programs of a test before those of this machine. */
export async function site(
  play: Play,
  programs: Readonly<Record<string, string>> = {},
  bus = 0,
): Promise<Site> {
  const root = tempFolder();
  const bin = path.join(root, 'test-bin');
  mkdirSync(bin);
  const usual = { 'apt-get': 'exit 0', 'apt-cache': 'exit 0', 'dpkg-query': 'printf "installed 1"' };
  for (const [name, text] of Object.entries({ ...usual, ...programs }))
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const standIn = await startPlugind(root, play, bus);
  layServer(root, standIn.port, bus);
  const target = await shellTarget({ argv: ['sh'], env: { PATH: `${bin}:${process.env['PATH']}` } }, root);
  onTestFinished(async () => await target.close());
  return { server: serverOn(target, undefined), standIn, root };
}

export interface Outcome {
  readonly ok: boolean;
  readonly events: readonly DeployEvent[];
  readonly findings: readonly Finding[];
}

export async function installed(
  { server }: Pick<Site, 'server'>,
  files: Readonly<Record<string, string | null>> = {},
  options: Partial<DeployOptions> = {},
): Promise<Outcome> {
  const dir = path.join(tempFolder(), 'hello');
  writePlugin(dir, files);
  const plugin = readPlugin(dir) ?? {
    kind: 'stack' as const,
    dir,
    id: 'acme/hello',
    namespace: 'acme',
    name: 'hello',
    version: VERSION,
  };
  const events: DeployEvent[] = [];
  const emit = (event: DeployEvent): void => void events.push(event);
  const job = { plugin, name: NAME, version: VERSION, body: BODY, reinstall: false, before: undefined };
  const ok = await install(server, job, { emit, waits: WAITS, ...options });
  const findings = events.flatMap((event) => (event.event === 'failed' ? event.findings : []));
  return { ok, events, findings };
}

/** As `site`, but without a bus: the events come from here. */
export async function playedSite(
  events: readonly Sent[],
  programs: Readonly<Record<string, string>> = {},
): Promise<Pick<Site, 'server'>> {
  const { server } = await site({ installed: ITEM }, programs);
  return {
    server: {
      ...server,
      install: async (_plugin, _body, _reinstall, onEvent) => {
        for (const { status, errors, other = false } of events)
          onEvent({
            status,
            uuid: other ? 'other' : 'own',
            own: !other,
            ...(errors === undefined ? {} : { errors }),
          });
        return await Promise.resolve({ is: 'followed' });
      },
    },
  };
}

export interface Row {
  readonly events: readonly Sent[];
  readonly files?: Readonly<Record<string, string>>;
  readonly programs?: Readonly<Record<string, string>>;
  readonly step: string;
  readonly finding: Partial<Record<keyof Finding, unknown>>;
  /** The true output. */
  readonly says: string;
}

function withBranch(command: string, line: string): string {
  return RULES.replace(`    ${command})\n`, `    ${command})\n        ${line}\n`);
}

export function lineOf(text: string, words: string): number {
  return text.slice(0, text.indexOf(words)).split('\n').length;
}

export const BROKEN_BUILD = withBranch('build', 'cp gone.txt elsewhere');
const BROKEN_PACKAGE = withBranch('package', 'cp gone.txt "$pkgdir"');
const WITH_DEPENDS = `${MANIFEST}depends:\n  - {namespace: acme, name: base}\n`;
const BROKEN_YAML = MANIFEST.replace(/^version: .*$/m, 'version: "1.0');
const BROKEN_INSTALL = withBranch('install', 'no-such-command');
const INSTALL_LINE = lineOf(BROKEN_INSTALL, 'no-such-command');

/** Plugins that fail on the way; the ninth fails behind it. */
export const FAILING = {
  ref: {
    events: commandFailed('downloading'),
    step: 'downloading',
    finding: { code: 'deploy-clone-failed' },
    says: "The server cannot clone file:///nowhere.git: '/nowhere.git' does not appear to be a git repository",
  },
  version: {
    events: notValid({
      max_wazo_version: { constraint_id: 'range', message: 'Must be greater than or equal to 26.05.' },
    }),
    files: { 'wazo/plugin.yml': `${MANIFEST}max_wazo_version: "24.01"\n` },
    step: 'validating',
    finding: { code: 'deploy-refused-manifest', file: 'wazo/plugin.yml', line: MANIFEST.split('\n').length },
    says: 'Must be greater than or equal to 26.05.',
  },
  yaml: {
    events: unexpected('extracting'),
    files: { 'wazo/plugin.yml': BROKEN_YAML },
    step: 'extracting',
    finding: { code: 'manifest-syntax', file: 'wazo/plugin.yml', line: lineOf(BROKEN_YAML, '"1.0') },
    says: 'YAML syntax error',
  },
  build: {
    events: commandFailed('building'),
    files: { 'wazo/rules': BROKEN_BUILD },
    step: 'building',
    finding: { code: 'stage-build-failed', file: 'wazo/rules', line: lineOf(BROKEN_BUILD, 'cp gone') },
    says: "cannot stat 'gone.txt'",
  },
  package: {
    events: commandFailed('packaging'),
    files: { 'wazo/rules': BROKEN_PACKAGE },
    step: 'packaging',
    finding: { code: 'stage-package-failed', file: 'wazo/rules', line: lineOf(BROKEN_PACKAGE, 'cp gone') },
    says: "cannot stat 'gone.txt'",
  },
  dependency: {
    events: dependencyFailed('acme', 'base'),
    files: { 'wazo/plugin.yml': WITH_DEPENDS },
    programs: { 'dpkg-query': 'exit 1', 'apt-cache': 'printf "N: Unable to locate package\\n"' },
    step: 'installing',
    finding: {
      code: 'deploy-dependency-missing',
      file: 'wazo/plugin.yml',
      line: lineOf(WITH_DEPENDS, '{namespace: acme, name: base}'),
    },
    says: 'Cannot install dependency acme/base: downloading failed (Downloading Error)',
  },
  apt: {
    events: unexpected('updating'),
    programs: {
      'apt-get': 'echo "E: Malformed entry 1 in list file /etc/apt/sources.list.d/x.list (URI)"; exit 100',
    },
    step: 'updating',
    finding: { code: 'deploy-apt-failed' },
    says: 'Malformed entry 1 in list file /etc/apt/sources.list.d/x.list',
  },
  postinst: {
    events: unexpected('installing'),
    files: { 'wazo/rules': BROKEN_INSTALL },
    programs: {
      'dpkg-query': 'printf "half-configured 1"',
      dpkg: `echo "/usr/lib/wazo-plugind/plugins/acme/hello/wazo/rules: ${INSTALL_LINE}: no-such-command: not found"; echo "dpkg: error processing package wazo-plugind-hello-acme (--configure):"; exit 1`,
    },
    step: 'installing',
    finding: { code: 'deploy-script-failed', file: 'wazo/rules', line: INSTALL_LINE },
    says: 'no-such-command: not found',
  },
} as const satisfies Readonly<Record<string, Row>>;

/** A plugin that is installed, and ends in load() of its daemon; and a look at a target that has it. */
export async function endsInLoad(): Promise<{
  readonly files: Readonly<Record<string, string | null>>;
  readonly evidence: (plugin: Plugin) => Promise<Why>;
}> {
  const root = tempFolder();
  const write = (file: string, text: string, mode = 0o644): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text, { mode });
  };
  // a wazo-calld that began this moment, and its log
  const now = '$(awk \'{printf "%.0f", $1 * 1000000}\' /proc/uptime)';
  const shown = `printf 'LoadState=loaded\\nActiveState=active\\nMainPID=1\\nExecMainStartTimestampMonotonic=%s\\n' "${now}"`;
  write(
    'test-bin/systemctl',
    `#!/bin/sh\ncase "$1" in show) ${shown} ;; *) echo wazo-calld.service ;; esac\n`,
    0o755,
  );
  write(
    'var/log/wazo-calld.log',
    [
      "2099-01-01 00:00:00,000 [1] (ERROR) (stevedore.extension): error calling 'hello': no route",
      'Traceback (most recent call last):',
      '  File "/usr/lib/python3/dist-packages/acme_hello/plugin.py", line 3, in load',
      "    raise RuntimeError('no route')",
      'RuntimeError: no route',
      '',
    ].join('\n'),
  );
  const PATH = `${path.join(root, 'test-bin')}:${process.env['PATH']}`;
  const shell = new Shell('test', { argv: ['sh'], env: { PATH } }, { R: root, S: `${root}/var/lib/wdev` });
  await shell.ready();
  onTestFinished(async () => await shell.close());
  const target = {
    id: 'test',
    root,
    mark: shell.mark,
    runsRules: false,
    run: async (script: string, more?: TargetRunOptions) => await shell.run(script, more),
    close: async () => await Promise.resolve(),
  };
  const evidence = async (plugin: Plugin): Promise<Why> => {
    const staged = await stagePlugin(plugin);
    if (!staged.ok) throw new Error(JSON.stringify(staged.findings));
    for (const file of staged.stage.tree.values())
      if (!file.folder) write(file.path, file.bytes.toString('utf8'), file.mode);
    return await findWhy(plugin.dir, 'test', async () => await Promise.resolve(target));
  };
  return { files: DAEMON, evidence };
}

/** A plugin of wazo-calld whose load() raises. */
const DAEMON: Readonly<Record<string, string | null>> = {
  'etc/asterisk/extensions_extra.d/acme-hello.conf': null,
  'wazo/rules': `#!/bin/sh
set -e
case "$1" in
    build) ;;
    package)
        mkdir -p "$pkgdir/usr/lib/python3/dist-packages" "$pkgdir/etc/wazo-calld/conf.d"
        cp -R acme_hello acme_hello.egg-info "$pkgdir/usr/lib/python3/dist-packages/"
        cp etc/wazo-calld/conf.d/50-hello.yml "$pkgdir/etc/wazo-calld/conf.d/"
        ;;
    install|uninstall|postrm) ;;
    *) exit 1 ;;
esac
`,
  'acme_hello/__init__.py': '',
  'acme_hello/plugin.py':
    "class Plugin:\n    def load(self, dependencies):\n        raise RuntimeError('no route')\n",
  'acme_hello.egg-info/PKG-INFO': 'Metadata-Version: 2.1\nName: acme-hello\nVersion: 1.0\n',
  'acme_hello.egg-info/entry_points.txt': '[wazo_calld.plugins]\nhello = acme_hello.plugin:Plugin\n',
  'etc/wazo-calld/conf.d/50-hello.yml': 'enabled_plugins:\n  hello: true\n',
};
