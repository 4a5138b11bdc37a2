import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlugin } from '../../src/create/create.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run, type RunResult } from '../../src/support/run.ts';
import { asked } from '../support/questions.ts';
import { KEY, inTerminal } from '../support/terminal.ts';
import { GIT_IDENTITY, wdev } from '../support/wdev.ts';

/**
 * The packed tarball, unpacked where npm installs global packages, beside yo 7. yo drops root's rights, so
 * the folders that it writes to are open to all.
 */
let base: string;
let yoCommand: readonly string[];
let env: Record<string, string>;

beforeAll(async () => {
  base = mkdtempSync(path.join(tmpdir(), 'wdev-yo-'));
  chmodSync(base, 0o755);
  const modules = path.join(base, 'lib/node_modules');
  const installed = path.join(modules, 'generator-wazo-plugin');
  mkdirSync(installed, { recursive: true });
  await unpack(await pack(path.join(base, 'source')), installed);
  symlinkSync(path.join(packageRoot(), 'node_modules'), path.join(installed, 'node_modules'));
  mkdirSync(path.join(base, 'home'));
  chmodSync(path.join(base, 'home'), 0o777);
  yoCommand = [process.execPath, path.join(packageRoot(), 'node_modules/yo/lib/cli.js')];
  env = { ...GIT_IDENTITY, HOME: path.join(base, 'home'), NODE_PATH: modules, NO_UPDATE_NOTIFIER: '1' };
  // yo drops root's rights, and what root records is root's
  env['XDG_STATE_HOME'] = path.join(base, 'home/state');
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

const SCHEMA = 'src/templates/template.schema.json';

/** Packs a copy with what is built, so that the checkout's own dist stays as it is. */
async function pack(source: string): Promise<string> {
  mkdirSync(source);
  const names = ['package.json', 'LICENSE', 'dist/src', 'dist/generators', 'templates', SCHEMA];
  for (const name of names) {
    mkdirSync(path.dirname(path.join(source, name)), { recursive: true });
    cpSync(path.join(packageRoot(), name), path.join(source, name), { recursive: true });
  }
  const packed = await run(['npm', 'pack', '--ignore-scripts', '--json'], { cwd: source });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  return path.join(source, filename);
}

async function unpack(tarball: string, folder: string): Promise<void> {
  const { status } = await run([
    'tar',
    'xzf',
    tarball,
    '-C',
    folder,
    '--strip-components=1',
    '--no-same-owner',
  ]);
  expect(status).toBe(0);
}

function workFolder(name: string): string {
  const folder = path.join(base, name);
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  return folder;
}

function yo(cwd: string, ...args: string[]): Promise<RunResult> {
  return run([...(yoCommand as [string, string]), ...args], { cwd, env });
}

const FLAGS = {
  stack: ['--part', 'dialplan', '--extension', '***43', '--context', 'xivo-extrafeatures'],
  confgend: ['--resource', 'asterisk', '--filename', 'x.conf', '--driver', 'mine', '--class-name', 'Mine'],
  'call-logger': ['--base', 'serial', '--class-name', 'Mine', '--port', '/dev/ttyS0', '--rate', '2400'],
} as const;

const COMMON = {
  '--name': 'hello',
  '--namespace': 'demo',
  '--description': 'It\'s "so": 100% ${x} 🎉',
  '--plugin-version': '1.10',
  '--author': "Ann O'Neil",
  '--email': 'ann@example.org',
  '--license': 'MIT',
};

describe('yo from the packed tarball', () => {
  it.each(Object.entries(FLAGS))(
    'wazo-plugin:%s with every answer as a flag makes what wdev new makes',
    async (kind, own) => {
      const cwd = workFolder(`flags-${kind}`);
      const flags = [...Object.entries(COMMON).flat(), ...own];
      const made = await yo(cwd, `wazo-plugin:${kind}`, ...flags);
      expect(made.stderr).not.toMatch(/error/i);
      expect(made.status).toBe(0);
      const other = path.join(base, `wdev-${kind}`);
      const scaffolded = await wdev(['new', kind, other, ...flags, '--no-git']);
      expect(scaffolded.stderr).toBe('');
      const hello = path.join(cwd, 'hello');
      expect((await run(['diff', '-r', '-x', '.git', '-x', '.wdev', hello, other])).stdout).toBe('');
      if (kind === 'stack') expect(statSync(path.join(hello, 'wazo/rules')).mode & 0o777).toBe(0o755);
      const log = await run(['git', '-c', 'safe.directory=*', 'log', '--oneline'], { cwd: hello });
      expect(log.stdout).toMatch(/Start the plugin/);
    },
  );

  it('names the flags that are missing, exit 2, when nobody can be asked', async () => {
    const cwd = workFolder('missing');
    const refused = await yo(cwd, 'wazo-plugin:stack', '--name', 'hello');
    expect(refused.status).toBe(2);
    // one reason: yo and Yeoman have no word of their own
    expect(refused.stderr).toMatch(/^yo wazo-plugin: missing answers: --namespace/m);
    expect(refused.stderr + refused.stdout).not.toMatch(/error/i);
    expect(existsSync(path.join(cwd, 'hello'))).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)(
    'that root runs and that is killed leaves nothing that is taken',
    async () => {
      const cwd = workFolder('killed');
      const state = path.join(base, 'state-of-root');
      mkdirSync(state, { mode: 0o700 });
      const dir = path.join(cwd, 'hello');
      const words = ['wazo-plugin:stack', ...Object.entries(COMMON).flat(), ...FLAGS.stack];
      await run([...(yoCommand as [string, string]), ...words], {
        cwd,
        env: {
          ...env,
          XDG_STATE_HOME: state,
          NODE_OPTIONS: `--import ${path.resolve(import.meta.dirname, '../support/kill-at.mjs')}`,
          WDEV_KILL_AT: '3',
          WDEV_KILL_SIGNAL: 'SIGKILL',
          WDEV_KILL_BELOW: path.join(dir, '.wdev/unrecorded'),
        },
      });
      expect(statSync(path.join(dir, 'wazo/rules')).uid).not.toBe(0);
      const told = await wdev(['build', dir], { env: { XDG_STATE_HOME: state } });
      expect([told.status, told.stderr]).toEqual([1, expect.stringContaining('recorded nothing')]);
    },
  );

  it('works from a linked checkout too', async () => {
    const linked = path.join(base, 'linked');
    mkdirSync(linked);
    symlinkSync(path.join(packageRoot(), 'node_modules'), path.join(base, 'source/node_modules'));
    symlinkSync(path.join(base, 'source'), path.join(linked, 'generator-wazo-plugin'));
    const cwd = workFolder('from-link');
    const made = await run(
      [
        ...(yoCommand as [string, string]),
        'wazo-plugin:stack',
        '--name',
        'hello',
        '--namespace',
        'demo',
        '--yes',
      ],
      { cwd, env: { ...env, NODE_PATH: linked } },
    );
    expect(made.status).toBe(0);
    expect(statSync(path.join(cwd, 'hello/wazo/rules')).mode & 0o777).toBe(0o755);
  });

  it('shows every question as an option in --help', async () => {
    const help = await yo(base, 'wazo-plugin:call-logger', '--help');
    for (const flag of [...Object.keys(COMMON), '--base', '--port', '--rate', '--yes'])
      expect(help.stdout).toContain(flag);
  });
});

/** Questions by name, and what is typed; each is waited for by the words that its template asks with. */
const TYPED: readonly [string, string][] = [
  ['name', `hello${KEY.enter}`],
  ['namespace', `demo${KEY.enter}`],
  ['description', `From a terminal${KEY.enter}`],
  ['pluginVersion', KEY.enter],
  ['author', `Ann${KEY.enter}`],
  ['email', KEY.enter],
  ['license', KEY.enter],
];

const OWN: Readonly<Record<string, readonly [string, string][]>> = {
  stack: [
    ['parts', KEY.enter],
    ['extension', `*77${KEY.enter}`],
    ['context', KEY.enter],
  ],
  confgend: [
    ['generatedFile', KEY.enter],
    ['resource', KEY.enter],
    ['filename', KEY.enter],
    ['style', KEY.enter],
    ['driver', KEY.enter],
    ['className', KEY.enter],
  ],
  'call-logger': [
    ['base', KEY.down + KEY.enter],
    ['className', KEY.enter],
    ['path', KEY.enter],
  ],
};

/** The dialogue of a kind: the first words of each question, and the keys. */
function typed(kind: string): readonly (readonly [string, string])[] {
  return [...TYPED, ...(OWN[kind] ?? [])].map(([name, keys]) => [asked(kind, name), keys]);
}

const TYPED_ANSWERS: Readonly<Record<string, Record<string, unknown>>> = {
  stack: { parts: ['dialplan'], extension: '*77' },
  confgend: {},
  'call-logger': { base: 'plugin' },
};

describe.each(Object.keys(OWN))('prompts of %s in a terminal', (kind) => {
  async function expected(): Promise<string> {
    const dir = path.join(base, `expected-${kind}`);
    const answers = {
      name: 'hello',
      namespace: 'demo',
      description: 'From a terminal',
      author: 'Ann',
      email: '',
      ...TYPED_ANSWERS[kind],
    };
    if (!existsSync(dir)) await createPlugin({ template: kind, dir, git: false, answers });
    return dir;
  }

  it('of yo', async () => {
    const cwd = workFolder(`typed-yo-${kind}`);
    const command = [...yoCommand, `wazo-plugin:${kind}`, '--no-git'];
    const played = await inTerminal(command, { cwd, env }, typed(kind));
    expect(played.stdout).toContain('Next: wdev watch');
    expect(played.status).toBe(0);
    expect((await run(['diff', '-r', '-x', '.wdev', path.join(cwd, 'hello'), await expected()])).stdout).toBe(
      '',
    );
  });

  it('of wdev new', async () => {
    const cwd = workFolder(`typed-wdev-${kind}`);
    const bin = path.join(base, 'lib/node_modules/generator-wazo-plugin/dist/src/bin.cjs');
    const command = [process.execPath, bin, 'new', kind, '--no-git'];
    const played = await inTerminal(command, { cwd, env }, typed(kind));
    expect(played.stdout).toContain('Made hello');
    expect(played.status).toBe(0);
    expect((await run(['diff', '-r', '-x', '.wdev', path.join(cwd, 'hello'), await expected()])).stdout).toBe(
      '',
    );
  });
});

describe('Ctrl-C in yo', () => {
  it('ends in a line, with nothing written, where a question is open', async () => {
    const cwd = workFolder('interrupted');
    const played = await inTerminal([...yoCommand, 'wazo-plugin'], { cwd, env }, [
      ['What do you want to make', KEY.enter],
      ['Name of the plugin', KEY.interrupt],
    ]);
    expect(played.status).toBe(130);
    expect(played.stdout.trimEnd()).toMatch(/interrupted; nothing was written$/);
    expect(played.stdout).not.toContain('Error');
    expect((await run(['ls', '-A'], { cwd })).stdout).toBe('');
  });

  it('asks about files that differ, about no other, and warns of nothing amid the questions', async () => {
    const cwd = workFolder('again-in-folder');
    const dir = path.join(cwd, 'hello');
    const flags = Object.entries({ ...COMMON, '--name': 'hello' }).flat();
    const words = ['wazo-plugin:stack', ...flags, ...FLAGS.stack, '--no-git'];
    expect((await yo(cwd, ...words)).status).toBe(0);
    // as another umask makes it
    chmodSync(path.join(dir, 'LICENSE'), 0o664);
    const again = async (...dialogue: [string, string][]): Promise<RunResult> =>
      await inTerminal([...yoCommand, ...words], { cwd, env }, dialogue);
    appendFileSync(path.join(dir, 'README.md'), 'mine\n');
    const one = await again(['Overwrite hello/README.md', `n${KEY.enter}`]);
    expect(one.status).toBe(0);
    // in colour, unless CI is set
    const shown = stripVTControlCharacters(one.stdout);
    expect(new Set(shown.match(/conflict \S+/g))).toEqual(new Set(['conflict hello/README.md']));
    // more than Node's usual limit of listeners
    const files = (await run(['find', dir, '-type', 'f', '-not', '-path', '*/.wdev/*'])).stdout
      .trim()
      .split('\n');
    expect(files.length).toBeGreaterThan(11);
    for (const file of files) if (!file.endsWith('.yo-rc.json')) appendFileSync(file, 'mine\n');
    const all = await again(
      ['Overwrite hello/', `d${KEY.enter}`],
      ['mine', ''],
      ['Overwrite hello/', KEY.interrupt],
    );
    expect(all.status).toBe(130);
    expect(all.stdout).not.toContain('Warning');
  });

  it('names the way back, where Yeoman asks about a file that differs', async () => {
    const cwd = workFolder('interrupted-late');
    const dir = path.join(cwd, 'hello');
    mkdirSync(dir);
    writeFileSync(path.join(dir, 'README.md'), 'mine');
    await run(['chmod', '-R', 'a+rwX', dir]);
    const flags = Object.entries({ ...COMMON, '--name': 'hello' }).flat();
    const words = ['wazo-plugin:stack', ...flags, ...FLAGS.stack, '--no-git'];
    const played = await inTerminal([...yoCommand, ...words], { cwd, env }, [
      ['Overwrite hello/README.md', KEY.interrupt],
    ]);
    expect(played.status).toBe(130);
    expect(played.stdout.trimEnd()).toMatch(/interrupted; roll back what was written: wdev undo hello$/);
    expect(played.stdout).not.toContain('Error');
    expect((await wdev(['undo', dir], { env })).status).toBe(0);
    expect((await run(['ls', '-A'], { cwd: dir })).stdout).toBe('README.md\n');
  });
});

describe('a folder that cannot be written into', () => {
  it.runIf(process.getuid?.() === 0)('is refused by yo before a question, and root is told why', async () => {
    const cwd = workFolder('closed');
    chmodSync(cwd, 0o755);
    const refused = await inTerminal([...yoCommand, 'wazo-plugin'], { cwd, env }, []);
    expect(refused.stdout).toMatch(
      /Root started yo, which runs as user \d+. To write as root, use wdev new\./,
    );
    expect(refused.stdout).toContain(`no permission for ${cwd}`);
    expect(refused.stdout).not.toContain('What do you want to make');
    expect(refused.status).toBe(1);
  });
});

describe('wdev new in a terminal', () => {
  it('asks for the kind, says what is wrong with an answer, and asks again', async () => {
    const cwd = workFolder('again');
    const bin = path.join(base, 'lib/node_modules/generator-wazo-plugin/dist/src/bin.cjs');
    const played = await inTerminal([process.execPath, bin, 'new', '--no-git'], { cwd, env }, [
      ['What do you want to make', KEY.enter],
      ['Name of the plugin', `Hi There${KEY.enter}`],
      ['lower-case letters', KEY.interrupt],
    ]);
    expect(played.status).toBe(130);
    expect(played.stdout).toContain('nothing was written');
    expect((await run(['ls', '-A'], { cwd })).stdout).toBe('');
  });
});

describe('yo wazo-plugin in the folder of a plugin', () => {
  async function made(name: string): Promise<string> {
    const dir = path.join(workFolder(name), 'hello');
    const answers = { name: 'hello', namespace: 'demo', author: 'Ann', parts: ['calld'] };
    await createPlugin({ template: 'stack', dir, git: false, answers });
    // yo drops root's rights
    await run(['chmod', '-R', 'a+rwX', dir]);
    return dir;
  }

  it('offers to add a part, asks what the part asks, and wdev undo rolls it back', async () => {
    const cwd = await made('inside-add');
    const rules = readFileSync(path.join(cwd, 'wazo/rules'), 'utf8');
    const played = await inTerminal([...yoCommand, 'wazo-plugin'], { cwd, env }, [
      ['This folder holds demo/hello', KEY.enter],
      ['What should it have', 'dialplan' + KEY.enter],
      [asked('stack', 'extension'), `*77${KEY.enter}`],
      [asked('stack', 'context'), KEY.enter],
    ]);
    expect(played.stdout).toContain('Undo: wdev undo');
    expect(played.status).toBe(0);
    const conf = path.join(cwd, 'etc/asterisk/extensions_extra.d/demo-hello.conf');
    expect(readFileSync(conf, 'utf8')).toContain('exten = *77,1,');
    expect(readFileSync(path.join(cwd, 'wazo/rules'), 'utf8')).toContain('tell_asterisk "dialplan reload"');
    expect((await wdev(['undo', cwd], { env })).status).toBe(0);
    expect(readFileSync(path.join(cwd, 'wazo/rules'), 'utf8')).toBe(rules);
    expect(existsSync(conf)).toBe(false);
  });

  it('offers to update, and says when there is nothing to change', async () => {
    const cwd = await made('inside-update');
    const played = await inTerminal([...yoCommand, 'wazo-plugin'], { cwd, env }, [
      ['This folder holds demo/hello', KEY.down + KEY.enter],
    ]);
    expect(played.stdout).toContain('Nothing to change.');
    expect(played.status).toBe(0);
  });
});
