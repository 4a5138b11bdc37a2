import {
  appendFileSync,
  chmodSync,
  existsSync,
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
import { downEmbedded } from '../../src/stacks/embedded.ts';
import type { RunResult } from '../../src/support/run.ts';
import { save } from '../support/save.ts';
import { Watch } from '../support/watch.ts';
import { wdev } from '../support/wdev.ts';

const PACKAGE = '.wdev/stack/root/usr/lib/python3/dist-packages/quartx_call_logger';

interface Event {
  readonly event: string;
  readonly findings?: readonly Record<string, unknown>[];
  readonly loaded?: readonly string[];
}

describe('wdev watch of a call-logger plugin on the embedded stack', () => {
  let project: string;
  let untouched: string;

  const module = (): string => path.join(project, 'demo_siemens_call_logger/plugin/demo_siemens.py');
  const defaults = (): string => readFileSync(path.join(project, PACKAGE, 'data/defaults.yml'), 'utf8');
  const plugins = (): readonly string[] =>
    readdirSync(path.join(project, PACKAGE, 'plugins')).filter((name) => name.endsWith('.py'));

  async function watch(...flags: string[]): Promise<{ result: RunResult; events: readonly Event[] }> {
    const result = await wdev(['watch', '.', '--once', '--json', ...flags], { cwd: project });
    const lines = result.stdout.split('\n').filter((line) => line !== '');
    return { result, events: lines.map((line) => JSON.parse(line) as Event) };
  }

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    project = path.join(folder, 'siemens');
    const made = await wdev(['new', 'call-logger', 'siemens', '--namespace', 'demo', '--yes'], {
      cwd: folder,
    });
    expect(made.status).toBe(0);
    await wdev(['stack', 'up', '--kind', 'embedded'], { cwd: project });
    untouched = defaults();
  });

  afterAll(async () => {
    await downEmbedded(project);
    rmSync(path.dirname(project), { recursive: true });
  });

  it('imports the plugin as the call logger does, and merges its settings', async () => {
    const { result, events } = await watch();
    expect(result).toMatchObject({ status: 0, stderr: '' });
    const loaded = events.find(({ event }) => event === 'verified')?.loaded;
    expect(loaded).toContain('DemoSiemens is imported and has settings');
    expect(loaded).toContain('not restarted: call-logger does not run in the embedded stack');
    expect(plugins()).toContain('demo_siemens.py');
    const settings = readFileSync(path.join(project, 'demo_siemens_call_logger/plugin/settings.yml'), 'utf8');
    expect(defaults()).toBe(`${untouched}# >>> demo-siemens\n${settings.trimEnd()}\n# <<< demo-siemens\n`);
  });

  it('reports a module that does not import with its source line, and keeps the good one', async () => {
    const good = readFileSync(module(), 'utf8');
    const before = defaults();
    writeFileSync(module(), good.replace('\nimport re\n', '\nimport re\nimport nonsense\n'));
    const line = readFileSync(module(), 'utf8').split('\n').indexOf('import nonsense') + 1;
    const { result, events } = await watch();
    expect(result.status).toBe(1);
    expect(events.find(({ event }) => event === 'failed')?.findings).toEqual([
      expect.objectContaining({
        code: 'call-logger-import-failed',
        message: expect.stringContaining("No module named 'nonsense'"),
        file: 'demo_siemens_call_logger/plugin/demo_siemens.py',
        line,
      }),
    ]);
    expect(readFileSync(path.join(project, PACKAGE, 'plugins/demo_siemens.py'), 'utf8')).toBe(good);
    expect(defaults()).toBe(before);
    writeFileSync(module(), good);
  });

  it('refuses a class name that another plugin of the call logger has', async () => {
    const good = readFileSync(module(), 'utf8');
    appendFileSync(module(), '\n\nclass SiemensHipathSerial(SerialPlugin):\n    pass\n');
    const line =
      readFileSync(module(), 'utf8').split('\n').indexOf('class SiemensHipathSerial(SerialPlugin):') + 1;
    const { result, events } = await watch();
    expect(result.status).toBe(1);
    const finding = events.find(({ event }) => event === 'failed')?.findings?.[0];
    expect(finding?.['message']).toContain("Plugin with name 'siemenshipathserial' already exists");
    expect(finding).toMatchObject({ file: 'demo_siemens_call_logger/plugin/demo_siemens.py', line });
    writeFileSync(module(), good);
  });

  it('lives under the version that its manifest names now', async () => {
    const running = new Watch(['.'], project);
    try {
      await running.next('verified');
      const manifest = path.join(project, 'call-logger-plugin.yml');
      save(manifest, readFileSync(manifest, 'utf8').replace(/^version:.*$/m, "version: '9.8'"));
      expect(await running.next('verified')).toMatchObject({ version: '9.8' });
    } finally {
      await running.stop();
    }
  });

  it('takes everything out again with --clean', async () => {
    const { result } = await watch('--clean');
    expect(result.status).toBe(0);
    expect(plugins()).toEqual(expect.not.arrayContaining(['demo_siemens.py']));
    expect(defaults()).toBe(untouched);
    expect(existsSync(path.join(project, PACKAGE, 'plugins/__pycache__'))).toBe(false);
  });
});

describe('wdev watch of a plugin of generation 1b on the embedded stack', () => {
  const USER = `# Ours; the token is secret
settings:
  token: abc
  plugin: DemoOld  # which one runs

DemoOld:
  # where it listens
  port: 1234`;
  let project: string;

  const own = (): string => path.join(project, '.wdev/stack/root/etc/xdg/quartx/call-logger.yml');
  const defaults = (): string => readFileSync(path.join(project, PACKAGE, 'data/defaults.yml'), 'utf8');
  const modes = (): number => statSync(own()).mode & 0o777;

  async function watch(...flags: string[]): Promise<{ result: RunResult; events: readonly Event[] }> {
    const result = await wdev(['watch', '.', '--once', '--json', ...flags], { cwd: project });
    const lines = result.stdout.split('\n').filter((line) => line !== '');
    return { result, events: lines.map((line) => JSON.parse(line) as Event) };
  }

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    project = path.join(folder, 'pbx');
    const flags = ['--namespace', 'demo', '--generation', '1b', '--yes'];
    expect((await wdev(['new', 'call-logger', 'pbx', ...flags], { cwd: folder })).status).toBe(0);
    await wdev(['stack', 'up', '--kind', 'embedded'], { cwd: project });
  });

  afterAll(async () => {
    await downEmbedded(project);
    rmSync(path.dirname(project), { recursive: true });
  });

  it('merges its settings into the call-logger.yml of the user, and nothing else of it changes', async () => {
    writeFileSync(own(), USER);
    chmodSync(own(), 0o640);
    const untouched = defaults();
    const { result, events } = await watch();
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(events.find(({ event }) => event === 'verified')?.loaded).toContain(
      'DemoPbx is imported and has settings',
    );
    expect(defaults()).toBe(untouched);
    const block = readFileSync(path.join(project, 'demo_pbx_call_logger/plugin/settings.yml'), 'utf8');
    expect(readFileSync(own(), 'utf8')).toBe(
      `${USER}\n# >>> demo-pbx (the line before had no end)\n${block.trimEnd()}\n# <<< demo-pbx\n`,
    );
    expect(modes()).toBe(0o640);
  });

  it('refuses settings under another key than the class', async () => {
    const settings = path.join(project, 'demo_pbx_call_logger/plugin/settings.yml');
    const good = readFileSync(settings, 'utf8');
    const before = readFileSync(own(), 'utf8');
    writeFileSync(settings, good.replace(/^DemoPbx:/m, 'DemoPBX:'));
    const { result, events } = await watch();
    writeFileSync(settings, good);
    expect(result.status).toBe(1);
    expect(events.find(({ event }) => event === 'failed')?.findings?.[0]?.['message']).toContain(
      'call-logger.yml has no settings under the key DemoPbx',
    );
    expect(readFileSync(own(), 'utf8')).toBe(before);
  });

  it('takes its settings out again to the byte, with what the user changed meanwhile', async () => {
    const changed = readFileSync(own(), 'utf8').replace('port: 1234', 'port: 4321');
    writeFileSync(own(), changed);
    expect((await watch('--clean')).result.status).toBe(0);
    expect(readFileSync(own(), 'utf8')).toBe(USER.replace('1234', '4321'));
    expect(modes()).toBe(0o640);
  });

  it('says what to write where the user has no settings', async () => {
    rmSync(own());
    const { status, stderr } = await wdev(['watch', '.', '--once'], { cwd: project });
    expect(status).toBe(1);
    expect(stderr).toContain('there is no /etc/xdg/quartx/call-logger.yml on target');
    expect(stderr).toContain('  plugin: DemoPbx');
    expect(existsSync(own())).toBe(false);
  });
});

describe('wdev watch of a plugin of generation 2 on the embedded stack', () => {
  const PACKAGES = '.wdev/stack/root/usr/lib/python3/dist-packages';
  const UNIT = '.wdev/stack/root/etc/systemd/system/call-logger.service.d/50-demo-pbx.conf';
  let project: string;

  const at = (name: string): string => path.join(project, name);

  async function watch(...flags: string[]): Promise<{ result: RunResult; events: readonly Event[] }> {
    const result = await wdev(['watch', '.', '--once', '--json', ...flags], { cwd: project });
    const lines = result.stdout.split('\n').filter((line) => line !== '');
    return { result, events: lines.map((line) => JSON.parse(line) as Event) };
  }

  const messageOf = (events: readonly Event[]): unknown =>
    events.find(({ event }) => event === 'failed')?.findings?.[0]?.['message'];

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    project = path.join(folder, 'pbx');
    const flags = ['--namespace', 'demo', '--generation', '2', '--yes'];
    expect((await wdev(['new', 'call-logger', 'pbx', ...flags], { cwd: folder })).status).toBe(0);
  });

  afterAll(async () => {
    await downEmbedded(project);
    rmSync(path.dirname(project), { recursive: true });
  });

  it('puts its package beside calllogger, and lets the service start the launcher', async () => {
    const { result, events } = await watch();
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(events.find(({ event }) => event === 'verified')?.loaded).toEqual(
      expect.arrayContaining([
        'DemoPbx is registered and chosen',
        'not restarted: call-logger does not run in the embedded stack',
      ]),
    );
    expect(existsSync(at(`${PACKAGES}/demo_pbx_call_logger/plugin.py`))).toBe(true);
    expect(readFileSync(at(UNIT), 'utf8')).toBe(`[Service]
EnvironmentFile=/usr/lib/python3/dist-packages/demo_pbx_call_logger/settings.env
ExecStart=
ExecStart=/usr/bin/python3 -m demo_pbx_call_logger
`);
  });

  it('makes records of its lines, with the settings of its environment file', async () => {
    const { status, stdout } = await wdev(['simulate', '.', '--json'], { cwd: project });
    expect(status).toBe(0);
    const { records } = JSON.parse(stdout) as { records: { fields: Record<string, unknown> }[] };
    expect(records[0]?.fields).toMatchObject({ number: expect.any(String), date: expect.any(String) });
  });

  it.each<readonly [string, string, string, string, string]>([
    ['setting', 'settings.env', 'PLUGIN_PORT=', 'PLUGIN_PROT=', 'has no such setting'],
    ['choice', 'settings.env', 'PLUGIN=DemoPbx', 'PLUGIN=Other', "chooses the plugin 'Other'"],
    ['import', 'plugin.py', 'import re\n', 'import re\nimport nonsense\n', "No module named 'nonsense'"],
    ['registration', '__main__.py', '    register_plugins(DemoPbx)\n', '', 'does not register DemoPbx'],
  ])('refuses a wrong %s before the service is restarted', async (_what, name, from, to, said) => {
    const file = at(`demo_pbx_call_logger/${name}`);
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.replace(from, to));
    const { result, events } = await watch();
    writeFileSync(file, good);
    expect(result.status).toBe(1);
    expect(messageOf(events)).toContain(said);
    expect(readFileSync(at(`${PACKAGES}/demo_pbx_call_logger/${name}`), 'utf8')).toBe(good);
  });

  it('takes everything out again with --clean', async () => {
    expect((await watch('--clean')).result.status).toBe(0);
    expect(existsSync(at(`${PACKAGES}/demo_pbx_call_logger`))).toBe(false);
    expect(existsSync(at(UNIT))).toBe(false);
  });
});
