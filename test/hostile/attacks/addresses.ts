/** Addresses of repositories by which git would start a program, and repositories that have programs of their own. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writePlugin } from '../../support/plugins.ts';
import { GIT_IDENTITY } from '../../support/wdev.ts';
import type { Attack } from '../attack.ts';
import type { Place } from '../place.ts';

function git(folder: string, ...args: readonly string[]): void {
  execFileSync('git', args, { cwd: folder, env: { ...process.env, ...GIT_IDENTITY }, stdio: 'ignore' });
}

/** A committed plugin in `hello`, and a clone of it in `far`, which is its remote. */
function makePlugin({ folder }: Place): string {
  const plugin = path.join(folder, 'hello');
  mkdirSync(plugin);
  writePlugin(plugin);
  git(plugin, 'init', '--quiet', '--initial-branch=master');
  git(plugin, 'add', '--all');
  git(plugin, 'commit', '--quiet', '--message', 'one');
  git(folder, 'clone', '--quiet', 'hello', 'far');
  git(plugin, 'remote', 'add', 'origin', '../far');
  return plugin;
}

function evilProgram({ folder, canary }: Place): string {
  const program = path.join(folder, 'evil');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${canary}'\nexit 1\n`, { mode: 0o755 });
  return program;
}

/** A git that says so when it is given such an address, and does nothing with it then. */
function watchedGit({ folder, canary }: Place): Readonly<Record<string, string>> {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh
if { printf '%s\\n' "$@"; env; } | grep -q -e 'ext::' -e --upload-pack= -e oProxyCommand; then
  echo "git $*" >> '${canary}'
  exit 1
fi
PATH='${process.env['PATH'] ?? ''}' exec git "$@"
`;
  writeFileSync(path.join(bin, 'git'), script, { mode: 0o755 });
  return { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
}

function writeMarket(site: string, url: string): void {
  const versions = [{ version: '1.0', method: 'git', options: { url, ref: '1.0' } }];
  const items = [{ namespace: 'acme', name: 'hello', display_name: 'Hello', versions }];
  mkdirSync(path.join(site, 'v1'), { recursive: true });
  writeFileSync(path.join(site, 'v1/plugins'), JSON.stringify({ items, total: 1 }));
}

export const ATTACKS: readonly Attack[] = [
  {
    kind: 'git',
    name: 'an address of a program, or that is an option, under each command that takes one',
    guards: [
      { file: 'src/git/address.js', from: 'if (why === undefined)\n', to: 'if (true)\n' },
      { file: 'src/templates/reference.js', from: 'if (!GIT_URL.test(url))', to: 'if (false)' },
      {
        file: 'src/templates/reference.js',
        from: "if (ref !== '' && !GIT_REF.test(ref))",
        to: 'if (false)',
      },
    ],
    async run(place) {
      const env = watchedGit(place);
      const cwd = makePlugin(place);
      const site = path.join(place.folder, 'site');
      const addresses = [
        'ext::/tmp/evil x',
        '--upload-pack=/tmp/evil',
        'ssh://-oProxyCommand=/tmp/evil/x',
        '-oProxyCommand=/tmp/evil:x',
      ];
      const [ext = ''] = addresses;
      for (const address of addresses) {
        await place.wdev(['new', '--template', `git+${address}`, 'made', '--yes'], { env });
        await place.wdev(['market', 'build', '--out', site, '--', address], { env });
        await place.wdev(['deploy', `--url=${address}`, '--server', 'https://127.0.0.1:9'], { cwd, env });
      }
      const reference = 'git+https://127.0.0.1:9/x.git#--upload-pack=/tmp/evil';
      await place.wdev(['new', '--template', reference, 'made', '--yes'], { env });
      writeMarket(site, ext);
      await place.wdev(['market', 'check', site], { env });
      git(cwd, 'remote', 'set-url', 'origin', ext);
      const told = [];
      for (const words of [
        ['release', 'patch', '--push', '--no-rehearse'],
        ['deploy', '--server', 'https://127.0.0.1:9'],
        ['market', 'build', '.', '--out', site],
      ])
        told.push(await place.wdev(words, { cwd, env, runsPlugin: true }));
      const silent = told.find(({ stderr }) => !stderr.includes('is no address of a repository'));
      return silent === undefined ? undefined : `it is not refused: ${silent.stderr}`;
    },
  },
  {
    kind: 'git',
    name: 'a push to a repository of this machine, whose configuration names filters and hooks',
    guards: [
      {
        file: 'src/git/remote.js',
        from: 'const here = pathOf(address, repository.root);',
        to: 'const here = undefined;',
      },
    ],
    async run(place) {
      const cwd = makePlugin(place);
      const program = evilProgram(place);
      appendFileSync(
        path.join(place.folder, 'far/.git/config'),
        `[receive]\n\tdenyCurrentBranch = updateInstead\n[filter "evil"]\n\tsmudge = ${program}\n`,
      );
      writeFileSync(path.join(place.folder, 'far/.git/info/attributes'), '* filter=evil\n');
      git(path.join(place.folder, 'far'), 'config', 'core.hooksPath', place.folder);
      for (const name of ['pre-receive', 'update', 'post-update'])
        writeFileSync(path.join(place.folder, name), `#!/bin/sh\n${program} ${name}\n`, { mode: 0o755 });
      const words = ['release', 'patch', '--push', '--no-rehearse'];
      const { stderr } = await place.wdev(words, { cwd, runsPlugin: true });
      // the branch is checked out there
      return stderr.includes('could not push') ? undefined : `it was pushed: ${stderr}`;
    },
  },
  {
    kind: 'git',
    name: 'a pipe as a branch of the repository that a template comes from',
    guards: [
      { file: 'src/git/impatient.js', from: 'const SUSPICIOUS = 1_000;', to: 'const SUSPICIOUS = 90_000;' },
    ],
    async run(place) {
      makePlugin(place);
      const branch = path.join(place.folder, 'far/.git/refs/heads/master');
      rmSync(branch);
      execFileSync('mkfifo', [branch]);
      const template = `git+file://${place.folder}/far`;
      await place.wdev(['new', 'made', '--template', template, '--yes'], { hangs: 40 });
      return undefined;
    },
  },
];
