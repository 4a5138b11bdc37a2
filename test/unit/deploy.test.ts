import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';
import { install, remove, type DeployOptions } from '../../src/deploy/deploy.ts';
import type { DeployEvent } from '../../src/deploy/events.ts';
import { serverOn } from '../../src/deploy/far-end.ts';
import { serverAt } from '../../src/deploy/http.ts';
import { Progress } from '../../src/deploy/progress.ts';
import { refuseMarket, refuseVersion } from '../../src/deploy/refusals.ts';
import type { PlugindServer, ServerLook } from '../../src/deploy/server.ts';
import { chooseRef, type GitState } from '../../src/deploy/what-goes.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { stagePlugin } from '../../src/stage/stage.ts';
import { findWhy, type Why } from '../../src/status/why.ts';
import { Shell } from '../../src/targets/shell.ts';
import type { TargetRunOptions } from '../../src/targets/target.ts';
import { UserError } from '../../src/support/errors.ts';
import { HAS_RABBITMQ, startRabbitmq, type Broker } from '../plugind/rabbitmq.ts';
import {
  INSTALLED,
  NOTHING_DONE,
  REMOVED,
  commandFailed,
  dependencyFailed,
  notValid,
  unexpected,
  type Sent,
} from '../plugind/sequences.ts';
import { layServer, startPlugind, type Play, type StandIn } from '../plugind/server.ts';
import { writePlugin } from '../support/plugins.ts';
import { shellTarget } from '../support/target.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN, GIT_IDENTITY, wdev } from '../support/wdev.ts';

const NAME = { namespace: 'acme', name: 'hello', package: 'wazo-plugind-hello-acme' };
const VERSION = /^version: "?([\d.]+)/m.exec(SOUND_PLUGIN['wazo/plugin.yml'] ?? '')?.[1] ?? '';
const ITEM = { namespace: 'acme', name: 'hello', version: VERSION };
const RULES = SOUND_PLUGIN['wazo/rules'] ?? '';
const MANIFEST = SOUND_PLUGIN['wazo/plugin.yml'] ?? '';
const BODY = { method: 'git', options: { url: 'file:///nowhere.git', ref: 'master' } } as const;
const WAITS = { again: 50, unseen: 1500, settle: 0 };

let broker: Broker | undefined;

beforeAll(async () => {
  if (HAS_RABBITMQ) broker = await startRabbitmq();
});
afterAll(async () => await broker?.end());

interface Site {
  readonly server: PlugindServer;
  readonly standIn: StandIn;
}

/** A server of its own in a folder, with programs of a test before those of this machine. */
async function site(play: Play, programs: Readonly<Record<string, string>> = {}): Promise<Site> {
  const root = tempFolder();
  const bin = path.join(root, 'test-bin');
  mkdirSync(bin);
  const usual = { 'apt-get': 'exit 0', 'apt-cache': 'exit 0', 'dpkg-query': 'printf "installed 1"' };
  for (const [name, text] of Object.entries({ ...usual, ...programs }))
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const bus = broker?.port ?? 0;
  const standIn = await startPlugind(root, play, bus);
  layServer(root, standIn.port, bus);
  const target = await shellTarget({ argv: ['sh'], env: { PATH: `${bin}:${process.env['PATH']}` } }, root);
  onTestFinished(async () => await target.close());
  return { server: serverOn(target, undefined), standIn };
}

interface Outcome {
  readonly ok: boolean;
  readonly events: readonly DeployEvent[];
  readonly findings: readonly Finding[];
}

async function installed(
  { server }: Site,
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

function steps(events: readonly DeployEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.event === 'step' ? [`${event.step}${event.ok ? '' : ' failed'}`] : [],
  );
}

describe.runIf(HAS_RABBITMQ)('wazo-plugind on a server, its bus followed', () => {
  it('tells each step with its time, and reads back', async () => {
    const at = await site({ events: INSTALLED, after: ITEM });
    const { ok, events } = await installed(at);
    expect(ok).toBe(true);
    expect(steps(events)).toEqual(INSTALLED.slice(0, -1).map(({ status }) => status));
    expect(events.at(-1)).toMatchObject({ event: 'deployed', version: VERSION, proven: false });
    const posted = at.standIn
      .asked()
      .find(([method, where]) => method === 'POST' && where === '/0.2/plugins');
    expect(posted).toEqual(['POST', '/0.2/plugins', '', BODY]);
  });

  it('is not content with completed when the version is not there', async () => {
    const { ok, findings } = await installed(
      await site({
        events: NOTHING_DONE,
        installed: { ...ITEM, version: '0.0.1' },
        after: { ...ITEM, version: '0.0.1' },
      }),
    );
    expect([ok, findings]).toMatchObject([false, [{ code: 'deploy-step-failed' }]]);
    expect(findings[0]?.message).toContain('it lists 0.0.1');
  });

  it('removes, and looks whether it is gone', async () => {
    const { server, standIn } = await site(
      { events: REMOVED, installed: ITEM, after: null },
      { 'dpkg-query': 'exit 1' },
    );
    const dir = tempFolder();
    writePlugin(dir);
    const events: DeployEvent[] = [];
    const done = await remove(server, readPlugin(dir)!, NAME, VERSION, {
      emit: (event) => void events.push(event),
      waits: WAITS,
    });
    expect([done, steps(events)]).toEqual([true, ['starting', 'removing']]);
    expect(events.at(-1)).toMatchObject({ event: 'removed', proven: true });
    expect(standIn.asked()).toContainEqual(['DELETE', '/0.2/plugins/acme/hello', '', null]);
  });
});

interface Row {
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

function lineOf(text: string, words: string): number {
  return text.slice(0, text.indexOf(words)).split('\n').length;
}

const BROKEN_BUILD = withBranch('build', 'cp gone.txt elsewhere');
const BROKEN_PACKAGE = withBranch('package', 'cp gone.txt "$pkgdir"');
const WITH_DEPENDS = `${MANIFEST}depends:\n  - {namespace: acme, name: base}\n`;
const BROKEN_YAML = MANIFEST.replace(/^version: .*$/m, 'version: "1.0');
const BROKEN_INSTALL = withBranch('install', 'no-such-command');
const INSTALL_LINE = lineOf(BROKEN_INSTALL, 'no-such-command');

/** Plugins that fail on the way; the ninth fails behind it. */
const FAILING: Readonly<Record<string, Row>> = {
  ref: {
    events: commandFailed('downloading'),
    step: 'downloading',
    finding: { code: 'deploy-clone-failed' },
    says: "fatal: '/nowhere.git' does not appear to be a git repository",
  },
  version: {
    events: notValid({
      max_wazo_version: { constraint_id: 'range', message: 'Must be greater than 26.05.' },
    }),
    files: { 'wazo/plugin.yml': `${MANIFEST}max_wazo_version: "24.01"\n` },
    step: 'validating',
    finding: { code: 'deploy-refused-manifest', file: 'wazo/plugin.yml', line: MANIFEST.split('\n').length },
    says: 'Must be greater than 26.05.',
  },
  yaml: {
    events: unexpected('extracting'),
    files: { 'wazo/plugin.yml': BROKEN_YAML },
    step: 'extracting',
    finding: { code: 'manifest-syntax', file: 'wazo/plugin.yml', line: lineOf(BROKEN_YAML, '"1.0') },
    says: 'PyYAML cannot read plugin.yml',
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
    says: 'acme/base could not be installed: it failed at downloading (Downloading Error)',
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
};

describe.runIf(HAS_RABBITMQ)('a plugin that fails on the server', () => {
  it.each(Object.entries(FAILING))('%s: the step, the true output, file and line', async (_, row) => {
    const at = await site({ events: row.events }, row.programs);
    const { ok, events, findings } = await installed(at, row.files);
    expect(ok).toBe(false);
    expect(events.at(-1)).toMatchObject({ event: 'failed', step: row.step });
    expect(steps(events).at(-1)).toBe(`${row.step} failed`);
    expect(findings[0]).toMatchObject(row.finding);
    expect(`${findings[0]?.message}\n${findings[0]?.help ?? ''}`).toContain(row.says);
  });

  it("reads apt's own log where dpkg is done with it", async () => {
    const at = await site({ events: unexpected('installing') }, { 'dpkg-query': 'exit 1' });
    const { server } = at;
    const told = await server.diagnose?.(NAME, { began: Math.floor(Date.now() / 1000) });
    expect(told).toMatchObject({ term: '', dpkg: '', package: null });
    const { findings } = await installed(at);
    expect(findings.map(({ code }) => code)).toEqual(['deploy-step-failed']);
    expect(findings[0]?.message).toContain('neither apt, dpkg nor the journal there say why');
  });
});

describe.runIf(HAS_RABBITMQ)('a plugin that is installed, and ends in load() of its daemon', () => {
  it('is told at the line that raises', async () => {
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
    const at = await site({ events: INSTALLED, after: ITEM });
    const evidence = async (plugin: Plugin): Promise<Why> => {
      const staged = await stagePlugin(plugin);
      if (!staged.ok) throw new Error(JSON.stringify(staged.findings));
      for (const file of staged.stage.tree.values())
        if (!file.folder) write(file.path, file.bytes.toString('utf8'), file.mode);
      return await findWhy(plugin.dir, 'test', async () => await Promise.resolve(target));
    };
    const { ok, findings } = await installed(at, DAEMON, { evidence });
    expect([ok, findings]).toMatchObject([
      false,
      [{ code: 'deploy-not-in-use', file: 'acme_hello/plugin.py', line: 3 }],
    ]);
    expect(findings[0]?.message).toContain('no route');
  });
});

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

describe('a server without a shell', () => {
  const server = async (play: Play): Promise<{ server: PlugindServer; standIn: StandIn }> => {
    const standIn = await startPlugind(tempFolder(), play, 0);
    return { server: serverAt(`http://127.0.0.1:${standIn.port}`, 'token-1'), standIn };
  };

  it('is asked for the version, and what cannot be known is said', async () => {
    const { ok, events } = await installed(await server({ after: ITEM }));
    expect(ok).toBe(true);
    expect(events.map(({ event }) => event)).toEqual(['unseen', 'deployed']);
  });

  it('gives no reason for a version that does not come, but its build here does', async () => {
    const { ok, findings } = await installed(await server({}), { 'wazo/rules': BROKEN_BUILD });
    expect(ok).toBe(false);
    expect(findings).toMatchObject([
      { code: 'deploy-not-seen', file: 'wazo/rules', line: lineOf(BROKEN_BUILD, 'cp gone') },
    ]);
  });

  it('that refuses the token, or does not answer, is said so', async () => {
    const { standIn } = await server({});
    const refused = serverAt(`http://127.0.0.1:${standIn.port}`, 'other').look(NAME, false);
    await expect(refused).rejects.toMatchObject({ code: 'not-allowed' });
    const gone = serverAt('http://127.0.0.1:1', 'token-1').look(NAME, false);
    await expect(gone).rejects.toMatchObject({ code: 'no-plugind', exit: 3 });
  });
});

describe('what may go', () => {
  const A = 'a'.repeat(40);
  const B = 'b'.repeat(40);
  const state = (fields: Partial<GitState> = {}): GitState => ({
    branch: 'main',
    head: A,
    changed: [],
    upstream: { remote: { name: 'origin', url: 'https://git.example.org/hello.git' }, branch: 'main' },
    remote: new Map([
      ['refs/heads/main', A],
      ['refs/tags/1.0', B],
    ]),
    local: new Map([
      ['refs/heads/main', A],
      ['refs/tags/1.0', B],
      ['refs/tags/2.0', A],
    ]),
    ahead: 0,
    ...fields,
  });

  it('is the branch that is checked out, or a ref that the remote has', () => {
    expect(chooseRef(state(), undefined)).toEqual({ ref: 'main', commit: A });
    expect(chooseRef(state({ changed: ['x'] }), '1.0')).toEqual({ ref: '1.0', commit: B });
  });

  const REFUSED: Readonly<Record<string, readonly [Partial<GitState>, string | undefined, string, string]>> =
    {
      'a dirty tree': [
        { changed: ['a.txt'] },
        undefined,
        'dirty-tree',
        'git add --all && git commit && git push',
      ],
      'no remote': [{ upstream: undefined }, undefined, 'no-remote', 'git remote add origin'],
      'a branch that the remote lacks': [
        { remote: new Map() },
        undefined,
        'not-pushed',
        'git push --set-upstream origin main',
      ],
      'commits that are not pushed': [
        { remote: new Map([['refs/heads/main', B]]), ahead: 2 },
        undefined,
        'not-pushed',
        'git push origin main',
      ],
      'commits that are only there': [
        { remote: new Map([['refs/heads/main', B]]), ahead: 0 },
        undefined,
        'not-pushed',
        'git pull',
      ],
      'a tag that is not pushed': [{}, '2.0', 'not-pushed', 'git push origin 2.0'],
      'a commit': [{}, A.slice(0, 10), 'ref-is-commit', `git tag NAME ${A.slice(0, 10)}`],
      'a ref that nobody has': [{}, 'feature', 'unknown-ref', 'git ls-remote origin'],
      'no branch': [{ branch: undefined }, undefined, 'no-branch', '--ref NAME'],
    };

  it.each(Object.entries(REFUSED))('is not %s', (_, [fields, ref, code, help]) => {
    const refusal = refusalOf(() => chooseRef(state(fields), ref));
    expect(refusal.code).toBe(code);
    expect(refusal.help).toContain(help);
  });

  const look = (fields: Partial<ServerLook>): ServerLook => ({ installed: null, wazo: '26.05', ...fields });
  const candidate = { id: 'acme/hello', version: '1.2', min: undefined, max: undefined };

  it.each([
    ['installed-already', look({ installed: { version: '1.2' } }), {}],
    ['installed-newer', look({ installed: { version: '1.10' } }), {}],
    ['wazo-too-old', look({}), { min: '26.10' }],
    ['wazo-too-new', look({}), { max: '24.10' }],
  ])('is not a version that is %s', (code, found, bounds) => {
    expect(refusalOf(() => refuseVersion({ ...candidate, ...bounds }, found, false)).code).toBe(code);
  });

  it('is the same version with --reinstall, and one of a server that does not tell its Wazo', () => {
    expect(() => refuseVersion(candidate, look({ installed: { version: '1.2' } }), true)).not.toThrow();
    expect(() => refuseVersion({ ...candidate, min: '99' }, look({ wazo: null }), false)).not.toThrow();
  });

  it('is a version that the market of the server offers', () => {
    const entry = { versions: [{ version: '1.2', upgradable: false }, { version: '1.3' }] };
    expect(refusalOf(() => refuseMarket(candidate, entry, false)).code).toBe('market-not-upgradable');
    expect(refusalOf(() => refuseMarket({ ...candidate, version: '9' }, entry, false)).code).toBe(
      'market-lacks-version',
    );
    expect(refusalOf(() => refuseMarket(candidate, { missing: '404' }, false)).code).toBe('not-in-market');
    expect(() => refuseMarket({ ...candidate, version: '1.3' }, entry, false)).not.toThrow();
  });
});

function refusalOf(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error('nothing was refused');
}

describe('the steps of a job', () => {
  it('are not mixed with those of other jobs', () => {
    const progress = new Progress(0);
    const own = { uuid: 'own', own: true };
    progress.take({ ...own, status: 'starting' }, 10);
    progress.take({ uuid: 'other', own: false, status: 'error', errors: { error_id: 'install-error' } }, 20);
    expect(progress.take({ ...own, status: 'downloading' }, 30)).toEqual({
      step: 'starting',
      ms: 20,
      ok: true,
    });
    expect([progress.dependencies, progress.current]).toEqual([[], 'downloading']);
  });
});

describe.runIf(HAS_RABBITMQ)('wdev deploy', () => {
  it('refuses what is not pushed, deploys what is, and looks whether it is in use', async () => {
    const work = tempFolder();
    const dir = path.join(work, 'hello');
    const bare = path.join(work, 'origin.git');
    writePlugin(dir);
    const git = (...args: readonly string[]): string =>
      execFileSync('git', args, {
        cwd: dir,
        encoding: 'utf8',
        stdio: 'pipe',
        env: { ...process.env, ...GIT_IDENTITY },
      });
    git('init', '--quiet', '--initial-branch=master');
    git('init', '--quiet', '--bare', bare);
    git('remote', 'add', 'origin', `file://user:secret@localhost${bare}`);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Start');
    expect((await wdev(['stack', 'up', '--kind', 'embedded'], { cwd: dir })).status).toBe(0);
    const root = path.join(dir, '.wdev/stack/root');
    const bus = broker?.port ?? 0;
    const home = `${root}/usr/lib/wazo-plugind/plugins/acme/hello`;
    // what dpkg and the postinst of the package do
    const reload = `${process.execPath} ${BIN} stack exec --kind embedded -- asterisk -rx "dialplan reload"`;
    const copy = `cp -r ${dir}/etc/. ${root}/etc/ && mkdir -p ${home} && cp -r ${dir}/wazo ${home}/ && cd ${dir} && ${reload}`;
    const market = { versions: [{ version: VERSION, upgradable: false }] };
    const standIn = await startPlugind(work, { events: INSTALLED, after: ITEM, run: copy, market }, bus);
    layServer(root, standIn.port, bus);
    const deploy = async (...args: readonly string[]): ReturnType<typeof wdev> =>
      await wdev(['deploy', '--target', 'embedded', '--yes', ...args], { cwd: dir });
    writeFileSync(path.join(dir, '.gitignore'), '.wdev/\n');
    const dirty = await deploy();
    expect([dirty.status, dirty.stderr.includes('git add --all && git commit && git push')]).toEqual([
      1,
      true,
    ]);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Ignore');
    git('push', '--quiet', bare, 'master');
    const result = await deploy('--json');
    expect(result.stderr).toBe('');
    const events = result.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'finding', code: 'deploy-address-logged' }),
    );
    expect(result.stdout).not.toContain('secret');
    expect(steps(events as unknown as readonly DeployEvent[])).toHaveLength(INSTALLED.length - 1);
    expect(events.at(-1)).toMatchObject({ event: 'deployed', version: VERSION, proven: true });
    expect(result.status).toBe(0);
    const posted = standIn.asked().find(([method, where]) => method === 'POST' && where === '/0.2/plugins');
    expect(posted?.[3]).toEqual({
      method: 'git',
      options: { url: `file://user:secret@localhost${bare}`, ref: 'master' },
    });

    // the market's entry, by the tag of the version
    expect((await deploy('--market')).stderr).toContain(`there is no branch or tag ${VERSION}`);
    git('tag', VERSION);
    git('push', '--quiet', bare, VERSION);
    expect((await deploy('--market')).stderr).toContain(`${VERSION} is installed there`);
    const again = await deploy('--market', '--reinstall', '--json');
    expect([again.status, again.stderr]).toEqual([0, '']);
    expect(
      standIn.asked().findLast(([method, where]) => method === 'POST' && where === '/0.2/plugins'),
    ).toEqual([
      'POST',
      '/0.2/plugins',
      'reinstall=true',
      { method: 'market', options: { namespace: 'acme', name: 'hello', version: VERSION } },
    ]);
  });
});
