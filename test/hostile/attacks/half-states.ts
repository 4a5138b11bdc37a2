import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { writePlugin as writeSound } from '../../support/plugins.ts';
import type { Attack } from '../attack.ts';
import type { Place, WdevRun } from '../place.ts';

const KILL_AT = path.resolve(import.meta.dirname, '../../support/kill-at.mjs');
const LEDGER = 'src/edits/ledger.js';

/** Half plugins that are taken without a word. */
const HALF = [
  { file: 'src/edits/half-done.js', from: 'throw halfDoneError(folder, pending, editor);', to: '' },
] as const;
/** Plugins that nobody thought of. */
const MANY = [{ file: 'src/cli/agree-to-all.js', from: 'await demandYes(found);', to: ';' }] as const;

/** Makes a plugin, and kills the `add` of a part to it when all files up to a folder are in their places. */
async function killedAdd(place: Place, before: string): Promise<string> {
  const { folder } = place;
  const dir = path.join(folder, 'hi');
  const words = ['new', 'stack', 'hi', '--namespace', 'demo', '--part', 'dialplan', '--yes', '--no-git'];
  await place.wdev(words);
  await place.wdev(['add', 'calld', 'hi', '--yes'], {
    env: {
      NODE_OPTIONS: `--import ${KILL_AT}`,
      WDEV_KILL_AT: '1',
      WDEV_KILL_SIGNAL: 'SIGKILL',
      WDEV_KILL_BELOW: path.join(dir, before),
    },
  });
  return dir;
}

/** Changes the record of the plugin's edits; `seal` makes the hash in it right again. */
function rewrite(place: Place, change: (text: string) => string, seal: boolean): void {
  const edits = path.join(place.home, '.local/state/wdev/edits');
  const file = path.join(edits, readdirSync(edits).find((name) => name.endsWith('.json')) ?? '');
  const text = change(readFileSync(file, 'utf8'));
  const [head = '', body = ''] = text.split('\n');
  const sum = createHash('sha256').update(body).digest('hex');
  writeFileSync(file, seal ? `${head.replace(/"sum":"\w+"/, `"sum":"${sum}"`)}\n${body}\n` : text);
}

function taken({ status, stderr }: WdevRun): string | undefined {
  return status === 1 && stderr.includes('wdev undo')
    ? undefined
    : `the half plugin was taken: ${status} ${stderr}`;
}

function unasked({ status, stderr }: WdevRun): string | undefined {
  return status === 2 && stderr.includes('--trust') ? undefined : `it was not asked: ${status} ${stderr}`;
}

function writePlugin(dir: string, name: string): void {
  mkdirSync(path.join(dir, 'wazo'), { recursive: true });
  writeFileSync(path.join(dir, 'wazo/plugin.yml'), `name: ${name}\nnamespace: demo\nversion: '1'\n`);
  writeFileSync(path.join(dir, 'wazo/rules'), '#!/bin/sh\n:\n', { mode: 0o755 });
}

/** The files of the embedded stack of the place. */
function installed({ folder }: Place): string {
  const root = path.join(folder, '.wdev/stack/root/etc');
  return JSON.stringify(readdirSync(root, { recursive: true, encoding: 'utf8' }).sort());
}

export const ATTACKS: readonly Attack[] = [
  {
    kind: 'half state',
    name: 'a killed yo wazo-plugin leaves half a plugin, which build, watch and install take',
    guards: [
      {
        file: 'src/edits/written-elsewhere.js',
        from: '{ record, undoes: false, work: `.wdev/edit-${randomUUID()}`, inPlace: true }',
        to: 'undefined',
      },
    ],
    async run(place) {
      const dir = path.join(place.folder, 'hi');
      await place.wdev(['new', 'stack', 'hi', '--namespace', 'demo', '--yes', '--no-git']);
      // over a plugin that is there: new files beside old ones
      const { stdout } = await place.yo(['name=hi', 'plugin-namespace=demo', 'part=calld', 'force=true'], {
        env: {
          NODE_OPTIONS: `--import ${KILL_AT}`,
          WDEV_KILL_AT: '1',
          WDEV_KILL_SIGNAL: 'SIGKILL',
          WDEV_KILL_BELOW: path.join(dir, 'wazo/plugin.yml'),
        },
      });
      if (!readdirSync(path.join(dir, 'etc')).includes('wazo-calld')) return `it wrote nothing: ${stdout}`;
      for (const command of [
        ['build', 'hi'],
        ['install', 'hi'],
        ['watch', '--once', 'hi'],
      ]) {
        const through = taken(await place.wdev(command, { runsPlugin: true }));
        if (through !== undefined) return through;
      }
      await place.wdev(['undo', 'hi']);
      return readdirSync(path.join(dir, 'etc')).includes('wazo-calld')
        ? 'undo left something of it'
        : undefined;
    },
  },
  ...(
    [
      ['yo wazo-plugin', 'yo'],
      ['wdev new', 'new'],
    ] as const
  ).map(([what, command]): Attack => ({
    kind: 'half state',
    name: `a killed ${what} that can record nothing leaves half a plugin, which build and install take`,
    guards: [
      {
        file: 'src/edits/unrecorded.js',
        from: 'if (lstatOf(file) === undefined)\n',
        to: 'if (true)\n',
      },
    ],
    async run(place) {
      const dir = path.join(place.folder, 'hi');
      const env = {
        XDG_STATE_HOME: '/dev/null/state',
        NODE_OPTIONS: `--import ${KILL_AT}`,
        // the last moment before it is done
        WDEV_KILL_AT: '3',
        WDEV_KILL_SIGNAL: 'SIGKILL',
        WDEV_KILL_BELOW: path.join(dir, '.wdev/unrecorded'),
      };
      const words = ['new', 'stack', 'hi', '--namespace', 'demo', '--yes', '--no-git'];
      const { stdout } = await (command === 'yo'
        ? place.yo(['name=hi', 'plugin-namespace=demo'], { env })
        : place.wdev(words, { env }));
      if (!readdirSync(dir).includes('wazo')) return `it wrote nothing: ${stdout}`;
      for (const told of [
        await place.wdev(['build', 'hi'], { runsPlugin: true }),
        await place.wdev(['install', 'hi'], { runsPlugin: true }),
      ])
        if (told.status !== 1 || !told.stderr.includes('recorded nothing'))
          return `it was taken: ${told.status} ${told.stdout}${told.stderr}`;
      return undefined;
    },
  })),
  {
    kind: 'half state',
    name: 'what a killed undo left beside a plugin is taken for one',
    guards: [{ file: 'src/kinds/discover.js', from: "entry.name.startsWith('.') || ", to: '' }],
    async run(place) {
      await place.wdev(['new', 'stack', 'hi', '--namespace', 'demo', '--yes', '--no-git']);
      await place.wdev(['undo', 'hi'], {
        env: {
          NODE_OPTIONS: `--import ${KILL_AT}`,
          WDEV_KILL_AT: '2',
          WDEV_KILL_SIGNAL: 'SIGKILL',
          WDEV_KILL_BELOW: path.join(place.folder, '.wdev-undo'),
        },
      });
      const names = readdirSync(place.folder);
      if (!names.some((name) => name.startsWith('.wdev-undo-')) || names.includes('hi'))
        return `undo was not killed where it should be: ${names.join(' ')}`;
      const { stderr } = await place.wdev(['build', '.'], { runsPlugin: true });
      return stderr.includes('no plugin found') ? undefined : 'it was built';
    },
  },
  {
    kind: 'half state',
    name: 'installed names with line breaks and dashes in front, which the journal has to give back',
    guards: [
      {
        file: 'src/support/quote.js',
        from: "path.replaceAll('\\\\', '\\\\\\\\').replaceAll('\\n', '\\\\n')",
        to: 'path',
      },
    ],
    async run(place) {
      writeSound(path.join(place.folder, 'hello'), {
        'etc/acme/-rf': '',
        'etc/acme/--help': '',
        'etc/acme/a\nN /etc/asterisk/extensions.conf': '',
        'etc/acme/a\\nb': '',
      });
      await place.wdev(['stack', 'up', '--kind', 'embedded']);
      const before = installed(place);
      const { status, stdout } = await place.wdev(['install', 'hello'], { runsPlugin: true });
      if (status !== 0 || !installed(place).includes('--help')) return `it is not installed: ${stdout}`;
      await place.wdev(['status']);
      await place.wdev(['restore']);
      const after = installed(place);
      await place.wdev(['stack', 'down', '--kind', 'embedded']);
      return before === after ? undefined : 'the target was not given back';
    },
  },
  ...(
    [
      ['build', 'hi'],
      ['watch', '--once', 'hi'],
      ['install', 'hi'],
      ['check', 'hi'],
    ] as const
  ).map(([command, ...words]): Attack => ({
    kind: 'half state',
    name: `wdev ${command} takes what a killed add left`,
    guards: HALF,
    async run(place) {
      await killedAdd(place, 'etc/wazo-calld');
      const run = await place.wdev([command, ...words], { runsPlugin: true });
      await place.wdev(['stack', 'down', '--kind', 'embedded']);
      return taken(run);
    },
  })),
  {
    kind: 'half state',
    name: 'a folder of a half plugin is replaced by a link, and undo removes files behind it',
    guards: [
      { file: 'src/edits/place.js', from: 'found.isSymbolicLink()', to: 'false' },
      { file: 'src/edits/place.js', from: '!found.isDirectory()', to: 'false' },
    ],
    async run(place) {
      const dir = await killedAdd(place, 'tests/standins');
      const own = path.join(dir, 'etc/wazo-calld');
      const mine = path.join(place.home, 'wazo-calld');
      cpSync(own, mine, { recursive: true });
      rmSync(own, { recursive: true });
      symlinkSync(mine, own);
      await place.wdev(['undo', 'hi']);
      return readdirSync(mine, { recursive: true }).length === 2
        ? undefined
        : 'files of the person were removed';
    },
  },
  {
    kind: 'half state',
    name: 'a record names a file outside the folder',
    guards: [{ file: LEDGER, from: 'if (outside !== undefined)', to: 'if (false)' }],
    async run(place) {
      await killedAdd(place, 'tests/standins');
      const name = 'etc/wazo-calld/conf.d/50-demo-hi.yml';
      const mine = path.join(place.home, 'mine.yml');
      cpSync(path.join(place.folder, 'hi', name), mine);
      rewrite(place, (text) => text.replaceAll(name, '../../home/mine.yml'), true);
      await place.wdev(['undo', 'hi']);
      return readdirSync(place.home).includes('mine.yml') ? undefined : 'a file of the person was removed';
    },
  },
  {
    kind: 'half state',
    name: 'a record was damaged, and undo writes what it says',
    guards: [{ file: LEDGER, from: "sum !== hash('sha256', body)", to: 'false' }],
    async run(place) {
      const dir = await killedAdd(place, 'etc/wazo-calld');
      rewrite(place, (text) => text.replace('"did":"add calld"', '"did":"add CALLD"'), false);
      const { status } = await place.wdev(['undo', dir]);
      return status === 1 ? undefined : 'what no wdev wrote was acted upon';
    },
  },
  {
    kind: 'half state',
    name: 'a record of another machine is acted upon',
    guards: [{ file: LEDGER, from: 'machine !== thisMachine()', to: 'false' }],
    async run(place) {
      const dir = path.join(place.folder, 'hi');
      await place.wdev([
        'new',
        'stack',
        'hi',
        '--namespace',
        'demo',
        '--part',
        'dialplan',
        '--yes',
        '--no-git',
      ]);
      rewrite(place, (text) => text.replace(/"machine":"\w*"/, '"machine":"another"'), false);
      await place.wdev(['undo', dir]);
      return readdirSync(place.folder).includes('hi') ? undefined : 'a plugin was removed';
    },
  },
  {
    kind: 'half state',
    name: 'wdev watch in the home folder runs what lies in it',
    guards: MANY,
    async run(place) {
      writePlugin(path.join(place.home, 'src/a'), 'a');
      return unasked(await place.wdev(['watch', '--dry-run'], { cwd: place.home, runsPlugin: true }));
    },
  },
  {
    kind: 'half state',
    name: 'wdev build runs the programs of 51 plugins below one folder',
    guards: MANY,
    async run(place) {
      for (let at = 0; at <= 50; at += 1) writePlugin(path.join(place.folder, `p${at}`), `p${at}`);
      return unasked(await place.wdev(['build'], { runsPlugin: true }));
    },
  },
];
