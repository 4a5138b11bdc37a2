import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../../src/stacks/real/ports.ts';
import { findProgram, pythonWith } from '../../src/stacks/requirements.ts';
import { packageRoot } from '../../src/support/paths.ts';

const ASSETS = path.join(packageRoot(), 'src/stacks/assets/confgend');

const DRIVERS = `
class Good:
    def __init__(self, dependencies):
        self.made = 0
        self.word = dependencies['config'].get('acme', {}).get('word', 'none')
        self.is_dict = isinstance(dependencies['config'], dict)
    def generate(self):
        self.made += 1
        return f'word = {self.word}; made {self.made}; dict {self.is_dict}\\n'

class Fails:
    turn = 0
    def __init__(self, dependencies): pass
    def generate(self):
        Fails.turn += 1
        if Fails.turn == 1:
            return 'good once\\n'
        if Fails.turn == 2:
            raise ValueError('generate broke')
        return '' if Fails.turn == 3 else None

class Bytes:
    turn = 0
    def __init__(self, dependencies): pass
    def generate(self):
        Bytes.turn += 1
        return 'good once\\n' if Bytes.turn == 1 else b'bytes'

class BadInit:
    def __init__(self, dependencies):
        raise KeyError('constructor broke')
    def generate(self): return 'never'

class RuntimeInit:
    def __init__(self, dependencies):
        raise RuntimeError('swallowed')
    def generate(self): return 'never'

class Template:
    def __init__(self, dependencies):
        self.helper = dependencies['tpl_helper']
    def generate(self):
        return self.helper.get_customizable_template('acme/page', 'special').dump({'name': 'Ada'})
`;

const POINTS = `[wazo_confgend.asterisk.good.conf]
acme = acme_drivers:Good
[wazo_confgend.asterisk.fails.conf]
acme = acme_drivers:Fails
[wazo_confgend.asterisk.bytes.conf]
acme = acme_drivers:Bytes
[wazo_confgend.asterisk.badinit.conf]
acme = acme_drivers:BadInit
[wazo_confgend.asterisk.runtime.conf]
acme = acme_drivers:RuntimeInit
[wazo_confgend.asterisk.gone.conf]
acme = acme_no_such_module:Driver
[wazo_confgend.asterisk.twice.conf]
acme = acme_drivers:Good
[wazo_confgend.asterisk.page.conf]
acme = acme_drivers:Template
`;

const NAMES = ['good', 'fails', 'bytes', 'badinit', 'runtime', 'gone', 'twice', 'page'];

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const pythons = [
  { what: 'with stevedore', without: '' },
  // a module of that name that can't be imported stands first on the path
  { what: 'without stevedore', without: "raise ImportError('not installed')\n" },
];

describe.each(pythons)('the stand-in of wazo-confgend, $what', ({ without }) => {
  let root: string;
  let port: number;
  let service: ChildProcess | undefined;
  let python: string;

  beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'wdev-confgend-'));
    port = await freePort(new Set());
    const wanted = without === '' ? ['yaml', 'stevedore'] : ['yaml'];
    python = (await pythonWith(wanted)) ?? findProgram('python3') ?? 'python3';
    write(root, {
      'lib/acme_drivers.py': DRIVERS,
      'lib/acme_drivers-1.0.egg-info/entry_points.txt': POINTS,
      'lib/acme_drivers-1.0.egg-info/PKG-INFO': 'Metadata-Version: 1.0\nName: acme-drivers\nVersion: 1.0\n',
      'lib/second-1.0.egg-info/entry_points.txt':
        '[wazo_confgend.asterisk.twice.conf]\nacme = acme_drivers:Fails\n',
      'lib/second-1.0.egg-info/PKG-INFO': 'Metadata-Version: 1.0\nName: second\nVersion: 1.0\n',
      'etc/wazo-confgend/config.yml': 'acme:\n  word: from config.yml\n  other: kept\n',
      'etc/wazo-confgend/conf.d/10-first.yml': 'acme:\n  word: first wins\n',
      'etc/wazo-confgend/conf.d/50-plugins.yml':
        'plugins:\n' + NAMES.map((name) => `  asterisk.${name}.conf: acme\n`).join(''),
      'etc/wazo-confgend/conf.d/60-late.yml': 'acme:\n  word: too late\n',
      'etc/wazo-confgend/conf.d/70-broken.yml': 'a: [\n',
      'etc/wazo-confgend/conf.d/05-ignored.yaml': 'acme:\n  word: not a .yml\n',
      'etc/wazo-confgend/templates/acme/page.jinja': 'hello {{ name }}\n',
      'etc/wazo-confgend-client/config.conf': `[confgen]\nport = ${port}\n`,
      'var/log/keep': '',
      ...(without === '' ? {} : { 'lib/stevedore.py': without }),
    });
    service = start();
    await waitFor(() => existsSync(path.join(root, 'ready')));
  }, 300_000);

  function start(): ChildProcess {
    const words = [path.join(ASSETS, 'usr/bin/wazo-confgend'), '--root', root];
    const env = {
      ...process.env,
      PYTHONPATH: path.join(root, 'lib'),
      XDG_CACHE_HOME: path.join(root, 'cache'),
    };
    return spawn(python, [...words, '--ready', path.join(root, 'ready')], { env, stdio: 'ignore' });
  }

  afterAll(() => {
    service?.kill();
    rmSync(root, { recursive: true });
  });

  function ask(...chunks: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = net.connect(port, '127.0.0.1');
      const [first = '', ...others] = chunks;
      socket.write(first);
      // it has read the first one when it says what it thinks of it
      if (others.length > 0)
        void vi
          .waitFor(() => expect(log()).toContain(first), 300_000)
          .then(() => others.forEach((chunk) => socket.write(chunk)));
      socket.setNoDelay(true);
      socket.on('data', (bytes) => (answer += bytes.toString()));
      socket.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(answer) : reject(error),
      );
      socket.on('close', () => resolve(answer));
    });
  }

  const log = () => readFileSync(path.join(root, 'var/log/wazo-confgend.log'), 'utf8');
  const cache = (name: string) => path.join(root, 'var/cache/wazo-confgend/asterisk', name);

  test('the driver gets the settings, merged by Wazo’s rules, and is made once', async () => {
    expect(await ask('asterisk/good.conf\n')).toBe('word = first wins; made 1; dict False\n');
    expect(await ask('asterisk/good.conf')).toBe('word = first wins; made 2; dict False\n');
  });

  test('cached gives the last text without asking the driver, invalidate forgets it without a reply', async () => {
    const made = (text: string) => /made (\d+)/.exec(text)?.[1];
    const before = made(await ask('asterisk/good.conf'));
    expect(made(await ask('asterisk/good.conf cached\n'))).toBe(before);
    expect(await ask('asterisk/good.conf invalidate cached\n')).toBe('');
    expect(existsSync(cache('good.conf'))).toBe(false);
    expect(made(await ask('asterisk/good.conf cached\n'))).toBe(String(Number(before) + 1));
  });

  test('each chunk that arrives is a command: the second half of one is lost', async () => {
    expect(await ask('asterisk/go', 'od.conf\n')).toBe('');
    expect(log()).toContain('No handler found for asterisk/go');
  });

  test('a raising, an empty and a None generate() all give the last good text', async () => {
    expect(await ask('asterisk/fails.conf')).toBe('good once\n');
    expect(await ask('asterisk/fails.conf')).toBe('good once\n');
    expect(log()).toContain('unexpected error raised by handler');
    expect(log()).toContain('ValueError: generate broke');
    expect(await ask('asterisk/fails.conf')).toBe('good once\n');
    expect(await ask('asterisk/fails.conf')).toBe('good once\n');
  });

  test('bytes empty the cache file: the last good text is lost', async () => {
    expect(await ask('asterisk/bytes.conf')).toBe('good once\n');
    expect(await ask('asterisk/bytes.conf')).toBe('');
    expect(readFileSync(cache('bytes.conf'), 'utf8')).toBe('');
  });

  test('a constructor or an import that raises: empty, no last text, a traceback, tried again', async () => {
    mkdirSync(path.dirname(cache('x')), { recursive: true });
    writeFileSync(cache('badinit.conf'), 'an old text\n');
    expect(await ask('asterisk/badinit.conf')).toBe('');
    expect(await ask('asterisk/badinit.conf')).toBe('');
    expect(log().split("KeyError: 'constructor broke'")).toHaveLength(3);
    expect(await ask('asterisk/gone.conf')).toBe('');
    expect(log()).toContain('acme_no_such_module');
  });

  test.each(['runtime.conf', 'twice.conf', 'unknown.conf'])(
    'RuntimeError, two drivers of one name, no driver: silently nobody (%s)',
    async (name) => {
      expect(await ask(`asterisk/${name}`)).toBe('');
      expect(log()).toContain(`No handler found for asterisk/${name}`);
      expect(log()).not.toContain('swallowed');
    },
  );

  test.each(['nonsense', 'a/b/c', '../etc/passwd', 'asterisk/..'])('%s is refused', async (request) => {
    expect(await ask(request)).toBe('');
    expect(await ask('asterisk/good.conf')).toContain('first wins');
  });

  test('templates of the administrator are found', async () => {
    const has = await pythonHas(python, 'jinja2');
    expect((await ask('asterisk/page.conf')).trim()).toBe(has ? 'hello Ada' : '');
  });

  test('a settings file that is no YAML is passed over with a message', () => {
    expect(log()).toMatch(/Could not read config file .*70-broken\.yml/);
  });

  test('a restart of the service ends and starts its drivers', async () => {
    const ended = new Promise((resolve) => service?.once('exit', resolve));
    service?.kill();
    await ended;
    rmSync(path.join(root, 'ready'));
    service = start();
    await waitFor(() => existsSync(path.join(root, 'ready')));
    expect(await ask('asterisk/good.conf')).toBe('word = first wins; made 1; dict False\n');
  });

  test('the client prints the file, and has status 0 for nothing and 1 without a service', async () => {
    const client = path.join(ASSETS, 'usr/bin/wazo-confgen');
    const settings = path.join(root, 'etc/wazo-confgend-client/config.conf');
    expect(await askClient('asterisk/good.conf')).toMatchObject({
      status: 0,
      out: expect.stringContaining('word = '),
    });
    expect(await askClient('asterisk/unknown.conf')).toMatchObject({ status: 0, out: '' });
    expect(await askClient('-p', '1', 'asterisk/good.conf')).toMatchObject({ status: 1, out: '' });

    function askClient(...words: string[]): Promise<{ status: number | null; out: string }> {
      return new Promise((resolve) => {
        let out = '';
        const child = spawn(python, [client, '-c', settings, ...words], {
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
        child.once('close', (status) => resolve({ status, out }));
      });
    }
  });

  test('it ends when its stack is removed', async () => {
    const ended = new Promise((resolve) => service?.once('exit', resolve));
    rmSync(path.join(root, 'ready'));
    await ended;
  });
});

async function waitFor(ready: () => boolean): Promise<void> {
  await vi.waitUntil(ready, { timeout: 240_000 });
}

function pythonHas(python: string, module: string): Promise<boolean> {
  return new Promise((resolve) => {
    spawn(python, ['-c', `import ${module}`], { stdio: 'ignore' }).once('exit', (code) =>
      resolve(code === 0),
    );
  });
}
