import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findReal, hasTrace, realCommand } from '../../src/stacks/real.ts';
import { heldStacks } from '../../src/stacks/real/clear.ts';
import { hostMirror } from '../../src/stacks/real/mirror.ts';
import { draftRoots } from '../../src/stacks/real/root.ts';
import { run, type RunResult } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';
import { startProxy } from '../support/proxy.ts';
import { Desk, withServices } from '../support/readme.ts';
import { inTerminal } from '../support/terminal.ts';
import { BIN, wdev } from '../support/wdev.ts';
import { FACTS, factScript, seenWith } from '../wazo/facts.ts';
import { buildRepository } from '../wazo/repository.ts';

const LACKS = lacks('real') || lacks('wazo');
const NAME = 'wazo-test';
const SERVICES = 'auth,calld,chatd,dird,agid,plugind,provd,webhookd,asterisk';
/** Far more than it takes. */
const LIMIT = { timeout: 600_000, interval: 500 };
let project = '';
let up: readonly string[] = [];

interface Up {
  readonly started: boolean;
  readonly ms: number;
  readonly api: { readonly url: string; readonly user: string; readonly password: string };
  readonly units: readonly string[];
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly findings: readonly unknown[];
}

async function start(env: Readonly<Record<string, string>> = {}): Promise<RunResult> {
  return await wdev([...up, '--json'], { cwd: project, env });
}

function told(result: RunResult): Up {
  expect(result.status, result.stderr).toBe(0);
  return JSON.parse(result.stdout) as Up;
}

async function inside(script: string, name = NAME): Promise<RunResult> {
  const stack = await findReal(name);
  if (stack === undefined) throw new Error(`no stack ${name}`);
  return await run(realCommand(stack, ['/bin/sh', '-c', `exec 2>&1\n${script}`]), { timeout: 900_000 });
}

interface Interrupted {
  readonly status: number | null;
  readonly stderr: string;
  /** The stacks and roots that it left. */
  readonly left: readonly string[];
}

/** The environment in which a command tells its progress, which other tests do without. */
const TELLS = { WDEV_PROGRESS: '' };

/** A start, ended by Ctrl-C once it tells something. */
async function interruptedStart(
  command: readonly string[],
  name: string,
  told: string,
): Promise<Interrupted> {
  const child = spawn(process.execPath, [BIN, ...command], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...TELLS },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // a second one would not wait for what is being removed
    const isFirst = !stderr.includes(told);
    stderr += text;
    if (isFirst && stderr.includes(told)) child.kill('SIGINT');
  });
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const stacks = heldStacks().flatMap(({ name, state }) => (state?.owner?.pid === child.pid ? [name] : []));
  const roots = draftRoots().flatMap(({ folder, maker }) => (maker === child.pid ? [folder] : []));
  return { status, stderr, left: [...stacks, ...roots, ...(hasTrace(name) ? [name] : [])] };
}

function mirror(): string {
  return LACKS ? 'file:' : hostMirror();
}

let interrupted: Interrupted | undefined;
let first = '';
let asked: readonly string[] = [];

beforeAll(async () => {
  if (LACKS) return;
  project = realpathSync(mkdtempSync(path.join(tmpdir(), 'wdev-test-')));
  const repository = await buildRepository(path.join(project, 'repository'), { hasAsterisk: true });
  const line = `deb file:${repository.folder} ./`;
  up = ['stack', 'up', '--kind', 'wazo', '--name', NAME, '--repository', line, '--key', repository.key];
  up = [...up, '--with', SERVICES];
  interrupted = await interruptedStart(up, NAME, 'services: unpacking');
  const proxy = await startProxy();
  // what apt in the stack asks while it is made goes through one of this machine
  const env = { http_proxy: proxy.url, https_proxy: proxy.url, ...TELLS };
  const started = await wdev(up, { cwd: project, env });
  asked = [...proxy.asked];
  await proxy.close();
  first = started.stderr;
  expect(started.status, first).toBe(0);
}, 3_600_000);

afterAll(async () => {
  if (LACKS) return;
  await wdev(['stack', 'down', '--name', NAME]);
  rmSync(project, { recursive: true, force: true });
});

describe.skipIf(LACKS)("a stack with Wazo's services", () => {
  it.each(FACTS.map((fact) => [`${fact.unit}: ${fact.fact} (${seenWith(fact)})`, fact] as const))(
    '%s',
    async (_, fact) => {
      const { status, stdout } = await inside(factScript(fact));
      expect({ status, stdout }).toEqual({ status: 0, stdout: expect.any(String) as string });
    },
  );

  it('tells how far it is, leaves nothing after Ctrl-C, and fetches no package again', () => {
    const line = /^wdev: services: (?:unpacking|setting up) \d+ of \d+ packages, \S+/m;
    expect(interrupted).toEqual({ status: 130, stderr: expect.stringMatching(line) as string, left: [] });
    expect(interrupted?.stderr).not.toContain('services: setting up');
    expect(first).toMatch(line);
    expect(first).not.toContain('downloading');
  });

  it.skipIf(/^(?:file|mirror|cdrom)/.test(mirror()))(
    'is made by the proxy that apt here has, and keeps nothing of it',
    async () => {
      const { host } = new URL(mirror());
      expect(asked.some((address) => address.includes(host))).toBe(true);
      expect((await inside('ls /etc/apt/apt.conf.d; apt-config dump | grep Proxy')).stdout).not.toMatch(
        /prox/i,
      );
    },
  );

  it('is reached by its addresses, with a user who may do everything', async () => {
    const { started, api, units } = told(await start());
    expect(started).toBe(false);
    expect([...units].sort()).toEqual([
      'asterisk',
      'wazo-agid',
      'wazo-auth',
      'wazo-calld',
      'wazo-chatd',
      'wazo-confd',
      'wazo-confgend',
      'wazo-dird',
      'wazo-plugind',
      'wazo-provd',
      'wazo-webhookd',
    ]);
    await inside('until curl -s -o /dev/null http://127.0.0.1:9500/1.0/status; do sleep 0.1; done');
    const token = await run([
      'curl',
      '-sk',
      '-u',
      `${api.user}:${api.password}`,
      '-H',
      'Content-Type: application/json',
      '-d',
      '{}',
      `${api.url}/api/auth/0.1/token`,
    ]);
    const { data } = JSON.parse(token.stdout) as { data: { token: string } };
    const asked = await run([
      'curl',
      '-sk',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '-H',
      `X-Auth-Token: ${data.token}`,
      `${api.url}/api/calld/1.0/status`,
    ]);
    expect(asked.stdout).toBe('200');
  });

  it('is asked by the lines that status shows in a terminal, as they are copied from there', async () => {
    const shows = ['sh', '-c', 'stty cols 80; exec "$@"', 'sh', process.execPath, BIN];
    const { stdout } = await inTerminal(
      [...shows, 'stack', 'status', '--name', NAME],
      { cwd: project, env: process.env },
      [],
    );
    const lines = stdout.replaceAll('\r', '').split('\n');
    const from = lines.findIndex((line) => line.startsWith('  try '));
    const end = lines.findIndex((line) => /^ {2}(?:reset|remove) /.test(line));
    const script = lines.slice(from, end).join('\n').replace('  try', '');
    const told = await run(['sh', '-euc', script]);
    expect(JSON.parse(told.stdout)).toMatchObject({ plugins: { status: 'ok' } });
  });

  it('has a network of its own, which does not lead to this machine', async () => {
    const listening = await run(['sh', '-c', "ss -Hltn | awk '{print $4}'"]);
    expect(listening.stdout).not.toMatch(/:(?:9497|9500|9489)$/m);
    const gateway = (
      await inside("ip route 2>/dev/null | sed -n 's/default via \\([^ ]*\\).*/\\1/p' || true")
    ).stdout.trim();
    if (gateway !== '') {
      const { stdout } = await inside(`curl -s -m 2 -o /dev/null http://${gateway}:22; echo $?`);
      expect(stdout.trim()).not.toBe('0');
    }
  });

  it('shows a save verified through a real answer, and the old one back when it breaks', async () => {
    expect(
      (
        await wdev(['new', 'stack', 'hi', '--namespace', 'demo', '--part', 'calld', '--yes', '--no-git'], {
          cwd: project,
        })
      ).status,
    ).toBe(0);
    const dir = path.join(project, 'hi');
    const watch = (): Promise<RunResult> =>
      wdev(['watch', dir, '--once', '--target', `stack:${NAME}`], { cwd: project });
    const good = await watch();
    expect(good.stdout).toContain('✓ demo/hi');
    const description = readFileSync(path.join(dir, path.dirname(pluginFile(dir)), 'api.yml'), 'utf8');
    const route = /^ {2}'?(\/[^{:']*)/m.exec(description)?.[1] ?? '';
    const ask = `curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9500/1.0${route}`;
    expect((await inside(ask)).stdout).toBe('401');
    const file = path.join(dir, pluginFile(dir));
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}import no_such_module\n`);
    const bad = await watch();
    expect(bad.status).toBe(1);
    expect(bad.stdout + bad.stderr).toMatch(/no_such_module/);
    expect((await inside(ask)).stdout).toBe('401');
    writeFileSync(file, text);
  });

  it('is asked by the tests of a new plugin: address, token and shell are theirs', async () => {
    const parts =
      'agi,auth-backend,auth-external,auth-http,auth-keys,calld,conf,dird-backend,dird-service,dird-view,nginx';
    const made = await wdev(
      ['new', 'stack', 'asked', '--namespace', 'demo', '--part', parts, '--yes', '--no-git'],
      { cwd: project },
    );
    expect(made.status, made.stderr).toBe(0);
    const target = ['asked', '--target', `stack:${NAME}`];
    const watched = await wdev(['watch', ...target, '--once', '--json'], { cwd: project });
    expect(watched.status, watched.stdout).toBe(0);
    expect(watched.stdout).toMatch(
      /demo_asked: a lookup through a source of it gave \d results?, and no complaint/,
    );
    expect(watched.stdout).toMatch(
      /agi:\/\/…\/demo_asked: \d commands? in a call, the last SET VARIABLE \\"DEMO_ASKED\\"/,
    );
    expect(watched.stdout).toContain('demo_asked: wazo-auth has the backend');
    expect((await inside("cat /var/lib/wazo-dird/sources.json || echo '{}'")).stdout.trim()).toBe('{}');
    const test = async (env = {}): Promise<{ readonly counts: object; readonly stderr: string }> => {
      const { stdout, stderr } = await wdev(['test', ...target, '--json'], { cwd: project, env });
      const [{ passed, failed, skipped, findings } = {} as Counts] = (
        JSON.parse(stdout) as { plugins: readonly Counts[] }
      ).plugins;
      return { counts: { passed, failed, skipped, findings }, stderr };
    };
    expect(await test()).toEqual({
      counts: { passed: 13, failed: 0, skipped: 0, findings: [] },
      stderr: '',
    });
    // an address where somebody else answers, or nobody, gets no token
    const elsewhere = await test({ WAZO_URL: 'https://127.0.0.1:1' });
    expect(elsewhere.stderr).toContain('does not answer from here');
    expect(elsewhere.counts).toMatchObject({ failed: 0, skipped: 10 });
    expect((await wdev(['uninstall', ...target], { cwd: project })).status).toBe(0);
    expect((await test()).counts).toMatchObject({ failed: expect.any(Number) as number });
  });

  it('proves parts that use what the services have themselves', async () => {
    const parts = 'chatd,confd,webhookd-plugin';
    const made = await wdev(
      ['new', 'stack', 'used', '--namespace', 'demo', '--part', parts, '--yes', '--no-git'],
      { cwd: project },
    );
    expect(made.status, made.stderr).toBe(0);
    const target = ['used', '--target', `stack:${NAME}`];
    const watched = await wdev(['watch', ...target, '--once', '--json'], { cwd: project });
    expect(watched.status, watched.stdout).toBe(0);
    for (const route of ['absences', 'quiet-users', 'tests'])
      expect(watched.stdout).toMatch(
        new RegExp(`GET /1\\.[01]/demo/used/${route}: 401 without a token, 200 with one`),
      );
    expect((await wdev(['uninstall', ...target], { cwd: project })).status).toBe(0);
  });

  it('waits for the journal, where alone stands why wazo-agid ended', async () => {
    const made = await wdev(
      ['new', 'stack', 'late', '--namespace', 'demo', '--part', 'agi', '--yes', '--no-git'],
      { cwd: project },
    );
    expect(made.status, made.stderr).toBe(0);
    const target = ['late', '--target', `stack:${NAME}`];
    expect((await wdev(['watch', ...target, '--once'], { cwd: project })).status).toBe(0);
    const file = path.join(project, 'late/usr/lib/python3/dist-packages/wazo_agid/modules/demo_late_agi.py');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}raise ValueError('odd')\n`);
    // it is still behind when the restart is known to have failed
    await inside(`systemctl kill -s STOP systemd-journald
{ until systemctl show -P SubState wazo-agid | grep -q auto-restart; do sleep 0.05; done
sleep 1; systemctl kill -s CONT systemd-journald; } </dev/null >/dev/null 2>&1 &`);
    const { status, stdout } = await wdev(['watch', ...target, '--once', '--json'], { cwd: project });
    expect(status).toBe(1);
    const line = text.split('\n').length;
    expect(stdout).toMatch(new RegExp(`"code":"service-down".*ValueError: odd.*"line":${line}\\b`));
    expect((await wdev(['uninstall', ...target], { cwd: project })).status).toBe(0);
  });

  it('is rehearsed on: another one like it, by dpkg and by its wazo-plugind, and stays as it is', async () => {
    const made = await wdev(
      ['new', 'stack', 'played', '--namespace', 'demo', '--part', 'calld', '--yes', '--no-git'],
      { cwd: project },
    );
    expect(made.status, made.stderr).toBe(0);
    const rehearsed = await wdev(['rehearse', 'played', '--stack', NAME, '--json'], { cwd: project });
    const events = rehearsed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.filter(({ event }) => event === 'finding')).toEqual([]);
    expect(rehearsed.status, rehearsed.stderr).toBe(0);
    expect(events[0]).toMatchObject({
      event: 'ready',
      copyOf: `stack:${NAME}`,
      plugind: true,
      standIns: [],
      target: expect.not.stringContaining(NAME) as string,
    });
    const actions = events.filter(({ event }) => event === 'action');
    expect(actions.map((one) => [one['do'], one['ok']])).toEqual(
      [
        'install',
        'reinstall',
        'upgrade',
        'remove',
        'install after remove',
        'purge',
        'install by wazo-plugind',
        'upgrade by wazo-plugind',
        'removal by wazo-plugind',
      ].map((name) => [name, true]),
    );
    const [first, second, last] = actions.slice(-3);
    const steps = (one: Record<string, unknown> | undefined): readonly string[] =>
      ((one?.['steps'] ?? []) as readonly { readonly step: string }[]).map(({ step }) => step);
    const way = ['downloading', 'extracting', 'validating', 'installing dependencies', 'building'];
    expect(steps(first)).toEqual(['starting', ...way, 'packaging', 'installing', 'cleaning']);
    expect(steps(last)).toEqual(['starting', 'removing']);
    const says = JSON.stringify(second?.['evidence']);
    expect(says).toContain('+rehearsed1');
    expect(says).toMatch(/"name":"loaded","title":"loaded","state":"ok"/);
    // the one that it was made like
    expect((await inside('dpkg -l | grep wazo-plugind-played')).stdout).toBe('');
    expect((await inside('systemctl is-active wazo-calld')).stdout.trim()).toBe('active');
  });

  it('is not rehearsed on where only wazo-plugind fails: its step is told, and the line', async () => {
    const dir = path.join(project, 'refused');
    const made = await wdev(
      ['new', 'stack', 'refused', '--namespace', 'demo', '--part', 'calld', '--yes', '--no-git'],
      { cwd: project },
    );
    expect(made.status, made.stderr).toBe(0);
    // what builds here, and not as the account of wazo-plugind on a server
    const rules = path.join(dir, 'wazo/rules');
    const text = readFileSync(rules, 'utf8').replace(
      /^ {4}build\)\n/m,
      '    build)\n        [ "$(id -un)" != wazo-plugind ]\n',
    );
    writeFileSync(rules, text);
    const { status, stdout } = await wdev(['rehearse', dir, '--stack', NAME], { cwd: project });
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ install by wazo-plugind {2}starting, .*building failed/);
    expect(stdout).not.toContain('upgrade by wazo-plugind');
  });

  it('has handlers of wazo-agid asked in a call, where a real Asterisk runs beside it', async () => {
    expect((await inside("asterisk -rx 'core show version'")).stdout).toMatch(/^Asterisk 22\./m);
    const made = await wdev(
      ['new', 'stack', 'called', '--namespace', 'demo', '--part', 'agi', '--yes', '--no-git'],
      { cwd: project },
    );
    expect(made.status, made.stderr).toBe(0);
    const file = path.join(
      project,
      'called/usr/lib/python3/dist-packages/wazo_agid/modules/demo_called_agi.py',
    );
    const text = readFileSync(file, 'utf8');
    const target = ['called', '--target', `stack:${NAME}`];
    const saved = async (line: string): Promise<RunResult> => {
      writeFileSync(file, text.replace(/^ {4}caller = .*/m, line));
      return await wdev(['watch', ...target, '--once', '--json'], { cwd: project });
    };
    const good = await saved("    caller = agi.get_variable('CHANNEL')");
    expect(good.status, good.stdout).toBe(0);
    // the name of a channel comes from Asterisk alone; the dialplan of the part is read by it, too
    expect(good.stdout).toMatch(
      /agi:\/\/…\/demo_called: 2 commands in a call, the last SET VARIABLE \\"DEMO_CALLED\\" \\"Hello Local\/s@wdev-agi-/,
    );
    expect(good.stdout).toMatch(/demo-called-agi/);
    const raised = await saved("    caller = {}['none']");
    expect(raised.stdout).toMatch(/"code":"agi-handler-raised".*KeyError.*"line":17\b/);
    const endless = await saved("    while True: agi.verbose('on')");
    expect(endless.stdout).toContain('1000 commands in a call, and more that were not waited for');
    expect(endless.stdout).not.toContain('agi-handler-raised');
    // each call has ended, and its context is gone
    const left = async (): Promise<string> =>
      (await inside("asterisk -rx 'core show channels count'; asterisk -rx 'dialplan show'")).stdout;
    await expect.poll(left, LIMIT).toMatch(/^0 active calls$/m);
    await expect.poll(left, LIMIT).not.toContain('wdev-agi-');
    expect(await left()).toMatch(/^[1-9]\d* calls? processed$/m);
    expect((await saved(/^ {4}caller = .*/m.exec(text)?.[0] ?? '')).status).toBe(0);
    expect((await wdev(['test', ...target], { cwd: project })).status).toBe(0);
    expect((await wdev(['uninstall', ...target], { cwd: project })).status).toBe(0);
  });

  it("has a plugin's provider of logins asked for a token by wazo-auth, and tells where it fails", async () => {
    const made = await wdev(
      ['new', 'stack', 'logins', '--namespace', 'demo', '--part', 'auth-backend', '--yes', '--no-git'],
      { cwd: project },
    );
    expect(made.status, made.stderr).toBe(0);
    const target = ['logins', '--target', `stack:${NAME}`];
    const inPlugin = (name: string): string => path.join(project, 'logins', name);
    const saved = async (name: string, from: RegExp, to: string): Promise<RunResult> => {
      const text = readFileSync(inPlugin(name), 'utf8');
      expect(text).toMatch(from);
      writeFileSync(inPlugin(name), text.replace(from, to));
      const result = await wdev(['watch', ...target, '--once', '--json'], { cwd: project });
      if (result.status !== 0) writeFileSync(inPlugin(name), text);
      return result;
    };
    const settings = 'etc/wazo-auth/conf.d/50-demo-logins-backend.yml';
    const idp = 'demo_logins/auth_backend/idp.py';
    const shipped = await saved(idp, /$/, '# more\n');
    expect(shipped.stdout).toContain("refuses a login that does not exist, which is none of this provider's");
    // its own test makes a user of it, whose login gets a token
    const own = await wdev(['test', ...target, '--json'], { cwd: project });
    expect(own.status, own.stdout).toBe(0);
    expect(own.stdout).toMatch(/test_a_login_of_its_own_gets_a_token","outcome":"passed"/);
    expect(JSON.parse(own.stdout)).toMatchObject({ plugins: [{ passed: 3, failed: 0, skipped: 0 }] });
    const asked = await saved(settings, /domains: \{\}/, 'domains: {example.org: none}');
    expect(asked.status, asked.stdout).toBe(0);
    expect(asked.stdout).toContain(
      'demo_logins: asked by wazo-auth for a token of wdev-nobody@example.org, it refused (401)',
    );
    const raised = await saved(idp, /^ {8}backend = self.*/m, "        backend = {}['odd']");
    expect(raised.status).toBe(1);
    expect(raised.stdout).toMatch(/"code":"route-raised"[^}]*KeyError: 'odd'[^}]*"line":\d+/);
    const open = await saved(idp, /^ {8}if not backend\.verify.*/m, '        if False:');
    expect(open.status).toBe(1);
    expect(open.stdout).toContain('"code":"login-let-in"');
    expect((await wdev(['uninstall', ...target], { cwd: project })).status).toBe(0);
  });

  it('keeps a state, and goes back to it', async () => {
    await inside('echo kept >/root/state');
    const kept = await wdev(['stack', 'snapshot', 'kept', '--name', NAME]);
    expect(kept.status, kept.stderr).toBe(0);
    await inside('echo other >/root/state; rm -rf /etc/wazo-calld');
    const back = await wdev(['stack', 'reset', 'kept', '--name', NAME]);
    expect(back.stderr.replaceAll(/^wdev: .*\n/gm, '')).toBe('');
    expect((await inside('cat /root/state; ls /etc/wazo-calld')).stdout).toMatch(/^kept\nconf\.d/);
    expect((await wdev(['stack', 'reset', '--name', NAME])).status).toBe(0);
    expect((await inside('ls /root/state')).status).not.toBe(0);
    const lost = await wdev(['stack', 'reset', 'none', '--name', NAME]);
    expect(lost.status).toBe(2);
    expect(lost.stderr).toContain('The labels are fresh, kept');
  });

  it('stands beside another one, from the same layer, and leaves nothing', async () => {
    const other = up.map((word) => (word === NAME ? `${NAME}-2` : word));
    const second = await wdev([...other, '--json'], { cwd: project });
    try {
      expect(told(second).started).toBe(true);
      expect(second.stderr).not.toContain('downloading');
      await inside('systemctl stop wazo-calld', `${NAME}-2`);
      expect((await inside('systemctl is-active wazo-calld')).stdout.trim()).toBe('active');
    } finally {
      expect((await wdev(['stack', 'down', '--name', `${NAME}-2`])).status).toBe(0);
    }
    const pattern = NAME.replace(/^w/, '[w]');
    const look = `mount | grep -c '${pattern}-2'; pgrep -fc '${pattern}-2'; ls /run/wdev/stacks | grep -c '${pattern}-2'`;
    await expect.poll(async () => (await run(['sh', '-c', look])).stdout, LIMIT).toBe('0\n0\n0\n');
  });

  it('continues where a package could not be set up, once that is fixed, though interrupted meanwhile', async () => {
    const folder = path.join(project, 'broken');
    const broken = await buildRepository(folder, { broken: 'wazo-nginx' });
    const from = ['--repository', `deb file:${folder} ./`, '--key', broken.key, '--with', 'auth'];
    const command = ['stack', 'up', '--kind', 'wazo', '--name', `${NAME}-4`, ...from];
    const first = await wdev(command, { env: TELLS });
    expect(first.status).toBe(1);
    expect(first.stderr).toMatch(
      /wazo-nginx: installed wazo-nginx package post-installation script .*\n +nothing listens where it should\n/,
    );
    expect(hasTrace(`${NAME}-4`)).toBe(false);
    rmSync(folder, { recursive: true });
    await buildRepository(folder);
    try {
      for (const told of ['starting PostgreSQL', 'reading the lists']) {
        const stopped = await interruptedStart(command, `${NAME}-4`, told);
        expect(stopped).toMatchObject({ status: 130, left: [] });
        expect(stopped.stderr).not.toMatch(/unpacking \d+ of|downloading/);
      }
      const second = await wdev(command, { env: TELLS });
      expect(second.status, second.stderr).toBe(0);
      expect(second.stderr).not.toMatch(/unpacking \d+ of|downloading/);
      expect((await inside('systemctl is-active nginx wazo-auth', `${NAME}-4`)).stdout).toBe(
        'active\nactive\n',
      );
    } finally {
      await wdev(['stack', 'down', '--name', `${NAME}-4`]);
    }
  });

  it('is made, used and removed as README.md says', async () => {
    const folder = path.join(project, 'desk');
    mkdirSync(folder);
    const desk = new Desk(folder, { WDEV_WAZO_REPOSITORY: up[7] ?? '', WDEV_WAZO_KEY: up[9] ?? '' });
    for (const line of withServices()) {
      // the usual name may be in use by a person
      const typed = line
        .replace('--kind wazo', `--kind wazo --name ${NAME}-3`)
        .replace(/(?<=name |stack:)wazo$/, `${NAME}-3`);
      const { status, stderr } = await desk.type(line.startsWith('wdev watch') ? `${typed} --once` : typed);
      expect({ line, status, stderr: stderr.replaceAll(/^wdev: .*\n/gm, '') }).toEqual({
        line,
        status: 0,
        stderr: '',
      });
    }
  });

  it('is not made by a slip in a name', async () => {
    mkdirSync(path.join(project, 'empty'), { recursive: true });
    const { status, stderr } = await wdev([
      'watch',
      path.join(project, 'hi'),
      '--once',
      '--target',
      'stack:wzao',
    ]);
    expect(status).toBe(3);
    expect(stderr).toContain('there is no stack named wzao');
  });
});

function pluginFile(dir: string): string {
  const found = readFileSync(path.join(dir, 'setup.py'), 'utf8').match(/= ([\w.]+):/)?.[1] ?? '';
  return `${found.replaceAll('.', '/')}.py`;
}
