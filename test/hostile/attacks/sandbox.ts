import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Attack, Guard } from '../attack.ts';
import type { Place, WdevOptions, WdevRun } from '../place.ts';

/** Builds a plugin with these rules. */
async function buildWith(
  place: Place,
  rules: string,
  words: readonly string[] = [],
  options: WdevOptions = {},
): Promise<WdevRun> {
  const plugin = path.join(place.folder, 'hello');
  mkdirSync(path.join(plugin, 'wazo'), { recursive: true });
  writeFileSync(path.join(plugin, 'wazo/plugin.yml'), "name: hello\nnamespace: demo\nversion: '1'\n");
  writeFileSync(path.join(plugin, 'wazo/rules'), `#!/bin/sh\n${rules}\n`, { mode: 0o755 });
  chmodSync(path.join(plugin, 'wazo/rules'), 0o755);
  return await place.wdev(['build', plugin, ...words], options);
}

/** A new plugin of a kind, with a line of Python in front of the module that has `mark`. */
async function madeWith(place: Place, kind: string, mark: string, line: string): Promise<string> {
  await place.wdev(['new', kind, 'hello', '--namespace', 'demo', '--yes', '--no-git']);
  const plugin = path.join(place.folder, 'hello');
  const files = readdirSync(plugin, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^(?!tests).*\.py$/.test(file),
  );
  const module = files.find((file) => readFileSync(path.join(plugin, file), 'utf8').includes(mark)) ?? '';
  const full = path.join(plugin, module);
  const text = readFileSync(full, 'utf8');
  const future = /^from __future__ .*\n/m.exec(text)?.[0] ?? '';
  writeFileSync(full, `${future}${line}\n${text.replace(future, '')}`);
  return plugin;
}

/** Python that writes the canary, and goes on when it may not. */
function python(place: Place): string {
  return `import os; os.system("echo python >>'${place.canary}'")`;
}

/** Programs of a plugin run without the sandbox. */
export const ENCLOSED: readonly [Guard, ...Guard[]] = [
  { file: 'src/sandbox/run.js', from: ': enclosed(way, view, command);', to: ': [...command];' },
  { file: 'src/sandbox/run.js', from: "cwd: way === undefined ? view.cwd : '/'", to: 'cwd: view.cwd' },
];

/** Brings a plugin to the embedded stack, and ends that again. */
async function brought(place: Place, plugin: string): Promise<undefined> {
  await place.wdev(['watch', plugin, '--once']);
  await place.wdev(['stack', 'down', '--kind', 'embedded']);
  return undefined;
}

/** A template with a module of Python, which Python itself is asked about. */
function lintedTemplate(place: Place): string {
  const template = path.join(place.folder, 'template');
  mkdirSync(path.join(template, 'files'), { recursive: true });
  writeFileSync(path.join(template, 'template.yml'), 'title: t\nsummary: s\nkind: stack\nquestions: []\n');
  writeFileSync(path.join(template, 'files/a.py'), 'a = 1\n');
  return template;
}

export const ATTACKS: readonly Attack[] = [
  {
    kind: 'sandbox',
    name: 'wazo/rules writes to a folder that is none of its business',
    guards: ENCLOSED,
    async run(place) {
      await buildWith(place, `echo "$1" >>'${place.canary}'`);
      return undefined;
    },
  },
  {
    kind: 'sandbox',
    name: 'a driver writes elsewhere when it is previewed',
    guards: ENCLOSED,
    async run(place) {
      await place.wdev(['preview', await madeWith(place, 'confgend', 'def generate', python(place))]);
      return undefined;
    },
  },
  {
    kind: 'sandbox',
    name: 'a driver writes elsewhere when the embedded stack asks it',
    guards: ENCLOSED,
    async run(place) {
      // not where the preview of a save imports it
      const line = `import sys\nif sys.argv[0].endswith('wazo-confgend'):\n    ${python(place)}`;
      return await brought(place, await madeWith(place, 'confgend', 'def generate', line));
    },
  },
  {
    kind: 'sandbox',
    name: 'a call logger writes elsewhere when it is simulated',
    guards: ENCLOSED,
    async run(place) {
      await place.wdev(['simulate', await madeWith(place, 'call-logger', 'def parse', python(place))]);
      return undefined;
    },
  },
  {
    kind: 'sandbox',
    name: 'a call logger writes elsewhere when the embedded stack tries its import',
    guards: ENCLOSED,
    async run(place) {
      const line = `import sys\nif sys.argv[0] == '-c':\n    ${python(place)}`;
      return await brought(place, await madeWith(place, 'call-logger', 'def parse', line));
    },
  },
  {
    kind: 'sandbox',
    name: 'the handler of a dialogue writes elsewhere when it is replayed',
    guards: ENCLOSED,
    async run(place) {
      mkdirSync(path.join(place.folder, 'agi'));
      writeFileSync(path.join(place.folder, 'hello.py'), `${python(place)}\n`);
      const dialogue = 'handler: ../hello.py\nagi_request: hello\n\n> ANSWER\n< 200 result=0\n';
      writeFileSync(path.join(place.folder, 'agi/hello.txt'), dialogue);
      await place.wdev(['simulate', '.']);
      return undefined;
    },
  },
  {
    kind: 'sandbox',
    name: 'a file of calls names a program that answers for AGI',
    guards: ENCLOSED,
    async run(place) {
      const script = path.join(place.folder, 'answer.sh');
      writeFileSync(script, `#!/bin/sh\necho agi >>'${place.canary}'\n`, { mode: 0o755 });
      chmodSync(script, 0o755);
      writeFileSync(path.join(place.folder, 'a.conf'), '[acme]\nexten = s,1,AGI(agi://there/hello)\n');
      writeFileSync(path.join(place.folder, 'calls.yml'), "- {call: 'acme,s', agi: ./answer.sh}\n");
      await place.wdev(['dialplan', 'trace', 'a.conf', '--calls', 'calls.yml']);
      return undefined;
    },
  },
  {
    kind: 'sandbox',
    name: 'a plugin has modules of the names that Python itself imports',
    guards: [{ file: 'src/readers/python/interpreters.js', from: "cwd: '/',", to: '' }],
    async run(place) {
      for (const name of ['contextlib', 'json', 'site', 'ast', 'setuptools', 'yaml'])
        writeFileSync(
          path.join(place.folder, `${name}.py`),
          `open('${place.canary}', 'a').write('${name} ')\n`,
        );
      await place.wdev(['templates', 'lint', lintedTemplate(place)]);
      await place.wdev(['stack', 'up', '--kind', 'embedded']);
      await place.wdev(['stack', 'down', '--kind', 'embedded']);
      return undefined;
    },
  },
  {
    kind: 'sandbox',
    name: 'rules pretend that the sandbox is broken, so that one does without',
    guards: [
      {
        file: 'src/sandbox/run.js',
        from: 'OWN_WORDS.test(stderr) ? await complaintOfSandbox(program) : undefined',
        to: 'OWN_WORDS.exec(stderr)?.[1]',
      },
    ],
    async run(place) {
      const { stderr, stdout } = await buildWith(place, 'echo "bwrap: no permission" >&2; exit 1');
      return (stdout + stderr).includes('--no-sandbox')
        ? 'the advice to run it without a sandbox'
        : undefined;
    },
  },
  {
    kind: 'hang',
    name: 'rules write without end',
    guards: [{ file: 'src/sandbox/run.js', from: ', most: MOST }', to: ' }' }],
    async run(place) {
      await buildWith(place, 'head -c 700000000 /dev/zero');
      return undefined;
    },
  },
  {
    kind: 'hang',
    name: 'a child that rules leave holds their output',
    guards: [
      { file: 'src/support/spawn.js', from: 'stdout?.destroy();', to: '' },
      { file: 'src/support/spawn.js', from: 'stderr?.destroy();', to: '' },
    ],
    async run(place) {
      const child = `setsid sh -c 'echo >ready; sleep 600' & while [ ! -e ready ]; do sleep 0.1; done`;
      const rules = `[ "$1" != build ] || { ${child}; }`;
      await buildWith(place, rules, ['--no-sandbox']);
      return undefined;
    },
  },
  {
    kind: 'hang',
    name: 'rules do not hear that their time is up',
    guards: [
      {
        file: 'src/support/spawn.js',
        from: "this.#timer ??= setTimeout(() => this.#send('SIGKILL'), GRACE);",
        to: '',
      },
    ],
    async run(place) {
      const rules = `trap '' TERM HUP INT; n=0; while [ $n -lt 600 ]; do n=$((n + 1)); sleep 1; done`;
      await buildWith(place, rules, ['--no-sandbox', '--timeout', '1']);
      return undefined;
    },
  },
  {
    kind: 'workspace',
    name: 'the folder for temporary files is a link that somebody made before',
    guards: [
      {
        file: 'src/support/temp-folder.js',
        from: 'if (!found.isDirectory() || !mine) {',
        to: 'if (false) {',
      },
    ],
    async run(place) {
      const temporary = path.join(place.folder, 'tmp');
      mkdirSync(temporary);
      chmodSync(place.home, 0o755);
      symlinkSync(place.home, path.join(temporary, `.wdev-${process.getuid?.() ?? 'own'}`));
      await buildWith(place, ':', [], { env: { TMPDIR: temporary } });
      return (statSync(place.home).mode & 0o777) === 0o755 ? undefined : 'what the link leads to was used';
    },
  },
  {
    kind: 'workspace',
    name: 'what a killed run left is a link',
    guards: [{ file: 'src/support/remove-folder.js', from: 'if (!found.isDirectory())', to: 'if (false)' }],
    async run(place) {
      const temporary = path.join(place.folder, 'tmp');
      const own = path.join(temporary, `.wdev-${process.getuid?.() ?? 'own'}`);
      mkdirSync(own, { recursive: true });
      appendFileSync(path.join(place.home, 'kept'), 'x');
      const space = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
      symlinkSync(place.home, path.join(own, `stage.4194304-1-${space}.abcdef`));
      await buildWith(place, ':', [], { env: { TMPDIR: temporary } });
      return existsSync(path.join(place.home, 'kept')) ? undefined : 'what the link leads to was removed';
    },
  },
  {
    kind: 'workspace',
    name: 'a link in the package leads what wdev adds to it elsewhere',
    guards: [
      {
        file: 'src/stage/folder-below.js',
        from: "else if (part === '..' || !found.isDirectory())",
        to: 'else if (false)',
      },
    ],
    async run(place) {
      await buildWith(place, `[ "$1" != package ] || ln -s '${place.home}' "$pkgdir/usr"`);
      return readdirSync(place.home).includes('lib') ? 'files of the plugin in the home folder' : undefined;
    },
  },
];
