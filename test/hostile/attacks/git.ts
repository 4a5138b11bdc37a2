import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { GIT_IDENTITY } from '../../support/wdev.ts';
import type { Attack, Guard } from '../attack.ts';
import type { Place } from '../place.ts';

const PLUGIN = {
  'wazo/plugin.yml': 'name: hello\nnamespace: demo\nversion: 1.0.0\n',
  'wazo/rules': '#!/bin/sh\nset -e\ncase "$1" in\n  build|package|install|uninstall) ;;\nesac\n',
  'etc/asterisk/extensions_extra.d/hello.conf': '[hello]\nexten = 1,1,NoOp\n',
  '.gitattributes': '* filter=evil diff=evil merge=evil\n',
};

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  if ('wazo/rules' in files) chmodSync(path.join(folder, 'wazo/rules'), 0o755);
}

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    env: { ...process.env, ...GIT_IDENTITY },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** A committed plugin, in `folder/hello`. */
function makePlugin({ folder }: Place, more: Readonly<Record<string, string>> = {}): string {
  const plugin = path.join(folder, 'hello');
  write(plugin, { ...PLUGIN, ...more });
  git(plugin, 'init', '--quiet', '--initial-branch=master');
  git(plugin, 'add', '--all');
  git(plugin, 'commit', '--quiet', '--message', 'one');
  return plugin;
}

/** A program of the author's: it writes the canary, and says nothing. */
function evilProgram({ folder, canary }: Place): string {
  const program = path.join(folder, 'evil');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${canary}'\nexit 1\n`, { mode: 0o755 });
  return program;
}

function configure(plugin: string, text: string): void {
  appendFileSync(path.join(plugin, '.git/config'), text);
}

/** The configuration of the repository counts: the shape of a call of git before there was a view. */
export const OBEYED: readonly [Guard, ...Guard[]] = [
  {
    file: 'src/git/view.js',
    from: 'config: configText(descriptionOf(repository)),',
    to: "config: `${process.getBuiltinModule('node:fs').readFileSync(path.join(commonDir, 'config'))}\\n[include]\\npath = ${path.join(commonDir, 'config')}\\npath = ${path.join(gitDir, 'config.worktree')}\\n`,",
  },
  {
    file: 'src/git/call.js',
    from: "const QUIET = ['core.fsmonitor=false', 'core.hooksPath=/dev/null',",
    to: 'const QUIET = [',
  },
];

/** Reading waits for a pipe. */
const ANY_FILE: readonly [Guard, ...Guard[]] = [
  { file: 'src/support/read-file.js', from: 'if (stat.isFile())', to: 'if (true)' },
  { file: 'src/support/read-file.js', from: ' | (constants.O_NONBLOCK ?? 0)', to: '' },
];

/** Without it, and with patience: git would be given up after a while. */
const IMPATIENT: Guard = {
  file: 'src/git/impatient.js',
  from: 'const SUSPICIOUS = 1_000;',
  to: 'const SUSPICIOUS = 90_000;',
};

/** Objects that lack in a repository are fetched. */
export const REMOTES: Guard = {
  file: 'src/git/call.js',
  from: "{ GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' }",
  to: '{}',
};

/** Commands that list a plugin's files, or ask git for more. None needs a target. */
const COMMANDS: readonly (readonly string[])[] = [
  ['check', 'hello'],
  ['migrate', 'hello', '--dry-run'],
  ['build', 'hello', '--out', 'out'],
  ['why', 'hello'],
  ['compat', 'hello', '--engine', '26.07'],
];

async function runAll(place: Place): Promise<undefined> {
  for (const command of COMMANDS) await place.wdev(command, { runsPlugin: true });
}

/** A committed plugin that wdev made, whose files git must look into again: their times changed. */
async function makeOwn(place: Place): Promise<string> {
  await place.wdev(['new', 'stack', 'hello', '--namespace', 'demo', '--yes']);
  const plugin = path.join(place.folder, 'hello');
  write(plugin, { '.gitattributes': '* filter=evil\n' });
  git(plugin, 'add', '--all');
  git(plugin, 'commit', '--quiet', '--message', 'two');
  utimesSync(path.join(plugin, 'README.md'), 1, 1);
  return plugin;
}

/** `add` asks git whether all is committed. */
async function addPart(place: Place): Promise<undefined> {
  await place.wdev(['add', 'confd', '--dir', 'hello', '--yes']);
  return undefined;
}

export const ATTACKS: readonly Attack[] = [
  {
    kind: 'git',
    name: 'core.fsmonitor of .git/config, under every command that lists files',
    guards: OBEYED,
    async run(place) {
      configure(makePlugin(place), `[core]\n\tfsmonitor = ${evilProgram(place)}\n`);
      return await runAll(place);
    },
  },
  {
    kind: 'git',
    name: 'core.fsmonitor in a file that .git/config includes',
    guards: OBEYED,
    async run(place) {
      const plugin = makePlugin(place, { settings: `[core]\n\tfsmonitor = ${evilProgram(place)}\n` });
      configure(plugin, '[include]\n\tpath = ../settings\n[includeIf "gitdir:**"]\n\tpath = ../settings\n');
      return await runAll(place);
    },
  },
  {
    kind: 'git',
    name: 'core.fsmonitor in config.worktree',
    guards: OBEYED,
    async run(place) {
      const plugin = makePlugin(place);
      configure(plugin, '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tworktreeConfig = true\n');
      const own = path.join(plugin, '.git/config.worktree');
      writeFileSync(own, `[core]\n\tfsmonitor = ${evilProgram(place)}\n`);
      return await runAll(place);
    },
  },
  {
    kind: 'git',
    name: 'a .git file that leads to a repository with core.fsmonitor inside the plugin',
    guards: OBEYED,
    async run(place) {
      const plugin = makePlugin(place);
      configure(plugin, `[core]\n\tfsmonitor = ${evilProgram(place)}\n`);
      renameSync(path.join(plugin, '.git'), path.join(plugin, 'data'));
      writeFileSync(path.join(plugin, '.git'), 'gitdir: data\n');
      return await runAll(place);
    },
  },
  {
    kind: 'git',
    name: 'a plugin that is committed in the shape of a bare repository, with core.fsmonitor',
    guards: [
      ...OBEYED,
      {
        file: 'src/git/repository.js',
        from: 'const found = repositoryAt(folder);',
        to: 'const found = openAt(folder, folder) ?? repositoryAt(folder);',
      },
    ],
    async run(place) {
      const plugin = makePlugin(place);
      cpSync(path.join(plugin, '.git'), plugin, { recursive: true });
      const worktree = `[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = ${evilProgram(place)}\n`;
      appendFileSync(path.join(plugin, 'config'), worktree);
      rmSync(path.join(plugin, '.git'), { recursive: true });
      git(place.folder, 'init', '--quiet');
      git(place.folder, 'add', '--all', '--force');
      return await runAll(place);
    },
  },
  {
    kind: 'git',
    name: 'gpg.program, by log.showSignature and a commit that looks signed',
    guards: [
      ...OBEYED,
      {
        file: 'src/package/gather.js',
        from: "['rev-list', '-1', '--no-commit-header', '--format=%ct', 'HEAD']",
        to: "['log', '-1', '--format=%ct']",
      },
    ],
    async run(place) {
      const plugin = makePlugin(place);
      const commit = git(plugin, 'cat-file', 'commit', 'HEAD').replace(
        '\n\n',
        '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n\n',
      );
      writeFileSync(path.join(place.folder, 'commit'), commit);
      const made = git(plugin, 'hash-object', '-t', 'commit', '-w', path.join(place.folder, 'commit'));
      git(plugin, 'update-ref', 'refs/heads/master', made.trim());
      configure(plugin, `[log]\n\tshowSignature = true\n[gpg]\n\tprogram = ${evilProgram(place)}\n`);
      return await runAll(place);
    },
  },
  {
    kind: 'git',
    name: 'a partial clone, whose remote names the program that fetches what lacks',
    guards: [...OBEYED, REMOTES],
    async run(place) {
      const plugin = makePlugin(place);
      const commit = git(plugin, 'rev-parse', 'HEAD').trim();
      rmSync(path.join(plugin, '.git/objects', commit.slice(0, 2), commit.slice(2)));
      configure(
        plugin,
        `[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\turl = ${place.folder}/hello\n\tpromisor = true\n\tuploadpack = ${evilProgram(place)}\n`,
      );
      return await runAll(place);
    },
  },
  ...['clean', 'process'].map((driver): Attack => ({
    kind: 'git',
    name: `filter.*.${driver} of .git/config, named by .gitattributes`,
    guards: OBEYED,
    async run(place) {
      const plugin = await makeOwn(place);
      configure(plugin, `[filter "evil"]\n\t${driver} = ${evilProgram(place)}\n`);
      return await addPart(place);
    },
  })),
  {
    kind: 'git',
    name: 'a hook of the repository, when git status refreshes the index',
    guards: [
      ...OBEYED,
      {
        file: 'src/git/call.js',
        from: "const READS = { GIT_OPTIONAL_LOCKS: '0' };",
        to: 'const READS = {};',
      },
      {
        file: 'src/git/view.js',
        from: "['objects', 'refs', 'reftable']",
        to: "['objects', 'refs', 'reftable', 'hooks']",
      },
    ],
    async run(place) {
      const plugin = await makeOwn(place);
      cpSync(evilProgram(place), path.join(plugin, '.git/hooks/post-index-change'));
      return await addPart(place);
    },
  },
  {
    kind: 'git',
    name: 'a submodule with a filter of its own, in which git would start another git',
    guards: [
      {
        file: 'src/git/state.js',
        from: "'--ignore-submodules=dirty', ",
        to: '',
      },
    ],
    async run(place) {
      const plugin = await makeOwn(place);
      const inner = path.join(plugin, 'inner');
      write(inner, { 'a.txt': 'a\n', '.gitattributes': '* filter=evil\n' });
      git(inner, 'init', '--quiet');
      git(inner, 'add', '--all');
      git(inner, 'commit', '--quiet', '--message', 'one');
      git(plugin, 'add', 'inner');
      git(plugin, 'commit', '--quiet', '--message', 'two');
      configure(inner, `[filter "evil"]\n\tclean = ${evilProgram(place)}\n`);
      utimesSync(path.join(inner, 'a.txt'), 1, 1);
      return await addPart(place);
    },
  },
  {
    kind: 'git',
    name: 'a repository above the temporary folder names diff.external',
    guards: [
      { file: 'src/migrate/migrate.js', from: "'--no-ext-diff', ", to: '' },
      { file: 'src/migrate/migrate.js', from: '{ GIT_CEILING_DIRECTORIES: path.dirname(folder) }', to: '{}' },
    ],
    async run(place) {
      const tmp = path.join(place.folder, 'tmp');
      mkdirSync(tmp);
      git(tmp, 'init', '--quiet');
      appendFileSync(path.join(tmp, '.git/config'), `[diff]\n\texternal = ${evilProgram(place)}\n`);
      write(path.join(place.folder, 'old'), {
        'package.yml': 'name: old\nversion: 1.0.0\n',
        Makefile: 'install:\n\tcp a /etc/a\n',
      });
      await place.wdev(['migrate', 'old', '--namespace', 'demo', '--dry-run'], { env: { TMPDIR: tmp } });
      return undefined;
    },
  },
  {
    kind: 'git',
    name: "a template's .gitattributes sets the person's own filters to work",
    guards: [{ file: 'src/git/call.js', from: '* -filter -export-subst', to: '' }],
    async run(place) {
      const template = path.join(place.folder, 'template');
      write(template, {
        'template.yml': 'title: Note\nsummary: a note\nkind: stack\nquestions: []\n',
        'files/a.txt': 'a\n',
        '.gitattributes': '* filter=mine\n',
      });
      git(template, 'init', '--quiet');
      git(template, 'add', '--all');
      git(template, 'commit', '--quiet', '--message', 'one');
      const own = path.join(place.home, 'gitconfig');
      writeFileSync(own, `[filter "mine"]\n\tsmudge = ${evilProgram(place)}\n`);
      await place.wdev(['new', 'made', '--template', `git+file://${template}`, '--yes'], {
        env: { GIT_CONFIG_GLOBAL: own },
      });
      return undefined;
    },
  },
  {
    kind: 'git',
    name: 'a pipe as .gitignore, which git waits for',
    guards: [IMPATIENT],
    async run(place) {
      const plugin = makePlugin(place);
      execFileSync('mkfifo', [path.join(plugin, '.gitignore')]);
      const { stderr } = await place.wdev(['check', 'hello'], { hangs: 40 });
      return stderr.includes('.gitignore') ? undefined : `it is not named: ${stderr}`;
    },
  },
  ...['HEAD', 'commondir', 'config', 'index', 'packed-refs', 'info/exclude', 'shallow'].map(
    (name): Attack => ({
      kind: 'git',
      name: `a pipe as .git/${name}`,
      guards: ['HEAD', 'commondir', 'config'].includes(name)
        ? ANY_FILE
        : [{ file: 'src/git/view.js', from: '?.[is]() === true', to: ' !== undefined' }, IMPATIENT],
      async run(place) {
        const plugin = makePlugin(place);
        rmSync(path.join(plugin, '.git', name), { force: true });
        execFileSync('mkfifo', [path.join(plugin, '.git', name)]);
        for (const command of [
          ['check', 'hello'],
          ['build', 'hello', '--out', 'out'],
        ])
          await place.wdev(command, { hangs: 40, runsPlugin: true });
        return undefined;
      },
    }),
  ),
  {
    kind: 'git',
    name: 'a template whose files lie in Git LFS: their server is the author’s to name',
    guards: [{ file: 'src/templates/fetch-git.js', from: 'refusePointers(files, source);', to: '' }],
    async run(place) {
      const template = path.join(place.folder, 'template');
      write(template, {
        'template.yml':
          'title: Note\nsummary: a note\nkind: stack\nquestions:\n  - {name: name, type: input, message: Name, valid: plugin-name}\n  - {name: namespace, type: input, message: Namespace, valid: namespace}\n',
        '.lfsconfig': '[lfs]\n\turl = http://127.0.0.1:9/\n',
        '.gitattributes': 'files/** filter=lfs\n',
        'files/sound': `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 9\n`,
      });
      git(template, 'init', '--quiet', '--initial-branch=master');
      git(template, '-c', 'filter.lfs.clean=cat', 'add', '--all');
      git(template, 'commit', '--quiet', '--message', 'one');
      await place.wdev([
        'new',
        '--template',
        `git+file://${template}`,
        'made',
        '--namespace',
        'demo',
        '--yes',
      ]);
      return existsSync(path.join(place.folder, 'made/sound')) ? 'a pointer was taken for a file' : undefined;
    },
  },
  {
    kind: 'git',
    name: 'a pipe as a file that .git/config includes',
    guards: [...OBEYED, IMPATIENT],
    async run(place) {
      const plugin = makePlugin(place);
      execFileSync('mkfifo', [path.join(plugin, '.git/more')]);
      configure(plugin, `[include]\n\tpath = ${plugin}/.git/more\n`);
      await place.wdev(['check', 'hello'], { hangs: 40 });
      return undefined;
    },
  },
];
