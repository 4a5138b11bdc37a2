import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import * as fc from '../support/fast-check.ts';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { settleAnswers } from '../../src/answers/answers.ts';
import { createPlugin } from '../../src/create/create.ts';
import { exampleNames } from '../../src/templates/built-in.ts';
import { KINDS, loadTemplate, type Kind } from '../../src/templates/load.ts';
import { render } from '../../src/templates/render.ts';
import { answersSchema } from '../../src/templates/schema.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { generated } from '../support/generated-plugin.ts';
import { tempFolder } from '../support/temp.ts';

const PARTS = loadTemplate('stack').parts.map((part) => part.name);
const FACTS = { year: '2026', gitName: '', user: 'tester' };

async function make(answers: Record<string, unknown>, kind: Kind = 'stack'): Promise<string> {
  return await generated(kind, answers);
}

async function files(kind: string, answers: Record<string, unknown>): Promise<Map<string, string>> {
  const template = loadTemplate(kind);
  const given = { name: 'hello', namespace: 'demo', ...answers };
  const settled = await settleAnswers(template, { given, facts: FACTS, open: 'defaults' });
  return new Map(render(template, settled).map((file) => [file.path, String(file.content)]));
}

/** Those that make a plugin of the stack. */
const EXAMPLES = exampleNames().filter((name) =>
  loadTemplate(name).questions.some((one) => one.name === 'namespace'),
);

/** Of a plugin with one part, or of an example. */
function filesOf(name: string): Promise<Map<string, string>> {
  return PARTS.includes(name) ? files('stack', { parts: [name] }) : files(name, {});
}

it('finds each part by its folder', () => {
  expect(PARTS).toEqual(readdirSync(path.join(packageRoot(), 'templates/stack/parts')).sort());
});

it.each([...PARTS, ...EXAMPLES.filter((name) => loadTemplate(name).kind === 'stack')])(
  '%s has a test that asks a server',
  async (name) => {
    const made = [...(await filesOf(name)).keys()];
    expect(made).toContain('tests/integration/conftest.py');
    expect(made.filter((file) => /^tests\/integration\/test_\w+\.py$/.test(file))).toHaveLength(1);
  },
);

it('no page of wazo-ui is hidden by a location of nginx, whatever parts a plugin has', async () => {
  const texts = [...(await files('stack', { parts: PARTS })).values()].join('\n');
  const locations = [...texts.matchAll(/^location (\S+) \{/gm)].map(([, place = '']) => place);
  const pages = [...texts.matchAll(/\broute_base='([^']+)'/g)].map(([, page = '']) => `${page}/`);
  expect([locations.length, pages.length]).toEqual([1, 1]);
  expect(pages.filter((page) => locations.some((place) => page.startsWith(place)))).toEqual([]);
});

/** They add files that say nothing while they are used. */
const SILENT = ['debian-depends', 'sounds'];

it.each([...PARTS, ...EXAMPLES.filter((name) => loadTemplate(name).kind === 'stack')])(
  'the README of %s says where its log lines are',
  async (name) => {
    const readme = (await filesOf(name)).get('README.md') ?? '';
    expect(/journalctl -?-u|\/var\/log\//.test(readme)).toBe(!SILENT.includes(name));
  },
);

/** In five minutes a person reads a thousand words. */
const FIVE_MINUTES = 1000;

it.each([...PARTS, ...EXAMPLES])(
  'what %s gives its author to change is read in five minutes',
  async (name) => {
    const own = [...(await filesOf(name))].filter(
      ([file]) => /^(etc|lib|usr|var|demo_hello)\//.test(file) && !file.endsWith('.wav'),
    );
    const words = own.flatMap(([, text]) => text.split(/\s+/)).filter((word) => word !== '');
    expect(words.length).toBeLessThan(FIVE_MINUTES);
  },
);

describe('a plugin with every part', () => {
  it('passes its own tests', async () => {
    const dir = await make({ parts: PARTS });
    const tested = await run(['/usr/bin/python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-rs'], {
      cwd: dir,
    });
    expect(tested.stdout).toMatch(/^\d{3,} passed in/m);
    expect(tested.stdout).not.toMatch(/skipped|failed/);
  });

  it('is packaged with its entry points, and real stevedore loads each of them', async () => {
    const dir = await make({ parts: PARTS });
    const root = path.join(dir, '_pkg');
    mkdirSync(root);
    const env = { pkgdir: root, PYTHONDONTWRITEBYTECODE: '1' };
    expect((await run(['wazo/rules', 'build'], { cwd: dir, env })).status).toBe(0);
    expect((await run(['wazo/rules', 'package'], { cwd: dir, env })).status).toBe(0);
    const site = path.join(root, 'usr/lib/python3/dist-packages');
    expect(existsSync(path.join(site, 'demo_hello-0.1.0.dist-info/entry_points.txt'))).toBe(true);
    const loaded = await run(['/usr/bin/python3', '-c', LOAD_ALL], {
      cwd: '/',
      env: {
        PYTHONPATH: `${site}:${path.join(dir, 'tests/standins')}`,
        HOME: dir,
        PYTHONDONTWRITEBYTECODE: '1',
      },
    });
    expect(loaded.stderr).toBe('');
    const groups = JSON.parse(loaded.stdout) as Record<string, string[]>;
    expect(Object.keys(groups).length).toBeGreaterThanOrEqual(17);
    expect(groups['wazo_dird.views']).toEqual(['demo_hello', 'demo_hello_backend', 'demo_hello_callers']);
    expect(groups['wazo_confgend.asterisk.hello.conf']).toEqual(['demo_hello']);
  });

  it('restarts services in the order that they need, and reloads Asterisk last, also after removal', async () => {
    const rules = (await files('stack', { parts: PARTS })).get('wazo/rules') ?? '';
    const body = rules.slice(rules.indexOf('take_effect() {'), rules.indexOf('case "$1" in'));
    const restarts = [...body.matchAll(/^ {4}restart (\S+)/gm)].map((match) => match[1]);
    expect(restarts.slice(0, 4)).toEqual(['wazo-confgend', 'wazo-auth', 'wazo-confd', 'wazo-agentd']);
    expect(restarts.length).toBeGreaterThanOrEqual(12);
    expect(body.lastIndexOf('    restart ')).toBeLessThan(body.indexOf('    tell_asterisk'));
    expect(rules).toMatch(/ {4}postrm\)\n(?: {8}(?:#|rm ).*\n)+ {8}take_effect\n {8};;/);
    expect(rules).toMatch(/ {4}uninstall\)\n {8}systemctl disable --now demo-hello\.timer \|\| :\n/);
  });
});

describe('options', () => {
  it('format 0 removes what would be loaded again before it reloads', async () => {
    const rules = (await files('stack', { formatVersion: '0' })).get('wazo/rules') ?? '';
    expect(rules).not.toContain('postrm');
    expect(rules).toMatch(
      /uninstall\)\n.*\n {8}rm -f '\/etc\/asterisk\/extensions_extra\.d\/demo-hello\.conf'\n {8}take_effect\n/,
    );
  });

  it('plugin.yml holds bounds and dependencies as wazo-plugind reads them', async () => {
    const made = await files('stack', {
      formatVersion: '2',
      minWazoVersion: '24.10',
      maxWazoVersion: '26.10',
      depends: 'acme/one=1.10, acme/two',
      parts: ['debian-depends'],
      debianDepends: 'sox, git (>= 2.0)',
    });
    expect(load(made.get('wazo/plugin.yml') ?? '')).toMatchObject({
      plugin_format_version: 2,
      min_wazo_version: '24.10',
      max_wazo_version: '26.10',
      depends: [
        { namespace: 'acme', name: 'one', version: '1.10' },
        { namespace: 'acme', name: 'two' },
      ],
      debian_depends: ['sox', 'git (>= 2.0)'],
    });
  });

  it.each([
    [{ parts: ['dialplan'] }, undefined],
    [{ parts: ['provd', 'chatd-connector'] }, '26.05'],
    [{ parts: ['ui'] }, '25.15'],
    [{ parts: ['provd'], minWazoVersion: '23.10' }, '24.02'],
    [{ parts: ['provd'], minWazoVersion: '25.01' }, '25.01'],
  ])('plugin.yml of %j needs Wazo %s', async (answers, version) => {
    const yml = (await files('stack', answers)).get('wazo/plugin.yml') ?? '';
    expect((load(yml) as Record<string, unknown>)['min_wazo_version']).toBe(version);
  });

  it('a generated file is told to Asterisk only where Asterisk reads it', async () => {
    const told = async (answers: Record<string, unknown>): Promise<string | undefined> => {
      const rules = (await files('stack', { parts: ['confgend'], ...answers })).get('wazo/rules') ?? '';
      return /^ {4}tell_asterisk "(.*)"$/m.exec(rules)?.[1];
    };
    expect(await told({})).toBe('config reload /etc/asterisk/hello.conf');
    expect(await told({ generatedFile: 'asterisk/pjsip.conf' })).toBe('module reload res_pjsip.so');
    expect(await told({ generatedFile: 'asterisk/modules.conf' })).toBeUndefined();
    expect(await told({ resource: 'door', filename: 'bell.yml' })).toBeUndefined();
  });

  it('the older layout is package.yml and a Makefile with tabs', async () => {
    const made = await files('stack', { format: 'legacy' });
    expect(load(made.get('package.yml') ?? '')).toEqual({
      name: 'hello',
      description: 'The hello plugin',
      version: '0.1.0',
    });
    expect(made.get('Makefile')).toMatch(/^install:\n\tinstall -D .*\n\t.*asterisk -rx 'dialplan reload'\n/m);
    expect([...made.keys()].filter((file) => file.startsWith('wazo/'))).toEqual([]);
  });

  it.each([
    [{ format: 'legacy', parts: ['calld'] }, '--format'],
    [{ depends: 'acme/one=1.0' }, '--plugin-format'],
    [{ depends: 'c/d, b/a' }, '--depends'],
    [{ parts: ['confgend'], style: 'extend' }, '--style'],
    [{ parts: ['asterisk-conf'], asteriskFile: 'other', asteriskName: '../x' }, '--asterisk-name'],
    [{ parts: ['asterisk-conf'], asteriskSetting: 'a = b; c' }, '--asterisk-setting'],
    [{ parts: ['debian-depends'], debianDepends: 'So X' }, '--debian-depends'],
    [{ minWazoVersion: '24.1' }, '--min-wazo-version'],
    [{ minWazoVersion: '26.05', maxWazoVersion: '24.10' }, '--max-wazo-version'],
    [{ parts: ['chatd-connector'], maxWazoVersion: '26.04' }, '--max-wazo-version'],
    [{ homepage: 'not an address' }, '--homepage'],
    [{ license: 'a b' }, '--license'],
    [{ license: 'Apache2.0' }, '--license'],
  ])('refuses %j, naming the flag, and writes nothing', async (answers, flag) => {
    const dir = path.join(tempFolder(), 'plugin');
    const making = createPlugin({
      template: 'stack',
      dir,
      answers: { name: 'a', namespace: 'b', ...answers },
    });
    await expect(making).rejects.toThrow(`${flag}:`);
    expect(existsSync(dir)).toBe(false);
  });

  it.each(['github', 'gitlab'])('CI of %s runs the tests, the check and the build', async (ci) => {
    const made = await files('stack', { ci });
    const text = made.get(ci === 'github' ? '.github/workflows/plugin.yml' : '.gitlab-ci.yml') ?? '';
    expect(load(text)).toBeTruthy();
    for (const command of ['python3 -m pytest', 'wdev check', 'wdev build']) expect(text).toContain(command);
  });

  it('without tests there is no word of them', async () => {
    const made = await files('stack', { tests: false, parts: PARTS });
    expect([...made.keys()].filter((file) => file.startsWith('tests/'))).toEqual([]);
    expect(made.get('README.md')).not.toContain('pytest');
  });
});

describe('answers of any text', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .map(
      (value) =>
        `x${value.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/gu, '')}`,
    );
  const line = text.map((value) => value.replace(/[\n\t\u2028\u2029]/g, ' '));

  it('every file parses, whatever is typed', async () => {
    const made = await Promise.all(
      fc.sample(fc.tuple(text, line, line), 12).map(async ([description, author, confValue]) => {
        const answers = { description, author, confValue, parts: PARTS };
        return { answers, files: Object.fromEntries(await files('stack', answers)) };
      }),
    );
    const parsed = await run(['/usr/bin/python3', '-c', PARSE_ALL], { input: JSON.stringify(made) });
    expect(parsed.stderr).toBe('');
    expect(parsed.status).toBe(0);
    for (const { files: all } of made) {
      execFileSync('sh', ['-n'], { input: all['wazo/rules'] });
    }
  });
});

describe('the schema of the answers', () => {
  it.each(KINDS)('%s: describes the answers that are recorded', async (kind) => {
    const schema = answersSchema(loadTemplate(kind)) as { properties: object; required: string[] };
    const template = loadTemplate(kind);
    const given = { name: 'hello', namespace: 'demo' };
    const answers = await settleAnswers(template, { given, facts: FACTS, open: 'defaults' });
    expect(Object.keys(schema.properties)).toEqual(template.questions.map((question) => question.name));
    for (const name of Object.keys(answers)) expect(schema.properties).toHaveProperty(name);
    for (const name of schema.required) expect(answers).toHaveProperty(name);
    expect(schema.required).toContain('name');
  });
});

const LOAD_ALL = `
import json, os
from importlib.metadata import distribution
from stevedore.named import NamedExtensionManager
groups = {}
for entry in distribution('demo_hello').entry_points:
    groups.setdefault(entry.group, []).append(entry.name)
for group, names in groups.items():
    # drivers take arguments; connectors are classes that the service makes per tenant; tasks are modules
    plain = not group.startswith('wazo_confgend.') and group not in (
        'wazo_auth.email_notification', 'wazo_chatd.connectors', 'wazo_webhookd.celery_tasks')
    def fail(manager, entry, error):
        raise error
    manager = NamedExtensionManager(group, names, invoke_on_load=plain, on_load_failure_callback=fail)
    assert sorted(manager.names()) == sorted(names), group
    groups[group] = sorted(names)
print(json.dumps(groups))
`;

const PARSE_ALL = `
import ast, json, sys, yaml
for plugin in json.load(sys.stdin):
    answers = plugin['answers']
    for path, text in plugin['files'].items():
        if path.endswith('.py'):
            ast.parse(text, path)
        elif path.endswith(('.yml', '.yaml')):
            yaml.safe_load(text)
        elif path.endswith('.json'):
            json.loads(text)
    found = yaml.safe_load(plugin['files']['wazo/plugin.yml'])
    assert found['description'] == answers['description'], answers
    assert found['author'] == answers['author'], answers
    settings = yaml.safe_load(plugin['files']['etc/wazo-calld/conf.d/50-demo-hello-settings.yml'])
    assert settings['log_level'] == answers['confValue'], answers
`;
