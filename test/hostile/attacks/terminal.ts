/** Texts of others that a terminal would obey; the place itself looks for raw control characters in what is printed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { writePlugin } from '../../support/plugins.ts';
import type { Attack, Guard } from '../attack.ts';
import type { Place, WdevRun } from '../place.ts';

/** Sets the title, clears the screen, turns the order of letters around, and pretends to be a line of wdev. */
const LINE = 'wdev: all is well';
const EVIL = `\u001b]0;owned\u0007\u001b[2J\u202e\u009b31m\n${LINE}\n`;

/** As YAML reads it, which has no such characters in a text as they are. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^ -~]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Lines for people. */
const SHOWN: Guard = {
  file: 'src/support/visible.js',
  from: 'if (PLAIN.test(text))\n',
  to: 'if (true)\n',
};

/** JSON: what its own rules leave as it is. */
const SHOWN_IN_JSON: Guard = {
  file: 'src/support/visible.js',
  from: 'return text.replace(unsafeInJson',
  to: 'return text; return text.replace(unsafeInJson',
};

const GUARDS = [SHOWN, SHOWN_IN_JSON] as const;

/** Whether one of the runs printed the line as if it were wdev's own. */
function pretended(runs: readonly WdevRun[]): string | undefined {
  return runs.some(({ stdout, stderr }) => `${stdout}\n${stderr}`.split('\n').includes(LINE))
    ? 'a line of others stands there as one of wdev'
    : undefined;
}

async function runAll(
  place: Place,
  commands: readonly (readonly string[])[],
  cwd = place.folder,
): Promise<string | undefined> {
  const runs = [];
  for (const command of commands) runs.push(await place.wdev(command, { cwd, runsPlugin: true }));
  return pretended(runs);
}

/** The commands that show a plugin, for people and for programs. */
const SHOWING: readonly (readonly string[])[] = [
  ['check', 'hello'],
  ['check', 'hello', '--json'],
  ['check', 'hello', '--format', 'github'],
  ['build', 'hello', '--out', 'out'],
  ['watch', 'hello', '--once'],
  ['status'],
  ['status', '--json'],
  ['why', 'hello'],
  ['uninstall', 'hello'],
  ['stack', 'down', '--kind', 'embedded'],
];

const CONF = 'etc/asterisk/extensions_extra.d/acme-hello.conf';

export const ATTACKS: readonly Attack[] = [
  {
    kind: 'terminal',
    name: 'values of plugin.yml',
    guards: GUARDS,
    async run(place) {
      const text = quoted(EVIL);
      const manifest = `name: ${text}\nnamespace: acme\nversion: ${text}\ndescription: ${text}\ndebian_depends: [${text}]\n${text}: 1\n`;
      writePlugin(path.join(place.folder, 'hello'), { 'wazo/plugin.yml': manifest });
      return await runAll(place, SHOWING);
    },
  },
  {
    kind: 'terminal',
    name: 'lines of the dialplan',
    guards: GUARDS,
    async run(place) {
      const evil = EVIL.replaceAll('\n', '');
      writePlugin(path.join(place.folder, 'hello'), {
        [CONF]: `[acme-hello${evil}]\nexten = ${evil},1,Nonsense(${evil})\nsame = n,Goto(${evil},1)\n${evil}\n`,
      });
      const file = path.join('hello', CONF);
      return await runAll(place, [
        ...SHOWING,
        ['dialplan', 'check', file],
        ['dialplan', 'trace', file, `acme-hello${evil},${evil}`],
      ]);
    },
  },
  {
    kind: 'terminal',
    name: 'names of files, with line breaks, dashes in front and what a terminal obeys',
    guards: GUARDS,
    async run(place) {
      const names = [`-rf ${EVIL}.conf`, `${EVIL}.conf`, '--help', '-n'];
      const folders = ['etc/asterisk/extensions_extra.d', 'etc/wazo-calld/conf.d', 'data'];
      writePlugin(
        path.join(place.folder, 'hello'),
        Object.fromEntries(
          folders.flatMap((folder) => names.map((name) => [`${folder}/${name}`, `[${folder}\n`])),
        ),
      );
      return await runAll(place, SHOWING);
    },
  },
  {
    kind: 'terminal',
    name: 'files that somebody put on the target, by such names and with such lines',
    guards: GUARDS,
    async run(place) {
      writePlugin(path.join(place.folder, 'hello'));
      await place.wdev(['install', 'hello'], { runsPlugin: true });
      const root = path.join(place.folder, '.wdev/stack/root');
      for (const name of [`-rf ${EVIL}.conf`, '--help', `${EVIL}.conf`]) {
        writeFileSync(path.join(root, 'etc/asterisk/extensions_extra.d', name), `[acme${EVIL}]\n${EVIL}\n`);
      }
      mkdirSync(path.join(root, 'var/log/asterisk'), { recursive: true });
      writeFileSync(path.join(root, 'var/log/asterisk/full'), `[2026] ERROR[1] pbx.c: ${EVIL}\n`, {
        flag: 'a',
      });
      return await runAll(place, [['logs'], ['logs', '--json'], ...SHOWING]);
    },
  },
  {
    kind: 'terminal',
    name: 'lines and names that end the script of the page of wdev watch, and begin another',
    guards: [
      {
        file: 'src/live/document.js',
        from: 'JSON.stringify(data).replaceAll(',
        to: "JSON.stringify(data).replaceAll('\\0' + ",
      },
    ],
    async run(place) {
      const script = '</script><script>alert(1)</script>';
      writePlugin(path.join(place.folder, 'hello'), {
        [CONF]: `[acme-hello]\nexten = s,1,NoOp(${script})\n${script}\n`,
        [`etc/asterisk/extensions_extra.d/<img src=x onerror=alert(1)>.conf`]: '[acme-more]\n',
      });
      const words = ['watch', 'hello', '--once', '--report', 'report.html'];
      const { stdout, stderr } = await place.wdev(words, { runsPlugin: true });
      await place.wdev(['stack', 'down', '--kind', 'embedded']);
      const report = path.join(place.folder, 'report.html');
      if (!existsSync(report)) return `there is no page: ${stdout}${stderr}`;
      const page = readFileSync(report, 'utf8');
      if (!page.includes('alert(1)')) return 'the page shows nothing of it';
      return /<(?:script>alert|img)/.test(page) ? 'a script of others stands in the page' : undefined;
    },
  },
  {
    kind: 'terminal',
    name: 'titles, notes and questions of a template',
    guards: GUARDS,
    async run(place) {
      const text = quoted(EVIL);
      const template = path.join(place.folder, 'template');
      mkdirSync(path.join(template, 'files'), { recursive: true });
      writeFileSync(path.join(template, 'files/notes.txt'), EVIL);
      writeFileSync(
        path.join(template, 'template.yml'),
        `title: ${text}\nsummary: ${text}\nkind: stack\nrun: [[echo, ${text}]]\nquestions:\n  - {name: name, type: input, message: ${text}, default: ${text}}\n`,
      );
      return await runAll(place, [
        ['templates', 'show', './template'],
        ['templates', 'lint', './template'],
        ['new', 'made', '--template', './template', '--yes', '--dry-run'],
        ['new', 'made', '--template', './template', '--yes'],
        ['new', 'made', '--template', './template', '--name', 'hi', '--yes', '--json'],
      ]);
    },
  },
  {
    kind: 'terminal',
    name: 'what a server answers, by HTTP and over a shell',
    guards: GUARDS,
    async run(place) {
      writePlugin(path.join(place.folder, 'hello'));
      const server = createServer((_, response) =>
        response.writeHead(400).end(JSON.stringify({ message: EVIL })),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const shell = path.join(place.folder, 'shell');
      writeFileSync(shell, `#!/bin/sh\nprintf '%s' '${EVIL}' >&2\nexit 1\n`, { mode: 0o755 });
      try {
        const { port } = server.address() as AddressInfo;
        const deploy = ['deploy', 'hello', '--remove', '--yes', '--token-command', 'echo token'];
        return await runAll(place, [
          [...deploy, '--server', `http://127.0.0.1:${port}`],
          [...deploy, '--server', `http://127.0.0.1:${port}`, '--json'],
          ['status', '--target', `exec:${shell}`],
          ['status', '--target', `exec:${shell}`, '--json'],
        ]);
      } finally {
        server.close();
      }
    },
  },
];
