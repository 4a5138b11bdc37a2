import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  consolePid,
  downEmbedded,
  embeddedShell,
  ensureEmbedded,
  findEmbedded,
  isAsleep,
  upEmbedded,
  type EmbeddedStack,
} from '../../src/stacks/embedded.ts';
import { stateFolder } from '../../src/support/paths.ts';
import { startTimeOf } from '../../src/support/process.ts';

let project: string;
let stack: EmbeddedStack;

beforeAll(async () => {
  project = mkdtempSync(path.join(tmpdir(), "wdev it's "));
  stack = await upEmbedded(project);
}, 300_000);

afterAll(async () => {
  await downEmbedded(project);
  rmSync(project, { recursive: true });
});

/** Runs a script in the shell of the stack, as a target does. */
function shell(script: string, on = stack): { status: number | null; out: string; err: string } {
  const { argv, env } = embeddedShell(on);
  const [program, ...args] = argv;
  const result = spawnSync(program, args, {
    input: script,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { status: result.status, out: result.stdout, err: result.stderr };
}

function put(file: string, text: string): void {
  const target = path.join(stack.root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

const log = () => readFileSync(path.join(stack.root, 'var/log/asterisk/full'), 'utf8');

test('git does not see the stack', () => {
  spawnSync('git', ['init', '-q'], { cwd: project });
  const status = spawnSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: project });
  expect(status.stdout.toString()).toBe('');
});

test('a file of a plugin is loaded by dialplan reload, and shown', () => {
  put('etc/asterisk/extensions_extra.d/hello.conf', '[xivo-extrafeatures]\nexten = ***42,1,Answer()\n');
  expect(shell("asterisk -rx 'dialplan show ***42@default'").out).toContain('no existence of ***42@default');
  expect(shell("asterisk -rx 'dialplan reload'")).toEqual({
    status: 0,
    out: 'Dialplan reloaded.\n',
    err: '',
  });
  expect(shell("asterisk -rx 'dialplan show ***42@default'").out).toMatch(/'\*\*\*42' =>\s+1\. Answer\(\)/);
});

test('what the loader throws away stands in the log when the command returns', () => {
  const before = log().length;
  put('etc/asterisk/extensions_extra.d/bad.conf', '[bad]\nexten = 1,1,Answer()\nexten 2,1,Hangup()\n');
  const result = shell("asterisk -rx 'dialplan reload'");
  expect(result).toEqual({ status: 0, out: 'Dialplan reloaded.\n', err: '' });
  expect(log().slice(before)).toMatch(
    /^\[[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d\] WARNING\[\d+\] config\.c: No '=' \(equal sign\) in line \d+ of \/etc\/asterisk\/extensions_extra\.d\/bad\.conf$/m,
  );
});

test('an unknown command has status 0, as with Asterisk', () => {
  const result = shell("asterisk -rx 'dialplan relaod'");
  expect(result.status).toBe(0);
  expect(result.out).toContain("No such command 'dialplan relaod'");
});

test('many callers at once each get their own answer', async () => {
  const contexts = ['default', 'xivo-features', 'xivo-extrafeatures', 'wazo-subroutine'];
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => {
      const context = contexts[index % contexts.length] ?? '';
      return new Promise<string>((resolve) => {
        let out = '';
        const child = spawn(path.join(stack.bin, 'asterisk'), ['-rx', `dialplan show ${context}`]);
        child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
        child.once('close', () => resolve(out.startsWith(`[ Context '${context}' `) ? 'own' : out));
      });
    }),
  );
  expect(answers).toEqual(Array.from({ length: 40 }, () => 'own'));
  expect(readdirSync(stack.run).filter((name) => name.startsWith('reply.'))).toEqual([]);
});

test('systemctl records what is asked, and knows since when a service runs', () => {
  const result = shell(
    `systemctl daemon-reload; systemctl restart wazo-calld.service wazo-confd; systemctl is-active wazo-calld nginx
systemctl show wazo-calld --property=ActiveState,MainPID; systemctl show -p ActiveEnterTimestampMonotonic --value wazo-calld`,
  );
  expect(result.status).toBe(0);
  const [first, second, state, pid, since] = result.out.trim().split('\n');
  expect([first, second, state]).toEqual(['active', 'active', 'ActiveState=active']);
  const again = shell(
    'systemctl restart wazo-calld; systemctl show wazo-calld -p MainPID; systemctl show -p ActiveEnterTimestampMonotonic --value wazo-calld',
  ).out.split('\n');
  expect(again[0]).not.toBe(pid);
  expect(Number(again[1])).toBeGreaterThanOrEqual(Number(since));
  const asked = readFileSync(path.join(stack.run, 'services.log'), 'utf8').replaceAll(/^\S+ /gm, '');
  expect(asked).toBe('daemon-reload\nrestart wazo-calld\nrestart wazo-confd\nrestart wazo-calld\n');
});

test('systemctl refuses what systemd refuses', () => {
  expect(shell('systemctl restart no-such-thing')).toMatchObject({
    status: 5,
    err: expect.stringContaining('not found'),
  });
  expect(shell('systemctl reload wazo-calld')).toMatchObject({
    status: 1,
    err: expect.stringContaining('not applicable'),
  });
  put('etc/systemd/system/acme.service', '[Service]\n');
  expect(shell('systemctl is-active acme')).toMatchObject({ status: 3, out: 'inactive\n' });
  expect(
    shell(
      'systemctl start acme && systemctl is-active acme && systemctl stop acme && systemctl is-active acme',
    ),
  ).toMatchObject({ status: 3, out: 'active\ninactive\n' });
});

test('a service that fails is failed until it is reset or starts', () => {
  put('../run/services/wazo-dird.fail', '');
  expect(shell('systemctl restart wazo-dird')).toMatchObject({
    status: 1,
    err: expect.stringContaining('failed because'),
  });
  expect(shell('systemctl is-active wazo-dird')).toMatchObject({ status: 3, out: 'failed\n' });
  rmSync(path.join(stack.run, 'services/wazo-dird.fail'));
  expect(shell('systemctl restart wazo-dird && systemctl is-active wazo-dird')).toMatchObject({
    status: 0,
    out: 'active\n',
  });
});

test('a stopped Asterisk is out of reach until it is started', () => {
  expect(shell("systemctl stop asterisk; asterisk -rx 'dialplan show'")).toEqual({
    status: 1,
    out: '',
    err: 'Unable to connect to remote asterisk (does /var/run/asterisk/asterisk.ctl exist?)\n',
  });
  expect(shell("systemctl start asterisk; asterisk -rx 'core waitfullybooted'")).toMatchObject({
    status: 0,
    out: 'Asterisk has fully booted.\n',
  });
});

test('a confgend driver in the root is found; its new code is seen after a restart', () => {
  const driver = (text: string) => `class Acme:
    def __init__(self, dependencies): pass
    def generate(self): return '${text}'
`;
  put('usr/lib/python3/dist-packages/acme_embedded/__init__.py', driver('exten = 1,1,NoOp(first)\\n'));
  put(
    'usr/lib/python3/dist-packages/acme_embedded-1.0.egg-info/entry_points.txt',
    '[wazo_confgend.asterisk.acme.conf]\nacme = acme_embedded:Acme\n',
  );
  put(
    'usr/lib/python3/dist-packages/acme_embedded-1.0.egg-info/PKG-INFO',
    'Metadata-Version: 1.0\nName: acme-embedded\nVersion: 1.0\n',
  );
  put('etc/wazo-confgend/conf.d/50-acme.yml', 'plugins:\n  asterisk.acme.conf: acme\n');
  const ask = 'wazo-confgen asterisk/acme.conf';
  expect(shell(`systemctl restart wazo-confgend; ${ask}`).out).toBe('exten = 1,1,NoOp(first)\n');
  put('usr/lib/python3/dist-packages/acme_embedded/__init__.py', driver('exten = 1,1,NoOp(second)\\n'));
  expect(shell(ask).out).toBe('exten = 1,1,NoOp(first)\n');
  expect(shell(`systemctl restart wazo-confgend; ${ask}`).out).toBe('exten = 1,1,NoOp(second)\n');
  put(
    'etc/asterisk/extensions_extra.d/made.conf',
    '[made]\n#exec /usr/bin/wazo-confgen asterisk/acme.conf\n#exec /bin/echo exten = 2,1,NoOp(never)\n',
  );
  const shown = shell("asterisk -rx 'dialplan reload' >/dev/null; asterisk -rx 'dialplan show made'").out;
  expect(shown).toContain('NoOp(second)');
  expect(shown).not.toContain('never');
  expect(readdirSync(path.join(stack.root, 'usr/lib/python3/dist-packages/acme_embedded'))).toEqual([
    '__init__.py',
  ]);
});

test('a killed console is out of reach, and comes back with the next ensureEmbedded', async () => {
  process.kill(consolePid(stack) ?? 0, 'SIGKILL');
  await expect.poll(() => consolePid(stack), { timeout: 240_000 }).toBeUndefined();
  expect(shell("asterisk -rx 'core waitfullybooted'")).toMatchObject({ status: 1 });
  await Promise.all([ensureEmbedded(project), ensureEmbedded(project)]);
  expect(shell("asterisk -rx 'core waitfullybooted'")).toMatchObject({ status: 0 });
});

test('after an update of wdev the programs and the console are those of the new version', async () => {
  const before = consolePid(stack);
  await ensureEmbedded(project);
  expect(consolePid(stack)).toBe(before);
  writeFileSync(path.join(stack.run, 'version'), 'of another time\n');
  writeFileSync(path.join(stack.bin, 'asterisk'), '#!/bin/sh\nexit 3\n');
  await ensureEmbedded(project);
  expect(consolePid(stack)).not.toBe(before);
  expect(shell("asterisk -rx 'core waitfullybooted'")).toMatchObject({ status: 0 });
});

test('a console that nobody asked for by name goes to sleep, and wakes up at the next command', async () => {
  const other = mkdtempSync(path.join(tmpdir(), 'wdev-idle-'));
  try {
    // long enough for the command that wakes it up to put its question
    const idle = await ensureEmbedded(other, 4000);
    const pid = consolePid(idle) ?? 0;
    await expect.poll(() => isAsleep(idle), { timeout: 240_000 }).toBe(true);
    await expect.poll(() => startTimeOf(pid), { timeout: 240_000 }).toBeUndefined();
    expect(shell("asterisk -rx 'core waitfullybooted'", idle).out).toBe('Asterisk has fully booted.\n');
    await downEmbedded(other);
    expect(readdirSync(other)).toEqual([]);
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
}, 300_000);

/** Programs that come before those of the system, in a folder of the test's own. */
function shims(folder: string, programs: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(programs))
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return folder;
}

test('a console that goes to sleep while it is being asked is woken up, and answers', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wdev-shims-'));
  try {
    const before = consolePid(stack);
    // as when a program takes long to start, and the console has nothing to do meanwhile
    const mkfifo = `pid=$(cat '${folder}/pid' 2>/dev/null) && rm '${folder}/pid' && kill "$pid"
while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
[ -z "$pid" ] || : >"$asleep"
exec "$(PATH=\${PATH#*:} command -v mkfifo)" "$@"`;
    writeFileSync(path.join(folder, 'pid'), `${before}\n`);
    const PATH = `${shims(folder, { mkfifo })}:${process.env['PATH']}`;
    const asked = spawnSync(path.join(stack.bin, 'asterisk'), ['-rx', 'core waitfullybooted'], {
      env: { ...process.env, PATH, asleep: path.join(stack.run, 'asleep') },
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect(asked).toMatchObject({ status: 0, stdout: 'Asterisk has fully booted.\n' });
    expect(consolePid(stack)).not.toBe(before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('who needs wazo-confgend while it starts waits for it, also longer than it mostly takes', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wdev-shims-'));
  const started = path.join(stack.run, 'confgend-here');
  const script = readFileSync(started, 'utf8');
  const start = [path.join(stack.folder, 'libexec/start-confgend'), stack.folder];
  try {
    expect(shell('systemctl stop wazo-confgend').status).toBe(0);
    // a file says that it may go on, and there is one once somebody has waited 600 times
    const wait = `while [ ! -e '${folder}/on' ]; do /bin/sleep 0.05; done`;
    writeFileSync(started, script.replace('\n', `\n${wait}\n`));
    const sleep = `echo >>'${folder}/slept'; [ "$(wc -l <'${folder}/slept')" -lt 600 ] || : >'${folder}/on'`;
    const PATH = `${shims(folder, { sleep })}:${process.env['PATH']}`;
    const first = spawn('sh', start, { stdio: 'ignore' });
    const ended = new Promise((resolve) => first.once('close', resolve));
    await expect.poll(() => readdirSync(stack.run), { timeout: 240_000 }).toContain('confgend.starter');
    const second = spawnSync('sh', start, { env: { ...process.env, PATH }, encoding: 'utf8' });
    expect(second).toMatchObject({ status: 0, stderr: '' });
    const pid = Number(readFileSync(path.join(stack.run, 'confgend.pid'), 'utf8'));
    expect(startTimeOf(pid)).toBeDefined();
    expect(await ended).toBe(0);
    // one that was killed meanwhile is not waited for
    expect(shell('systemctl stop wazo-confgend').status).toBe(0);
    symlinkSync('999999999', path.join(stack.run, 'confgend.starter'));
    expect(spawnSync('sh', start).status).toBe(0);
    expect(readdirSync(stack.run)).not.toContain('confgend.starter');
  } finally {
    writeFileSync(started, script);
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the record of a stack that another wdev is making stays, and goes once it is old', async () => {
  const other = mkdtempSync(path.join(tmpdir(), 'wdev-other-'));
  const records = path.join(stateFolder(), 'embedded');
  const [early, empty, old] = ['early', 'empty', 'old'].map((name) => path.join(records, `test-${name}`)) as [
    string,
    string,
    string,
  ];
  writeFileSync(early, path.join(other, 'not/there/yet'));
  writeFileSync(empty, '');
  writeFileSync(old, path.join(other, 'gone'));
  utimesSync(old, 1_700_000_000, 1_700_000_000);
  try {
    await ensureEmbedded(other);
    expect([early, empty, old].map((file) => existsSync(file))).toEqual([true, true, false]);
  } finally {
    await downEmbedded(other);
    for (const name of [early, empty, other]) rmSync(name, { recursive: true, force: true });
  }
});

test('down leaves no process and no folder, also where one does not hear', async () => {
  const pids = [consolePid(stack), Number(readFileSync(path.join(stack.run, 'confgend.pid'), 'utf8'))];
  expect(pids.every((pid) => pid !== undefined && startTimeOf(pid) !== undefined)).toBe(true);
  process.kill(pids[0] ?? 0, 'SIGSTOP');
  await downEmbedded(project);
  expect(pids.map((pid) => startTimeOf(pid ?? 0))).toEqual([undefined, undefined]);
  expect(existsSync(path.join(project, '.wdev'))).toBe(false);
  expect(findEmbedded(project)).toBeUndefined();
  await downEmbedded(project);
});
