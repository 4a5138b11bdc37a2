/** Repositories of a plugin as clones have them: submodules, Git LFS, what lacks of them, and remotes of the author's. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { writePlugin } from '../../support/plugins.ts';
import { GIT_IDENTITY } from '../../support/wdev.ts';
import type { Attack, Guard } from '../attack.ts';
import type { Place } from '../place.ts';
import { OBEYED, REMOTES } from './git.ts';

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
    cwd: folder,
    env: { ...process.env, ...GIT_IDENTITY },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function commitAll(folder: string, message: string): void {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', message);
}

/** A program of the author's: it writes the canary. */
function evilProgram({ folder, canary }: Place): string {
  const program = path.join(folder, 'evil');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${canary}'\nexit 1\n`, { mode: 0o755 });
  return program;
}

/** A committed plugin `hello` with a tag and a remote, `far`, that has what it has. */
function makeClone({ folder }: Place, files: Readonly<Record<string, string>> = {}): string {
  const plugin = path.join(folder, 'hello');
  mkdirSync(plugin);
  writePlugin(plugin, files);
  git(plugin, 'init', '--quiet', '--initial-branch=master');
  commitAll(plugin, 'one');
  git(plugin, 'tag', '--annotate', '--message', 'one', '1.0.0');
  git(folder, 'clone', '--quiet', '--bare', 'hello', 'far');
  git(plugin, 'remote', 'add', 'origin', '../far');
  return plugin;
}

/** Removes objects of the repository. */
function lose(plugin: string, names: readonly string[]): void {
  for (const object of git(plugin, 'rev-parse', ...names)
    .trim()
    .split('\n'))
    rmSync(path.join(plugin, '.git/objects', object.slice(0, 2), object.slice(2)));
}

function configure(plugin: string, text: string): void {
  appendFileSync(path.join(plugin, '.git/config'), text);
}

const URL = 'https://git.example.org/hello.git';

/** The commands of a person who has a clone; the stack is the embedded one, and nobody listens at the server's port. */
const EVERY: readonly (readonly string[])[] = [
  ['check'],
  ['build', '--out', '../out'],
  ['migrate', '--dry-run'],
  ['why'],
  ['compat', '--engine', '26.07'],
  ['preview'],
  ['install'],
  ['watch', '--once'],
  ['status'],
  ['stack', 'down', '--kind', 'embedded'],
  ['market', 'build', '.', '--out', '../site'],
  [...'deploy --token-command'.split(' '), 'echo x', ...'--server https://127.0.0.1:9 --url'.split(' '), URL],
  ['release', 'patch', '--no-rehearse'],
  ['add', 'confd', '--yes'],
  ['update', '--dry-run'],
];

async function everyCommand(place: Place, plugin: string, env = {}): Promise<undefined> {
  for (const words of EVERY) await place.wdev(words, { cwd: plugin, env, runsPlugin: true });
}

/** Keys of a repository's configuration that name a program, in every section that has one. */
function everyProgram(program: string): string {
  const rows = [
    'alias.status = !P',
    'core.askPass = P',
    'core.editor = P',
    'core.fsmonitor = P',
    'core.gitProxy = P',
    'core.pager = P',
    'core.sshCommand = P',
    'credential.helper = P',
    'diff.external = P',
    'diff.evil.command = P',
    'diff.evil.textconv = P',
    'filter.evil.clean = P',
    'filter.evil.process = P',
    'filter.evil.smudge = P',
    'gpg.program = P',
    'gpg.ssh.program = P',
    'commit.gpgSign = true',
    'tag.gpgSign = true',
    'log.showSignature = true',
    'merge.evil.driver = P',
    'pager.log = P',
    'pager.status = P',
    'remote.origin.receivepack = P',
    'remote.origin.uploadpack = P',
    'sequence.editor = P',
    'trailer.evil.command = P',
    'uploadpack.packObjectsHook = P',
  ];
  return rows
    .map((row) => {
      const [key = '', value = ''] = row.split(' = ');
      const names = key.split('.');
      const [section, middle] = [names[0], names.slice(1, -1).join('.')];
      const head = middle === '' ? `[${section}]` : `[${section} "${middle}"]`;
      return `${head}\n\t${names.at(-1)} = ${value.replace('P', program)}\n`;
    })
    .join('');
}

const ATTRIBUTES = '* filter=evil diff=evil merge=evil\n';

/** Ways to a remote, each with a key by which git would start a program of the author's on the way. */
const ON_THE_WAY: Readonly<
  Record<string, (program: string, server: string) => readonly [address: string, configuration: string]>
> = {
  'core.sshCommand': (program) => ['ssh://git@127.0.0.1:9/hello.git', `[core]\n\tsshCommand = ${program}\n`],
  'core.gitProxy': (program) => ['git://127.0.0.1:9/hello.git', `[core]\n\tgitProxy = ${program}\n`],
  'credential.helper': (program, server) => [server, `[credential]\n\thelper = ${program}\n`],
  'core.askPass': (program, server) => [server, `[core]\n\taskPass = ${program}\n`],
  'remote.*.uploadpack': (program) => ['../far', `[remote "origin"]\n\tuploadpack = ${program}\n`],
  'url.*.insteadOf': (program) => [
    'https://127.0.0.1:9/hello.git',
    `[url "ext::${program} "]\n\tinsteadOf = https://127.0.0.1:9/\n[protocol "ext"]\n\tallow = always\n`,
  ],
};

/** A server that asks everybody for a password. */
async function asking(): Promise<Server> {
  const server = createServer((_, answer) =>
    answer.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** git's own protocols, and that of addresses that name programs. */
const ANY_PROTOCOL: Guard = {
  file: 'src/git/call.js',
  from: "export const PROTOCOLS = 'https:http:ssh:git:file';",
  to: "export const PROTOCOLS = 'https:http:ssh:git:file:ext';",
};

export const ATTACKS: readonly Attack[] = [
  {
    kind: 'git',
    name: 'every key of .git/config that names a program, under every command',
    guards: OBEYED,
    async run(place) {
      const plugin = makeClone(place, { '.gitattributes': ATTRIBUTES });
      configure(plugin, everyProgram(evilProgram(place)));
      return await everyCommand(place, plugin);
    },
  },
  {
    kind: 'git',
    name: 'a submodule whose address, update and own configuration name programs, under every command',
    guards: [{ file: 'src/git/state.js', from: "'--ignore-submodules=dirty', ", to: '' }],
    async run(place) {
      const plugin = makeClone(place);
      const program = evilProgram(place);
      const inner = path.join(plugin, 'inner');
      mkdirSync(inner);
      writePlugin(inner, { '.gitattributes': ATTRIBUTES });
      git(inner, 'init', '--quiet', '--initial-branch=master');
      commitAll(inner, 'one');
      configure(inner, everyProgram(program));
      const module = `\tpath = inner\n\turl = ext::${program} %S\n`;
      writeFileSync(path.join(plugin, '.gitmodules'), `[submodule "inner"]\n${module}`);
      commitAll(plugin, 'two');
      git(plugin, 'push', '--quiet', 'origin', 'master');
      // git has to look into it
      utimesSync(path.join(inner, 'wazo/plugin.yml'), 1, 1);
      configure(
        plugin,
        `[submodule]\n\trecurse = true\n[submodule "inner"]\n\tactive = true\n${module}\tupdate = !${program}\n[status]\n\tsubmoduleSummary = true\n[diff]\n\tsubmodule = log\n\tignoreSubmodules = none\n[protocol "ext"]\n\tallow = always\n`,
      );
      return await everyCommand(place, plugin);
    },
  },
  {
    kind: 'git',
    name: 'Git LFS as .git/config and .lfsconfig have it: filters, transfers and a server of the author’s',
    guards: OBEYED,
    async run(place) {
      const program = evilProgram(place);
      const settings = `[lfs]\n\turl = ext::${program}\n\tstandalonetransferagent = evil\n[lfs "customtransfer.evil"]\n\tpath = ${program}\n[lfs "extension.evil"]\n\tclean = ${program} %f\n\tsmudge = ${program} %f\n\tpriority = 0\n`;
      const plugin = makeClone(place, {
        '.gitattributes': '* filter=lfs diff=lfs merge=lfs -text\n',
        '.lfsconfig': settings,
      });
      configure(
        plugin,
        `${settings}[filter "lfs"]\n\tclean = ${program} %f\n\tsmudge = ${program} %f\n\tprocess = ${program}\n\trequired = true\n`,
      );
      return await everyCommand(place, plugin);
    },
  },
  {
    kind: 'git',
    name: 'Git LFS of the person’s own configuration, which would fetch from where .lfsconfig says',
    guards: [{ file: 'src/git/call.js', from: '* -filter -export-subst', to: '' }],
    async run(place) {
      const plugin = makeClone(place, { '.gitattributes': '*.conf filter=lfs -text\n' });
      const own = path.join(place.home, 'gitconfig');
      writeFileSync(own, `[filter "lfs"]\n\tclean = cat\n\tsmudge = ${evilProgram(place)}\n`);
      return await everyCommand(place, plugin, { GIT_CONFIG_GLOBAL: own });
    },
  },
  {
    kind: 'git',
    name: 'a shallow clone of few objects, whose remote is the program that fetches the others',
    guards: [...OBEYED, REMOTES],
    async run(place) {
      const plugin = makeClone(place);
      writeFileSync(path.join(plugin, 'README.md'), '# Hello\n');
      commitAll(plugin, 'two');
      const program = evilProgram(place);
      const head = git(plugin, 'rev-parse', 'HEAD');
      lose(plugin, ['HEAD^', 'HEAD^^{tree}', 'HEAD^{tree}', 'HEAD:README.md', 'HEAD:wazo']);
      writeFileSync(path.join(plugin, '.git/shallow'), head);
      configure(
        plugin,
        `[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\turl = ext::${program} %S\n\tpromisor = true\n\tpartialCloneFilter = tree:0\n\tuploadpack = ${program}\n[protocol "ext"]\n\tallow = always\n`,
      );
      return await everyCommand(place, plugin);
    },
  },
  ...Object.entries(ON_THE_WAY).map(([key, way]): Attack => ({
    kind: 'git',
    name: `${key} of .git/config, when a release is pushed`,
    guards: [...OBEYED, ANY_PROTOCOL],
    async run(place) {
      const plugin = makeClone(place);
      const server = await asking();
      try {
        const { port } = server.address() as AddressInfo;
        const [address, configuration] = way(evilProgram(place), `http://127.0.0.1:${port}/hello.git`);
        git(plugin, 'remote', 'set-url', 'origin', address);
        configure(plugin, configuration);
        const words = ['release', 'patch', '--push', '--no-rehearse'];
        const { status, stderr } = await place.wdev(words, { cwd: plugin, runsPlugin: true });
        return status === 0 && address !== '../far' ? `it was pushed: ${stderr}` : undefined;
      } finally {
        server.close();
      }
    },
  })),
];
