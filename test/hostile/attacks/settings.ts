import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Attack, Guard } from '../attack.ts';
import type { Place } from '../place.ts';

/** Everything that a wdev.yml wants counts as agreed to. */
const ASKED: Guard = {
  file: 'src/cli/agree.js',
  from: 'if (wishes.length === 0)',
  to: 'if (true)',
};

const PLUGIN = {
  'wazo/plugin.yml': 'name: hello\nnamespace: demo\nversion: 1.0.0\n',
  'wazo/rules':
    '#!/bin/sh\nset -e\ncase "$1" in\n  package) mkdir -p "$pkgdir/etc/asterisk/extensions_extra.d"; cp hello.conf "$pkgdir/etc/asterisk/extensions_extra.d/" ;;\nesac\n',
  'hello.conf': '[hello]\nexten = 1,1,NoOp\n',
};

/** A plugin in `folder/hello`, with a wdev.yml and a program of the author's; they are named to `settings`. */
function makePlugin({ folder, canary }: Place, settings: (program: string) => string): string {
  const plugin = path.join(folder, 'hello');
  mkdirSync(path.join(plugin, 'wazo'), { recursive: true });
  for (const [name, text] of Object.entries(PLUGIN)) writeFileSync(path.join(plugin, name), text);
  chmodSync(path.join(plugin, 'wazo/rules'), 0o755);
  const program = path.join(folder, 'evil');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${canary}'\n`, { mode: 0o755 });
  writeFileSync(path.join(plugin, 'wdev.yml'), settings(program));
  return plugin;
}

/** Commands that open a target; each is refused with the file and the line. */
async function refuses(
  place: Place,
  cwd: string,
  commands: readonly (readonly string[])[],
): Promise<string | undefined> {
  for (const command of commands) {
    const { status, stderr } = await place.wdev(command, { cwd, runsPlugin: true });
    if (existsSync(place.canary)) return undefined;
    if (status !== 2 || !/wdev\.yml:\d+: /.test(stderr))
      return `${command.join(' ')} is not refused: ${stderr}`;
  }
  return undefined;
}

const TARGETED = [
  ['watch', '--once'],
  ['status'],
  ['why'],
  ['restore'],
  ['logs', '--json'],
  ['uninstall', '.'],
] as const;

export const ATTACKS: readonly Attack[] = [
  {
    kind: 'settings',
    name: 'target: exec:PROGRAM, under every command that opens a target',
    guards: [ASKED],
    async run(place) {
      const plugin = makePlugin(place, (program) => `target: "exec:${program}"\n`);
      return await refuses(place, plugin, TARGETED);
    },
  },
  {
    kind: 'settings',
    name: 'a name that one types, or the usual target itself, is exec:PROGRAM in wdev.yml',
    guards: [
      ASKED,
      {
        file: 'src/settings/settings.js',
        from: "if (name.includes(':') || PLAIN_ADDRESSES.includes(name))",
        to: "if (!Object.hasOwn(targets, name) && (name.includes(':') || PLAIN_ADDRESSES.includes(name)))",
      },
    ],
    async run(place) {
      const targets = (program: string): string =>
        `targets:\n${['lab', 'embedded', '"ssh://root@lab"'].map((name) => `  ${name}: "exec:${program} x"\n`).join('')}`;
      const plugin = makePlugin(place, targets);
      await place.wdev(['status'], { cwd: plugin });
      return await refuses(place, plugin, [
        ['status', '--target', 'lab'],
        ['targets', 'test', 'lab'],
      ]);
    },
  },
  {
    kind: 'settings',
    name: 'target: local, and a container of this machine',
    guards: [ASKED],
    async run(place) {
      // what wdev runs for it is stood in for
      const plugin = makePlugin(place, () => 'target: container:db\n');
      const bin = path.join(place.folder, 'bin');
      mkdirSync(bin);
      for (const name of ['docker', 'sudo'])
        writeFileSync(path.join(bin, name), `#!/bin/sh\necho "${name} $*" >> '${place.canary}'\n`, {
          mode: 0o755,
        });
      const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
      await place.wdev(['install'], { cwd: plugin, env, runsPlugin: true });
      writeFileSync(path.join(plugin, 'wdev.yml'), 'target: local\n');
      return await refuses(place, plugin, [['status']]);
    },
  },
  ...['before', 'after'].map((when): Attack => ({
    kind: 'settings',
    name: `hooks.${when} of wdev.yml run with the first save`,
    guards: [ASKED],
    async run(place) {
      const plugin = makePlugin(place, (program) => `hooks:\n  ${when}:\n    - ["${program}", "hook"]\n`);
      return await refuses(place, plugin, [['install'], ['watch', '--once']]);
    },
  })),
  {
    kind: 'settings',
    name: 'reload: run: of a plugin is a program of this machine on the embedded stack',
    guards: [
      ASKED,
      { file: 'src/loop/members.js', from: 'if (this.#options.mayRun(dir, settings))', to: 'if (true)' },
    ],
    async run(place) {
      makePlugin(
        place,
        (program) => `reload:\n  - path: "**"\n    do:\n      - run: ["${program}", "reload"]\n`,
      );
      return await refuses(place, place.folder, [['install', 'hello']]);
    },
  },
  {
    kind: 'settings',
    name: 'a script that a hook names is another one than the one that was agreed to',
    guards: [
      {
        file: 'src/cli/agree.js',
        from: "return trustKey('settings', [real, purpose, argv, files]);",
        to: "return trustKey('settings', [real, purpose, argv]);",
      },
    ],
    async run(place) {
      const plugin = makePlugin(place, () => 'hooks: {before: [[sh, ./hook.sh]]}\n');
      const hook = path.join(plugin, 'hook.sh');
      writeFileSync(hook, 'exit 0\n');
      const agreed = await place.wdev(['install', '--trust'], { cwd: plugin, runsPlugin: true });
      if (!agreed.stderr.includes('sh ./hook.sh')) return `it is not shown: ${agreed.stderr}`;
      const again = await place.wdev(['install'], { cwd: plugin, runsPlugin: true });
      if (agreed.status !== 0 || again.status !== 0) return `the yes is not kept: ${again.stderr}`;
      rmSync(hook);
      writeFileSync(hook, `echo changed > '${place.canary}'\n`);
      return await refuses(place, plugin, [['install']]);
    },
  },
];
