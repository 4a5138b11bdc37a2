import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { programEnvironment } from '../../src/sandbox/environment.ts';
import { seccompFilter } from '../../src/sandbox/filter.ts';
import { mountOf } from '../../src/sandbox/mounts.ts';
import type { Choice } from '../../src/sandbox/policy.ts';
import { findWay } from '../../src/sandbox/way.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { readTextIfPossible } from '../../src/support/read-file.ts';
import { run, type RunResult } from '../../src/support/run.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN, GIT_IDENTITY } from '../support/wdev.ts';

const isRoot = process.getuid?.() === 0;

/** Accounts that wdev is tried as: root, where the tests are, and one without rights. */
const ACCOUNTS = isRoot ? (['root', 'an ordinary user'] as const) : (['an ordinary user'] as const);
type Account = (typeof ACCOUNTS)[number];
const UID = isRoot ? 1000 : (process.getuid?.() ?? 0);

const WAYS: readonly Choice[] = ['bubblewrap', 'unshare'];
const there = new Map<Choice, boolean>();
for (const way of WAYS) there.set(way, (await findWay(way)).way !== undefined);
const CASES = WAYS.flatMap((way) => ACCOUNTS.map((account) => [way, account] as const));

function as(account: Account, command: readonly string[]): [string, ...string[]] {
  const other = account !== 'root' && isRoot;
  const words = other ? ['setpriv', '--reuid', `${UID}`, '--regid', `${UID}`, '--clear-groups', '--'] : [];
  return [...words, ...command] as [string, ...string[]];
}

/** A folder that belongs to the account. */
function folderOf(account: Account): string {
  const folder = tempFolder();
  chmodSync(folder, 0o755);
  if (account !== 'root' && isRoot) chownSync(folder, UID, UID);
  return folder;
}

interface Site {
  readonly account: Account;
  readonly home: string;
  /** Where temporary files go. */
  readonly temporary: string;
  readonly plugin: string;
}

/** A plugin with these rules, in a folder of the account. */
function site(account: Account, rules: string, more: Readonly<Record<string, string>> = {}): Site {
  const base = folderOf(account);
  const [home, temporary, plugin] = ['home', 'tmp', 'plugin'].map((name) => path.join(base, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [home, temporary, plugin, `${home}/.ssh`, `${plugin}/wazo`]) mkdirSync(folder);
  writeFileSync(`${home}/.ssh/id`, 'secret');
  writeFileSync(`${temporary}/beside`, 'x');
  const manifest = "name: hello\nnamespace: demo\nversion: '1'\nplugin_format_version: 1\n";
  const files = { 'wazo/plugin.yml': manifest, 'wazo/rules': rules, ...more };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(plugin, name), text);
  chmodSync(`${plugin}/wazo/rules`, 0o755);
  if (account !== 'root' && isRoot) {
    for (const entry of readdirSync(base, { recursive: true, encoding: 'utf8' }))
      chownSync(path.join(base, entry), UID, UID);
  }
  return { account, home, temporary, plugin };
}

/** The folders of the account: those that the environment of the tests names are root's. */
function homeOf({ home }: Site): Record<string, string> {
  const own = ['STATE', 'CACHE', 'CONFIG'].map((what) => [`XDG_${what}_HOME`, `${home}/.${what}`] as const);
  return { HOME: home, ...Object.fromEntries(own) };
}

async function build(at: Site, way: Choice, more: readonly string[] = []): Promise<RunResult> {
  return await run(as(at.account, [process.execPath, BIN, 'build', at.plugin, ...more]), {
    cwd: at.plugin,
    env: {
      ...GIT_IDENTITY,
      NO_COLOR: '1',
      ...homeOf(at),
      TMPDIR: at.temporary,
      WDEV_SANDBOX: way,
      WDEV_TEST_TOKEN: 'secret',
      SSH_AUTH_SOCK: '/run/agent',
    },
    timeout: 600_000,
  });
}

/** The text of a file in the package that was built. */
async function packaged(at: Site, file: string): Promise<string> {
  const deb = path.join(at.plugin, '.wdev/build', readdirSync(path.join(at.plugin, '.wdev/build'))[0] ?? '');
  const script = 'dpkg-deb --fsys-tarfile "$1" | tar -xO "$2"';
  return (await run(['sh', '-c', script, 'sh', deb, file])).stdout;
}

/** A program of the account that runs beside, with sockets that it listens on. */
async function neighbour(at: Site): Promise<{ readonly child: ChildProcess; readonly about: object }> {
  const script = `import json, os, socket, time, signal
signal.signal(10, lambda *_: os._exit(3))
path = ${JSON.stringify(path.join(at.temporary, 'socket'))}
sockets = []
for address in (path, '\\0wdev-%d' % os.getpid()):
    one = socket.socket(socket.AF_UNIX); one.bind(address); one.listen(9); sockets.append(one)
datagram = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); datagram.bind('\\0wdev-%d-datagram' % os.getpid())
print(json.dumps({'pid': os.getpid(), 'socket': path, 'abstract': 'wdev-%d' % os.getpid()}), flush=True)
time.sleep(100000)`;
  const [program, ...args] = as(at.account, ['/usr/bin/python3', '-c', script]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    const secret = path.join(at.home, '.ssh/id');
    const beside = path.join(at.temporary, 'beside');
    return { child, about: { ...(JSON.parse(line) as object), secret, beside, project: BIN } };
  }
  throw new Error('no neighbour');
}

const program = readFileSync(path.join(packageRoot(), 'test/support/hostile-program.py'), 'utf8');

function hostileRules(about: object): string {
  return `#!/bin/sh
case $1 in
  build) /usr/bin/python3 hostile.py '${JSON.stringify(about)}' >got 2>errors; : ;;
  package) mkdir -p "$pkgdir/srv"; cp got errors "$pkgdir/srv" ;;
esac
`;
}

describe.each(CASES)('a build in a sandbox by %s, as %s', (way, account) => {
  const options = { skip: there.get(way) !== true };

  it('gets at nothing of the machine, and goes through', options, async () => {
    const at = site(account, '', { 'hostile.py': program });
    const { child, about } = await neighbour(at);
    writeFileSync(path.join(at.plugin, 'wazo/rules'), hostileRules(about));
    const { stdout, stderr, status } = await build(at, way);
    expect(stderr).toBe('');
    expect(stdout).toContain('demo/hello');
    expect(status, stdout).toBe(0);
    expect(await packaged(at, './srv/errors')).toBe('');
    expect(await packaged(at, './srv/got')).toBe('');
    expect(existsSync(path.join(at.home, '.ssh/id'))).toBe(true);
    expect(readFileSync(path.join(at.temporary, 'beside'), 'utf8')).toBe('x');
    expect(child.exitCode).toBe(null);
  });

  it('deletes and ends nothing of anyone', options, async () => {
    const at = site(account, '');
    const { child } = await neighbour(at);
    // without a sandbox it would reach what this test made, and no more
    const rules = `#!/bin/sh
[ "$1" = package ] || rm -rf ../../* ../../.[!.]* '${at.home}' '${at.temporary}'/* '${at.plugin}' 2>/dev/null
[ "$1" = package ] || kill -9 ${child.pid}
`;
    writeFileSync(path.join(at.plugin, 'wazo/rules'), rules);
    await build(at, way);
    for (const file of [`${at.home}/.ssh/id`, `${at.temporary}/beside`, `${at.plugin}/wazo/rules`])
      expect(existsSync(file), file).toBe(true);
    expect(child.exitCode ?? child.signalCode).toBe(null);
  });

  it('may do what builds do: owners, modes, a program in the background', options, async () => {
    const rules = `#!/bin/sh
set -e
[ "$1" != build ] || { sleep 1000 & mkdir -p "$HOME/.cache" && : >/tmp/x && : >/var/tmp/x && : >/dev/shm/x; }
[ "$1" != package ] || {
  mkdir -p "$pkgdir/srv/d" "$pkgdir/usr/bin"
  printf '#!/bin/sh\\n' >"$pkgdir/usr/bin/hello-tool"
  chown daemon:daemon "$pkgdir/srv/d"; chmod 4755 "$pkgdir/usr/bin/hello-tool"
  ls -ld "$pkgdir/srv/d" | grep -q 'daemon *daemon'
}
`;
    const at = site(account, rules);
    const { status, stdout } = await build(at, way);
    expect(stdout).toContain('demo/hello');
    expect(status).toBe(0);
    const deb = readdirSync(path.join(at.plugin, '.wdev/build'))[0] ?? '';
    const { stdout: listing } = await run(['dpkg-deb', '--contents', `${at.plugin}/.wdev/build/${deb}`]);
    expect(listing).toMatch(/-rwsr-xr-x .* \.\/usr\/bin\/hello-tool/);
    expect(readdirSync(path.join(at.temporary, `.wdev-${account === 'root' ? 0 : UID}`))).toEqual([]);
  });

  it('is ended when its time is up, whatever it does against that', options, async () => {
    const rules = `#!/bin/sh\ntrap '' TERM HUP INT\nwhile :; do sleep 1; done\n`;
    const at = site(account, rules);
    const { status, stdout } = await build(at, way, ['--timeout', '1']);
    expect(status).toBe(1);
    expect(stdout).toContain('still running after 1 s');
  });

  it('ends with wdev, also by SIGKILL', options, async () => {
    const nap = `${2000 + CASES.findIndex(([one, by]) => one === way && by === account)}.${process.pid}`;
    const at = site(account, `#!/bin/sh\nsetsid sleep ${nap} & sleep ${nap}\n`);
    const [program, ...args] = as(account, [process.execPath, BIN, 'build', at.plugin]);
    const env = { ...process.env, ...homeOf(at), TMPDIR: at.temporary, WDEV_SANDBOX: way };
    const child = spawn(program, args, { cwd: at.plugin, env, stdio: 'ignore' });
    await expect.poll(() => naps(nap), { timeout: 240_000 }).toBe(2);
    child.kill('SIGKILL');
    await expect.poll(() => naps(nap), { timeout: 240_000 }).toBe(0);
  });

  it('cannot make wdev follow a link out of the package', options, async () => {
    const rules = `#!/bin/sh\n[ "$1" != package ] || ln -s "$(cat out)" "$pkgdir/usr"\n`;
    const at = site(account, rules);
    writeFileSync(path.join(at.plugin, 'out'), at.home);
    const { status, stdout } = await build(at, way);
    expect(status).toBe(1);
    expect(stdout).toContain('The package step makes usr in $pkgdir a file or a link');
    expect(readdirSync(at.home)).toEqual(['.ssh']);
  });
});

/** How many processes of the machine sleep for this time. */
function naps(nap: string): number {
  return readdirSync('/proc').filter((pid) => {
    const words = (readTextIfPossible(`/proc/${pid}/cmdline`) ?? '').split('\0');
    return words[0] === 'sleep' && words[1] === nap;
  }).length;
}

describe('a build without a sandbox', () => {
  it('ends with what it started, and says that it has none unless that was chosen', async () => {
    const rules = '#!/bin/sh\n[ "$1" != build ] || { sleep 1000 & setsid sleep 4 & }\n';
    const at = site(ACCOUNTS[0], rules);
    const chosen = await build(at, 'off');
    expect(chosen).toMatchObject({ status: 0, stderr: '' });
    // nothing but what a build needs
    const bin = path.join(tempFolder(), 'bin');
    mkdirSync(bin);
    for (const name of ['sh', 'git', 'dpkg-deb', 'fakeroot', 'rm', 'python3', 'sleep', 'setsid', 'tar'])
      symlinkSync((await run(['which', name])).stdout.trim(), path.join(bin, name));
    const plain = ['--timeout', '600', '--out', tempFolder()];
    const { stderr, status } = await run([process.execPath, BIN, 'build', at.plugin, ...plain], {
      env: { ...GIT_IDENTITY, PATH: bin, TMPDIR: at.temporary, WDEV_SANDBOX: '' },
      cwd: at.plugin,
    });
    expect(stderr).toMatch(/^wdev: programs of plugins run without a sandbox: .*apt-get install bubblewrap/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(0);
  });

  it('is not for wdev.yml to choose', async () => {
    const at = site(ACCOUNTS[0], '#!/bin/sh\n', { 'wdev.yml': 'sandbox: off\n' });
    const { stderr, status } = await run([process.execPath, BIN, 'watch', '--once', '--dry-run', at.plugin], {
      cwd: at.plugin,
    });
    expect(stderr).toContain('wdev.yml:1');
    expect(status).toBe(2);
  });
});

describe('what root does for itself alone', () => {
  it('is seen by the programs of a plugin, whatever the umask', { skip: !isRoot }, async () => {
    const dir = tempFolder();
    const calls = [
      ['new', 'confgend', 'driver', '--namespace', 'demo', '--yes', '--no-git'],
      ['new', 'call-logger', 'lines', '--namespace', 'demo', '--yes', '--no-git'],
      ['preview', 'driver'],
      ['simulate', 'lines'],
      ['watch', 'driver', 'lines', '--once'],
      ['stack', 'down', '--kind', 'embedded'],
    ];
    for (const words of calls) {
      const command = ['sh', '-c', 'umask 077; exec "$@"', 'sh', process.execPath, BIN, ...words];
      // most machines of tests have bubblewrap, and the other tests of these commands run by it
      const env = { WDEV_SANDBOX: there.get('unshare') === true ? 'unshare' : '' };
      const { status, stdout, stderr } = await run(command as [string, ...string[]], { cwd: dir, env });
      expect(status, `${words.join(' ')}\n${stdout}${stderr}`).toBe(0);
    }
  });
});

describe('the environment of a program', () => {
  const person = {
    PATH: '/bin',
    LANG: 'C.UTF-8',
    LC_ALL: 'C',
    HOME: '/home/me',
    SSH_AUTH_SOCK: '/run/agent',
    GITHUB_TOKEN: 'x',
    http_proxy: 'http://proxy:3128',
    https_proxy: 'http://me:secret@proxy:3128',
  };

  it('holds no key, and the way to the network where there is one', () => {
    const step = { pkgdir: '/p', LANG: undefined };
    expect(programEnvironment(person, step, { network: true, enclosed: true })).toEqual({
      PATH: '/bin',
      LC_ALL: 'C',
      http_proxy: 'http://proxy:3128',
      pkgdir: '/p',
      HOME: '/tmp/home',
      TMPDIR: '/tmp',
      PERL_BADLANG: '0',
    });
    const plain = programEnvironment(person, {}, { network: false, enclosed: false });
    expect(Object.keys(plain).sort()).toEqual(['HOME', 'LANG', 'LC_ALL', 'PATH']);
  });
});

describe('the filter of calls', () => {
  it('is there for the machines of Debian, a whole number of instructions, each jump within it', () => {
    for (const arch of ['x64', 'arm64', 'riscv64', 'loong64']) {
      const filter = seccompFilter({ network: true }, arch);
      const count = filter.length / 8;
      expect(count).toBeGreaterThan(40);
      for (let at = 0; at < count; at += 1) {
        const away = Math.max(filter.readUInt8(8 * at + 2), filter.readUInt8(8 * at + 3));
        expect(at + away).toBeLessThan(count - (away > 0 ? 1 : 0));
      }
    }
    expect(seccompFilter({ network: true }, 'mips').length).toBe(0);
  });
});

describe('the mount of a folder', () => {
  it('is the innermost one, the latest of two', () => {
    const line = (at: string, options: string): string => `1 2 8:1 / ${at} ${options} - ext4 /dev/x rw`;
    const table = [
      line('/', 'rw'),
      line('/tmp', 'rw,noexec'),
      line('/tmp', 'rw,nosuid'),
      line('/tmp/a\\040b', 'rw,noexec'),
    ].join('\n');
    expect(mountOf(table, '/tmp/x')?.options).toEqual(['rw', 'nosuid']);
    expect(mountOf(table, '/tmp/a b/c')?.options).toContain('noexec');
    expect(mountOf(table, '/tmpfs')?.point).toBe('/');
  });
});
