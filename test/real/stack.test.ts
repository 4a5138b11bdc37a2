import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inside } from '../support/machines.ts';
import { BIN } from '../support/wdev.ts';
import { downReal, findReal, upReal, type RealStack } from '../../src/stacks/real.ts';
import { heldStacks } from '../../src/stacks/real/clear.ts';
import { canLetOut } from '../../src/stacks/real/network.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const names = ['a', 'b'].map((letter) => `test-${letter}-${process.pid}`) as [string, string];
let stack: RealStack;

/** Far more than it takes. */
const LIMIT = { timeout: 600_000, interval: 100 };

const LISTEN = `python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 9500))
while True: s.accept()[0].close()'`;

/** Shell text that succeeds when somebody listens there. */
function connectTo(address: string, port: number): string {
  return `timeout 20 bash -c '</dev/tcp/${address}/${port}' 2>/dev/null`;
}

/** Runs `wdev stack …` as a user does. */
function wdev(words: readonly string[], input = ''): { status: number | null; out: string; err: string } {
  const result = spawnSync(process.execPath, [BIN, 'stack', ...words], {
    input,
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status: result.status, out: result.stdout, err: result.stderr };
}

function processesNaming(text: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const said = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
        return said.join('').includes(text) && Number(pid) !== process.pid;
      } catch {
        return false;
      }
    });
}

/** A network name space as `ip netns` and container engines keep theirs: mounted, and shared with all. */
const SPACE = `wdev-test-space-${process.pid}`;

beforeAll(async () => {
  execFileSync('ip', ['netns', 'add', SPACE]);
  stack = await upReal(names[0], { forUs: true });
});

afterAll(async () => {
  await Promise.all(names.map((name) => downReal(name)));
  execFileSync('ip', ['netns', 'del', SPACE]);
});

test('a stack that comes up unmounts nothing of this machine', () => {
  expect(readFileSync('/proc/self/mounts', 'utf8')).toContain(` /run/netns/${SPACE} nsfs `);
  // where the machine has what it takes, the stack has a way out
  expect(inside(stack, 'cat /proc/net/route').includes('tap0')).toBe(canLetOut());
});

test('Asterisk 22 is fully booted, and said nothing bad while it started', () => {
  expect(inside(stack, "asterisk -rx 'core waitfullybooted'")).toContain('fully booted');
  expect(inside(stack, "asterisk -rx 'core show version'")).toMatch(/^Asterisk 22\./);
  const log = inside(stack, 'cat /var/log/asterisk/full');
  expect(log).toContain('Asterisk Ready');
  // on a busy machine, its queues grow while it starts
  const isBad = (line: string): boolean => /ERROR|WARNING/.test(line) && !line.includes('taskprocessor.c');
  expect(log.split('\n').filter(isBad)).toEqual([]);
  expect(inside(stack, 'systemctl list-units --failed --plain --no-legend')).toBe('');
});

test('a file of a plugin in extensions_extra.d adds to xivo-extrafeatures, which phones can dial', () => {
  const shown = inside(
    stack,
    `printf '[xivo-extrafeatures]\\nexten = ***42,1,Answer()\\nsame = n,Hangup()\\n' >/etc/asterisk/extensions_extra.d/hello.conf
asterisk -rx 'dialplan reload' >/dev/null
asterisk -rx 'dialplan show ***42@default'`,
  );
  expect(shown).toContain("[ Included context 'xivo-extrafeatures' created by 'pbx_config' ]");
  expect(shown).toMatch(/'\*\*\*42' =>\s+1\. Answer\(\)/);
});

test('every NAME.conf of the layout reads its folder', () => {
  const wrong = inside(
    stack,
    `cd /etc/asterisk; for d in [a-z]*.d; do [ $d = extensions_extra.d ] || [ "$(cat "\${d%.d}.conf")" = "#include $d/*.conf" ] || echo $d; done`,
  );
  expect(wrong).toBe('');
});

test('a second up of a running stack gives the same one', async () => {
  const result = wdev(['up', '--name', names[0]]);
  expect(result).toMatchObject({ status: 0 });
  expect(result.out).toContain('already running');
  expect((await findReal(names[0]))?.pid).toBe(stack.pid);
});

test('exec passes input, output, errors and the exit status on', () => {
  const result = wdev(['exec', '--name', names[0], '--', 'sh', '-c', 'cat; echo bad >&2; exit 7'], 'in\nput');
  expect(result).toEqual({ status: 7, out: 'in\nput', err: 'bad\n' });
});

test('ssh lets the stack’s key in, and trusts no other host key', () => {
  const ssh = [
    '-i',
    stack.keyFile,
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    'BatchMode=yes',
    '-p',
    `${stack.sshPort}`,
  ];
  const asked = [
    ...ssh,
    '-o',
    `UserKnownHostsFile=${stack.knownHosts}`,
    'root@127.0.0.1',
    'asterisk -V; id -un',
  ];
  expect(execFileSync('ssh', asked, { encoding: 'utf8' })).toMatch(/^Asterisk 22\.[^\n]*\nroot\n$/);
  const unknown = [...ssh, '-o', 'UserKnownHostsFile=/dev/null', 'root@127.0.0.1', 'true'];
  expect(spawnSync('ssh', unknown, { encoding: 'utf8' }).stderr).toContain('Host key verification failed');
  const named = execFileSync('ssh', ['-F', stack.sshConfig, 'stack', 'echo hello'], { encoding: 'utf8' });
  expect(named).toBe('hello\n');
});

test('two stacks stand side by side and do not see each other', async () => {
  const other = await upReal(names[1], { forUs: true });
  expect(other.sshPort).not.toBe(stack.sshPort);
  // the ports of a server, in each: nobody's on this machine
  for (const one of [stack, other])
    inside(
      one,
      `systemd-run -q --unit=calld ${LISTEN}; until ${connectTo('127.0.0.1', 9500)}; do sleep 0.1; done`,
    );
  inside(other, `systemctl stop calld; ! ${connectTo('127.0.0.1', 9500)}`);
  inside(stack, connectTo('127.0.0.1', 9500));
  inside(other, 'touch /etc/only-here');
  expect(existsSync(path.join(stack.rootfs, 'etc/only-here'))).toBe(false);
  const pids = inside(other, 'ps -e -o comm=');
  expect(pids.split('\n').filter((name) => name === 'asterisk')).toHaveLength(1);
  expect(heldStacks().map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  await downReal(names[1]);
  expect(inside(stack, "asterisk -rx 'core waitfullybooted'")).toContain('fully booted');
});

test('a stack reaches nothing that listens on this machine, at no address of it', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '0.0.0.0', () => resolve((server.address() as AddressInfo).port));
  });
  try {
    const addresses = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .filter(({ family }) => family === 'IPv4')
      .map(({ address }) => address);
    expect(addresses).toContain('127.0.0.1');
    const gateway = inside(
      stack,
      "sed -n 's/^tap0\\t00000000\\t\\(........\\).*/\\1/p' /proc/net/route",
    ).trim();
    const router = (gateway.match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16));
    for (const address of [...addresses, ...(gateway === '' ? [] : [router.join('.')])]) {
      expect(spawnSync('bash', ['-c', connectTo('127.0.0.1', port)]).status).toBe(0);
      inside(stack, `! ${connectTo(address, port)}`);
    }
  } finally {
    server.close();
  }
});

test('down leaves no process, mount, folder or control group, also after a crash', async () => {
  const other = await upReal(names[1], { forUs: true });
  const state = JSON.parse(readFileSync(path.join(other.folder, 'state.json'), 'utf8')) as {
    nspawn: { pid: number };
  };
  process.kill(state.nspawn.pid, 'SIGKILL');
  await expect.poll(() => findReal(names[1]), LIMIT).toBeUndefined();
  const again = await upReal(names[1], { forUs: true });
  expect(again.pid).not.toBe(other.pid);
  expect(inside(again, "asterisk -rx 'core waitfullybooted'")).toContain('fully booted');
  expect(wdev(['down', '--name', names[1]])).toMatchObject({ status: 0 });
  expect(existsSync(again.folder)).toBe(false);
  expect(existsSync(`${again.folder}.lock`)).toBe(false);
  expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(names[1]);
  expect(processesNaming(names[1])).toEqual([]);
  expect(spawnSync('find', ['/sys/fs/cgroup', '-name', `wdev-${names[1]}`]).stdout.toString()).toBe('');
  expect(wdev(['down', '--name', names[1]])).toMatchObject({
    status: 0,
    out: `There is no stack named ${names[1]}.\n`,
  });
});

test('wazo-confgend serves a driver from its next restart on, and Asterisk reads it through #exec', () => {
  const packages = path.join(stack.rootfs, 'usr/lib/python3/dist-packages');
  write(
    path.join(packages, 'acme_confgend/__init__.py'),
    `class Acme:
    def __init__(self, dependencies):
        self.word = dependencies['config'].get('acme', {}).get('word')
    def generate(self):
        return f'exten = 1,1,NoOp({self.word})\\n'
`,
  );
  const metadata = path.join(packages, 'acme_confgend-1.0.egg-info');
  write(path.join(metadata, 'PKG-INFO'), 'Metadata-Version: 1.0\nName: acme-confgend\nVersion: 1.0\n');
  write(
    path.join(metadata, 'entry_points.txt'),
    '[wazo_confgend.asterisk.acme.conf]\nacme = acme_confgend:Acme\n',
  );
  write(
    path.join(stack.rootfs, 'etc/wazo-confgend/conf.d/50-acme.yml'),
    'plugins:\n  asterisk.acme.conf: acme\nacme:\n  word: salut\n',
  );
  write(
    path.join(stack.rootfs, 'etc/asterisk/extensions_extra.d/made.conf'),
    '[made]\n#exec /usr/bin/wazo-confgen asterisk/acme.conf\n',
  );
  const ask = 'wazo-confgen asterisk/acme.conf; echo "status $?"';
  expect(inside(stack, ask)).toBe('status 0\n');
  expect(inside(stack, `systemctl restart wazo-confgend; ${ask}`)).toBe(
    'exten = 1,1,NoOp(salut)\nstatus 0\n',
  );
  inside(stack, "asterisk -rx 'dialplan reload'");
  expect(inside(stack, "asterisk -rx 'dialplan show made'")).toContain('1. NoOp(salut)');
});

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
