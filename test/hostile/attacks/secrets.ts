import { execFileSync } from 'node:child_process';
import { createReadStream, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { GIT_IDENTITY } from '../../support/wdev.ts';
import type { Attack, Guard } from '../attack.ts';
import type { Place, WdevRun } from '../place.ts';

const SECRET = 'xyzzy-4711';

/** Nothing is masked, and nothing is taken for credentials. */
const BLIND: Guard = {
  file: 'src/support/secrets.js',
  from: "if (!text.includes('://'))",
  to: 'if (true)',
};

/** Where the secret can be read in what was printed, or in a file that was made. */
function found(place: Place, runs: readonly WdevRun[]): string | undefined {
  const told = runs.find(({ stdout, stderr }) => `${stdout}${stderr}`.includes(SECRET));
  if (told !== undefined) return `it is printed: ${told.stdout}${told.stderr}`;
  for (const root of [path.join(place.folder, 'made'), path.join(place.folder, 'hello'), place.home]) {
    const file = filesBelow(root).find(
      (name) => !/\.(?:npmrc|gitconfig)$/.test(name) && readFileSync(name).includes(SECRET),
    );
    if (file !== undefined) return `it is stored in ${path.relative(place.folder, file)}`;
  }
  return undefined;
}

function filesBelow(folder: string): readonly string[] {
  const entries =
    statSync(folder, { throwIfNoEntry: false }) === undefined
      ? []
      : readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

const TEMPLATE = `title: Note
summary: a note
kind: stack
questions:
  - {name: name, type: input, message: Name, valid: plugin-name}
  - {name: namespace, type: input, message: Namespace, valid: namespace}
`;

/** A repository with a template, behind a plain server of files. */
async function withServer<T>(place: Place, work: (host: string, commit: string) => Promise<T>): Promise<T> {
  const folder = path.join(place.folder, 'served');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'template.yml'), TEMPLATE);
  mkdirSync(path.join(folder, 'files'));
  writeFileSync(path.join(folder, 'files/one'), 'one');
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: folder,
      env: { ...process.env, ...GIT_IDENTITY },
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'one');
  git('update-server-info');
  const server = createServer((request, response) => {
    const file = path.join(
      folder,
      '.git',
      new URL(request.url ?? '', 'http://x').pathname.replace(/^\/t\.git/, ''),
    );
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) createReadStream(file).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`127.0.0.1:${(server.address() as AddressInfo).port}`, git('rev-parse', 'HEAD'));
  } finally {
    server.close();
  }
}

export const ATTACKS: readonly Attack[] = [
  {
    kind: 'secrets',
    name: 'credentials in the address of a template reach the answers file, the first commit and messages',
    guards: [BLIND],
    async run(place) {
      return await withServer(place, async (host, commit) => {
        const runs: WdevRun[] = [];
        for (const address of [
          `http://alice:${SECRET}@${host}/t.git#${commit}`,
          `http://${SECRET}@${host}/t.git#${commit}`,
          `http://alice:${SECRET}@127.0.0.1:9/t.git`,
          `http://127.0.0.1:9/t.git?private_token=${SECRET}`,
        ]) {
          const args = [
            'new',
            '--template',
            `git+${address}`,
            'made',
            '--namespace',
            'demo',
            '--yes',
            '--force',
          ];
          runs.push(await place.wdev(args));
        }
        return found(place, runs);
      });
    },
  },
  {
    kind: 'secrets',
    name: 'an answers file has credentials, and update prints them and writes them on',
    guards: [BLIND],
    async run(place) {
      await place.wdev(['new', 'stack', 'made', '--namespace', 'demo', '--yes', '--no-git']);
      const file = path.join(place.folder, 'made/.yo-rc.json');
      const before = readFileSync(file, 'utf8');
      const template = `git+http://alice:${SECRET}@127.0.0.1:9/t.git`;
      writeFileSync(file, before.replace('"template": "stack"', `"template": "${template}"`));
      const runs = [
        await place.wdev(['update', 'made', '--force']),
        await place.wdev(['update', 'made', '--dry-run', '--json']),
        await place.wdev(['add', 'confd', 'made', '--force', '--yes']),
      ];
      writeFileSync(file, before);
      return found(place, runs);
    },
  },
  {
    kind: 'secrets',
    name: 'credentials in the address of a target: listed, told, and written to wdev.yml',
    guards: [BLIND],
    async run(place) {
      const made = path.join(place.folder, 'made');
      mkdirSync(made);
      const add = ['targets', 'add', 'lab', `ssh://root:${SECRET}@127.0.0.1:9`];
      const runs = [await place.wdev(add, { cwd: made })];
      const stored = found(place, runs);
      if (stored !== undefined) return stored;
      writeFileSync(path.join(made, 'wdev.yml'), `targets:\n  lab: ssh://root:${SECRET}@127.0.0.1:9\n`);
      for (const args of [['list'], ['list', '--json'], ['test', 'lab'], ['add', 'lab', 'local']])
        runs.push(await place.wdev(['targets', ...args], { cwd: made }));
      runs.push(await place.wdev(['status', '--target', 'lab', '--json'], { cwd: made }));
      runs.push(await place.wdev(['__complete', 'status', '--target', ''], { cwd: made }));
      writeFileSync(path.join(made, 'wdev.yml'), '');
      return found(place, runs);
    },
  },
  {
    kind: 'secrets',
    name: "git's and npm's own words repeat credentials of the person's configuration",
    guards: [BLIND],
    async run(place) {
      const address = `http://alice:${SECRET}@127.0.0.1:9/`;
      writeFileSync(
        path.join(place.home, '.gitconfig'),
        `[url "${address}?access_token=${SECRET}"]\n\tinsteadOf = http://example.invalid/\n`,
      );
      writeFileSync(path.join(place.home, '.npmrc'), `registry=${address}\n`);
      const env = {
        npm_config_fetch_retry_mintimeout: '1',
        npm_config_cache: path.join(place.folder, 'npm'),
        GIT_CONFIG_GLOBAL: path.join(place.home, '.gitconfig'),
      };
      const runs = [];
      for (const template of ['git+http://example.invalid/t.git', 'npm:wazo-note'])
        runs.push(await place.wdev(['new', '--template', template, 'made', '--yes'], { env }));
      return found(place, runs);
    },
  },
];
