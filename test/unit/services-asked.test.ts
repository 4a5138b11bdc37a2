import { execFileSync, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Change } from '../../src/effects/change.ts';
import { routesOfTree } from '../../src/effects/evidence/routes.ts';
import { judgeAnswers } from '../../src/effects/evidence/answers.ts';
import type { Answers } from '../../src/effects/evidence/answers-shape.ts';
import { questionsOf, wishesOf } from '../../src/effects/evidence/questions.ts';
import type { EffectOutcome } from '../../src/effects/module.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { askServices, expectQuestions } from '../../src/targets/ask.ts';
import { Shell } from '../../src/targets/shell.ts';
import type { Target } from '../../src/targets/target.ts';
import { PLUGIN, hidePerl, tree } from '../support/target.ts';
import { tempFolder } from '../support/temp.ts';

const PACKAGES = '/usr/lib/python3/dist-packages';
const HTTP = `from wazo_calld.auth import required_acl
from wazo_calld.http import AuthResource
from flask_restful import Resource


class Hello(AuthResource):
    @required_acl('calld.demo.{name}.read')
    def get(self, name):
        return {}

    @required_acl('calld.demo.{name}.delete')
    def delete(self, name):
        return '', 204


class Only(AuthResource):
    @required_acl('calld.demo.create')
    def post(self):
        return {}, 201


class Open(Resource):
    def get(self):
        return {}
`;
const CODE = `from .http import Hello, Only, Open


class Plugin:
    def load(self, dependencies):
        api = dependencies['api']
        api.add_resource(Hello, '/demo/<name>', '/demo/by-id/<uuid:name>', endpoint='demo_hello')
        api.add_resource(Only, '/demo')
        if dependencies['config'].get('demo'):
            api.add_resource(Open, '/demo/open')
`;
const SETUP = '[wazo_calld.plugins]\ndemo = demo.calld.plugin:Plugin\n';
const SETTINGS = 'enabled_plugins:\n  demo: true\n';
const SPEC = 'paths:\n  /demo/{name}:\n    get: {}\n  /demo:\n    post: {}\n';

const FILES: Readonly<Record<string, string>> = {
  [`${PACKAGES}/demo/__init__.py`]: '',
  [`${PACKAGES}/demo/calld/__init__.py`]: '',
  [`${PACKAGES}/demo/calld/plugin.py`]: CODE,
  [`${PACKAGES}/demo/calld/http.py`]: HTTP,
  [`${PACKAGES}/demo/calld/api.yml`]: SPEC,
  [`${PACKAGES}/demo-1.dist-info/entry_points.txt`]: SETUP,
  '/etc/wazo-calld/conf.d/50-demo.yml': SETTINGS,
};

function changeOf(files: Readonly<Record<string, string>>): Change {
  const staged = tree(files);
  return {
    plugin: PLUGIN,
    tree: staged,
    difference: { put: [...staged.values()], removed: [] },
    oldEntryPoints: [],
  };
}

function restarted(unit: string): EffectOutcome<'restart'> {
  const state = { active: 'active', sub: 'running', pid: 1, restarts: 0 };
  return {
    do: 'restart',
    effect: { do: 'restart', unit },
    plugins: [PLUGIN.id],
    status: 0,
    output: '',
    log: '',
    journal: '',
    ended: '',
    came: { state, logEnd: '' },
    ms: 1,
  };
}

async function asked(
  files: Readonly<Record<string, string>>,
  unit = 'wazo-calld',
): Promise<ReturnType<typeof questionsOf>> {
  const change = changeOf(files);
  const routes = new Map([[PLUGIN.id, await routesOfTree(change.tree)]]);
  return questionsOf([change], routes, [restarted(unit)]);
}

describe('the routes of a plugin', () => {
  it('are those that its Python gives to the API of a service', async () => {
    const routes = await routesOfTree(tree(FILES));
    expect(
      routes.map(({ url, written, methods, isCertain, isOpen, line }) => ({
        url,
        written,
        methods,
        isCertain,
        isOpen,
        line,
      })),
    ).toEqual([
      {
        url: '/1.0/demo/0',
        written: '/1.0/demo/<name>',
        methods: ['GET', 'DELETE'],
        isCertain: true,
        isOpen: false,
        line: 7,
      },
      {
        url: '/1.0/demo/by-id/00000000-0000-0000-0000-000000000000',
        written: '/1.0/demo/by-id/<uuid:name>',
        methods: ['GET', 'DELETE'],
        isCertain: true,
        isOpen: false,
        line: 7,
      },
      { url: '/1.0/demo', written: '/1.0/demo', methods: ['POST'], isCertain: true, isOpen: false, line: 8 },
      {
        url: '/1.0/demo/open',
        written: '/1.0/demo/open',
        methods: ['GET'],
        isCertain: false,
        isOpen: true,
        line: 10,
      },
    ]);
  });

  it.each<[string, string, (text: string) => string]>([
    ['what the settings do not enable', '/etc/wazo-calld/conf.d/50-demo.yml', () => 'demo: {}\n'],
    [
      'what a return may leave out',
      `${PACKAGES}/demo/calld/plugin.py`,
      (text) =>
        text.replace(
          '        api = dep',
          '        if not dependencies:\n            return\n        api = dep',
        ),
    ],
    [
      'another API than the service gives',
      `${PACKAGES}/demo/calld/plugin.py`,
      (text) => text.replace("dependencies['api']", 'make_api()'),
    ],
  ])('are not certain for %s', async (_what, file, edit) => {
    const routes = await routesOfTree(tree({ ...FILES, [file]: edit(FILES[file] ?? '') }));
    expect(routes.map(({ isCertain }) => isCertain)).toEqual([false, false, false, false]);
  });
});

describe('the answers of services', () => {
  const READY = { bare: 401 };
  const judge = async (routes: Answers[string]['routes'], more: Partial<Answers[string]> = {}) => {
    const questions = await asked(FILES);
    const answers: Answers = {
      'wazo-calld': { routes, log: '', description: { status: 200, missing: [] }, ...more },
    };
    return judgeAnswers(questions, answers).get(PLUGIN.id);
  };
  const four = (first: Answers[string]['routes'][number]): Answers[string]['routes'] => [
    first,
    { bare: 401 },
    { options: 200, allow: 'POST, OPTIONS' },
    { bare: 200 },
  ];

  it('prove what they prove, a row each', async () => {
    const evidence = await judge(four(READY));
    expect(evidence?.findings).toEqual([]);
    expect(evidence?.loaded).toEqual([
      'GET /1.0/demo/<name>: 401 without a token',
      'GET /1.0/demo/by-id/<uuid:name>: 401 without a token',
      'wazo-calld has /1.0/demo (POST, OPTIONS)',
      'GET /1.0/demo/open: 200 to everybody, as the code says',
      '/1.0/api/api.yml: 2 paths of calld/api.yml',
    ]);
    expect([...(evidence?.proven ?? [])]).toEqual([`${PACKAGES}/demo/calld/api.yml`]);
  });

  const TRACE = `Traceback (most recent call last):\n  File "${PACKAGES}/demo/calld/http.py", line 9, in get\n`;
  it.each<[string, Answers[string]['routes'][number], string, object]>([
    ['no such route', { bare: 404, options: 404 }, '', { code: 'route-missing', level: 'error', line: 7 }],
    ['open', { bare: 200 }, '', { code: 'route-open', level: 'error', line: 7 }],
    [
      'open, of something that is not there',
      { bare: 404, options: 200 },
      '',
      { code: 'route-open', level: 'error' },
    ],
    [
      'raises, with a token',
      { bare: 401, token: 500 },
      `${TRACE}KeyError: 'x'\n`,
      { code: 'route-raised', level: 'error', file: `${PACKAGES}/demo/calld/http.py`, line: 9 },
    ],
    [
      'finds nobody behind it',
      { bare: 401, token: 500 },
      `${TRACE}requests.exceptions.ConnectionError: refused\n`,
      { code: 'route-raised', level: 'warning' },
    ],
    [
      'never runs, as the service cannot check tokens',
      { bare: 500 },
      `Traceback (most recent call last):\n  File "/usr/lib/python3/dist-packages/flask_restful/__init__.py", line 604, in dispatch_request\n  File "/usr/lib/python3/dist-packages/xivo/auth_verifier.py", line 96, in validate_token\nNotImplementedError: Invalid token without exception\n`,
      { code: 'route-raised', level: 'warning' },
    ],
    [
      'raises where no file of it is named',
      { bare: 500 },
      '',
      { code: 'route-raised', level: 'error', line: 7 },
    ],
    ['is not well', { bare: 502 }, '', { code: 'route-raised', level: 'warning' }],
  ])('disprove: %s', async (_what, first, log, finding) => {
    expect((await judge(four(first), { log }))?.findings).toMatchObject([finding]);
  });

  it('say nothing of a service that cannot ask wazo-auth', async () => {
    const evidence = await judge(four({ bare: 503, text: '{"error_id": "authentication-server-error"}' }));
    expect(evidence?.findings).toEqual([]);
  });

  it('disprove a description that lacks a path, at its line', async () => {
    const evidence = await judge(four(READY), { description: { status: 200, missing: ['/demo'] } });
    expect(evidence?.findings).toMatchObject([{ code: 'api-not-merged', level: 'error', line: 4 }]);
    expect(evidence?.proven.size).toBe(0);
  });

  it('say nothing of a description that is not shown to this machine', async () => {
    const evidence = await judge(four(READY), { description: { status: 403, missing: [] } });
    expect(evidence?.findings).toEqual([]);
    expect([...(evidence?.proven ?? [])].join()).not.toContain('api.yml');
  });
});

describe('code that no start of a service imports', () => {
  const BACKEND = {
    [`${PACKAGES}/demo/backend.py`]: 'import no_such_module\n',
    [`${PACKAGES}/demo-1.dist-info/entry_points.txt`]:
      '[wazo_dird.backends]\ndemo = demo.backend:Backend\n[wazo_purge_db.purgers]\ndemo = demo.purge:Purge\n[wazo_dird.services]\ndemo = demo.service:Service\n',
    '/etc/wazo-dird/conf.d/50-demo.yml':
      'enabled_plugins:\n  backends: {demo: true}\n  services: {demo: true}\n',
  };

  it('is asked of Python', async () => {
    const wishes = wishesOf(await asked(BACKEND, 'wazo-dird'));
    expect(Object.fromEntries(Object.entries(wishes).map(([unit, { imports }]) => [unit, imports]))).toEqual({
      'wazo-dird': ['demo.backend:Backend'],
      none: ['demo.purge:Purge'],
    });
  });

  it('is found at the line that cannot be imported', async () => {
    const said = `refused demo.backend:Backend\nTraceback (most recent call last):\n  File "${PACKAGES}/demo/backend.py", line 1, in <module>\nModuleNotFoundError: No module named 'no_such_module'\n`;
    const questions = await asked(BACKEND, 'wazo-dird');
    const evidence = judgeAnswers(questions, {
      'wazo-dird': { routes: [], log: '', imports: said },
      none: { routes: [], log: '', imports: 'imported demo.purge:Purge\n' },
    }).get(PLUGIN.id);
    expect(evidence?.findings).toMatchObject([
      { code: 'service-import-failed', level: 'error', file: `${PACKAGES}/demo/backend.py`, line: 1 },
    ]);
    expect(evidence?.loaded).toEqual(['demo.purge:Purge: can be imported']);
  });
});

describe('a backend of wazo-dird, and a handler of wazo-agid', () => {
  const CODE_OF_BACKEND = `${PACKAGES}/demo/backend.py`;
  const HANDLER = `${PACKAGES}/wazo_agid/modules/demo.py`;
  const BOTH = {
    [CODE_OF_BACKEND]: 'class Backend:\n    pass\n',
    [`${PACKAGES}/demo-1.dist-info/entry_points.txt`]: '[wazo_dird.backends]\ndemo = demo.backend:Backend\n',
    '/etc/wazo-dird/conf.d/50-demo.yml': 'enabled_plugins: {backends: {demo: true}}\n',
    [HANDLER]:
      'from wazo_agid import agid\n\n\ndef demo(agi, cursor, args):\n    pass\n\n\nagid.register(demo)\n',
  };
  const raised = (file: string): string =>
    `Traceback (most recent call last):\n  File "${file}", line 1, in load\nKeyError: 'x'\n`;

  it.each<[string, string, Answers[string], object]>([
    [
      'gives results',
      'wazo-dird',
      {
        routes: [],
        log: '',
        lookups: [{ status: 200, results: 2 }],
        imports: 'imported demo.backend:Backend\n',
      },
      { findings: [], loaded: ['demo: a lookup through a source of it gave 2 results, and no complaint'] },
    ],
    [
      'raises',
      'wazo-dird',
      { routes: [], log: raised(CODE_OF_BACKEND), lookups: [{ status: 200, results: 0 }] },
      { findings: [{ code: 'lookup-failed', level: 'error', file: CODE_OF_BACKEND, line: 1 }] },
    ],
    [
      'raises, through a source that has no settings',
      'wazo-dird',
      { routes: [], log: raised(CODE_OF_BACKEND), lookups: [{ status: 200, results: 0, made: true }] },
      { findings: [{ code: 'lookup-failed', level: 'warning' }] },
    ],
    [
      'is no source of wazo-dird, which then answers nobody',
      'wazo-dird',
      {
        routes: [],
        log: "AttributeError: 'Backend' object has no attribute 'search'\n",
        lookups: [{ status: 500, results: 0 }],
      },
      {
        findings: [
          {
            code: 'lookup-failed',
            level: 'error',
            message:
              "A lookup in a wazo-dird source of backend demo answers 500 (AttributeError: 'Backend' object has no attribute 'search')",
          },
        ],
        loaded: [],
      },
    ],
    [
      'is not asked',
      'wazo-dird',
      { routes: [], log: '', lookups: [{ sources: 0 }] },
      { findings: [], loaded: [] },
    ],
    [
      'speaks to Asterisk',
      'wazo-agid',
      { routes: [], log: '', handlers: [{ commands: ['SET VARIABLE DEMO "1"'], isCall: false }] },
      { findings: [], loaded: ['agi://…/demo: 1 command, the last SET VARIABLE DEMO "1"'] },
    ],
    [
      'speaks to Asterisk in a call',
      'wazo-agid',
      { routes: [], log: '', handlers: [{ commands: ['ANSWER', 'HANGUP'], isCall: true }] },
      { findings: [], loaded: ['agi://…/demo: 2 commands in a call, the last HANGUP'] },
    ],
    [
      'speaks without an end, and raises once nobody listens',
      'wazo-agid',
      {
        routes: [],
        log: raised(HANDLER),
        handlers: [
          { commands: Array.from({ length: 1000 }, () => 'VERBOSE "x" 1'), isCall: true, isWhole: false },
        ],
      },
      {
        findings: [],
        loaded: ['agi://…/demo: 1000 commands in a call, and more that were not waited for'],
      },
    ],
    [
      'says nothing',
      'wazo-agid',
      { routes: [], log: '', handlers: [{ commands: [], isCall: true }] },
      { findings: [], loaded: ['agi://…/demo: it said nothing in a call, and was not waited for'] },
    ],
    [
      'is not called on the server of somebody',
      'wazo-agid',
      { routes: [], log: '' },
      { findings: [], loaded: [expect.stringContaining('agi://…/demo: not called') as string] },
    ],
    [
      'went well, as wazo-agid says itself',
      'wazo-agid',
      {
        routes: [],
        log: '',
        handlers: [
          {
            commands: ['SET VARIABLE "DEMO" "1"', `VERBOSE "AGI handler 'demo' successfully executed" 1`],
            isCall: false,
          },
        ],
      },
      { findings: [], loaded: ['agi://…/demo: 1 command, the last SET VARIABLE "DEMO" "1"'] },
    ],
    [
      'went well, and had nothing to say to Asterisk',
      'wazo-agid',
      {
        routes: [],
        log: '',
        handlers: [{ commands: [`VERBOSE "AGI handler 'demo' successfully executed" 1`], isCall: false }],
      },
      { findings: [], loaded: ['agi://…/demo: 0 commands'] },
    ],
    [
      'breaks the call off',
      'wazo-agid',
      {
        routes: [],
        log: '',
        handlers: [
          {
            commands: ['VERBOSE "not this call" 1', 'EXEC Goto "agi_fail,s,1"', 'failure to have pure code'],
            isCall: false,
          },
        ],
      },
      {
        findings: [],
        loaded: ['agi://…/demo: it left a call of wdev, which is none, so little is known of it'],
        proven: new Set(),
      },
    ],
    [
      'raises in a call',
      'wazo-agid',
      { routes: [], log: raised(HANDLER), handlers: [{ commands: ['SET CONTEXT agi_fail'], isCall: false }] },
      { findings: [{ code: 'agi-handler-raised', level: 'warning', file: HANDLER, line: 1 }] },
    ],
  ])('that %s', async (_what, unit, answers, evidence) => {
    const questions = await asked(BOTH, unit);
    expect(judgeAnswers(questions, { [unit]: answers }).get(PLUGIN.id)).toMatchObject(evidence);
  });
});

describe('the program that asks', () => {
  /** Questions to nobody but Python: what the server itself can import. */
  function imports(value: string): ReturnType<typeof questionsOf> {
    const entry = { group: 'wazo_purge_db.purgers', name: 'demo', value };
    const none = { routes: [], descriptions: [], backends: [], lookups: [], login: undefined };
    const questions = { tree: new Map(), up: new Map(), handlers: new Map(), imports: [entry], ...none };
    return new Map([[PLUGIN.id, questions]]);
  }

  async function opened(env: Readonly<Record<string, string>> = {}): Promise<Target> {
    const shell = new Shell('test', { argv: ['sh'], env }, { R: '', S: '/nowhere' });
    await shell.ready();
    onTestFinished(async () => await shell.close());
    const { mark } = shell;
    const run: Target['run'] = async (script, options) => await shell.run(script, options);
    return { id: 'test', root: '', mark, runsRules: false, run, close: async () => await shell.close() };
  }

  /** Processes below a target's shell that are a program of Python. */
  async function programs(target: Target): Promise<readonly number[]> {
    const { stdout } = await target.run(
      `ps -eo pid=,ppid=,comm= | awk -v helper="$__helper" '$2 == helper && $3 == "python3" { print $1 }'`,
    );
    return stdout.toString().trim().split('\n').map(Number);
  }

  /** One that has ended may wait for somebody who asks how. */
  function isThere(pid: number): boolean {
    return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  }

  it('stays for the next questions, begins anew when it was ended, and ends with the shell', async () => {
    const target = await opened();
    expectQuestions(target);
    expect(await askServices(target, imports('json:dumps'))).toMatchObject({
      none: { imports: 'imported json:dumps\n' },
    });
    const [first = 0, ...others] = await programs(target);
    expect(others).toEqual([]);
    expect((await askServices(target, imports('json:nothing')))['none']?.imports).toContain(
      'refused json:nothing\nTraceback (most recent call last):',
    );
    expect(await programs(target)).toEqual([first]);
    process.kill(first, 'SIGKILL');
    expect(await askServices(target, imports('os:sep'))).toMatchObject({
      none: { imports: 'imported os:sep\n' },
    });
    expect(await askServices(target, imports('os:sep'))).toMatchObject({
      none: { imports: 'imported os:sep\n' },
    });
    const [second = 0] = await programs(target);
    expect(second).not.toBe(first);
    await target.close();
    await expect.poll(() => isThere(second), { timeout: 240_000 }).toBe(false);
  });

  it('sees modules that came while it stayed', async () => {
    const packages = tempFolder();
    const target = await opened({ PYTHONPATH: packages });
    const ask = async (): Promise<string | undefined> =>
      (await askServices(target, imports('came_later:VALUE')))['none']?.imports;
    expect(await ask()).toContain('No module named');
    writeFileSync(path.join(packages, 'came_later.py'), 'VALUE = 1\n');
    expect(await ask()).toBe('imported came_later:VALUE\n');
    writeFileSync(path.join(packages, 'came_later.py'), 'OTHER = 1\n');
    expect(await ask()).toContain("has no attribute 'VALUE'");
  });

  it('is started for each question where there is no perl', async () => {
    const folder = tempFolder();
    hidePerl(folder);
    const target = await opened({ PATH: `${folder}:${process.env['PATH']}` });
    expect(await askServices(target, imports('json:dumps'))).toMatchObject({
      none: { imports: 'imported json:dumps\n' },
    });
  });
});

describe('a login that does not exist', () => {
  const IDP = {
    [`${PACKAGES}/demo-1.dist-info/entry_points.txt`]: '[wazo_auth.idp]\ndemo = demo.idp:Provider\n',
  };
  const still = 'demo: wazo-auth still refuses a login that does not exist';
  const own = 'wdev-nobody@example.org';
  it.each<[string, object, object]>([
    ['401', { login: 401 }, { findings: [], loaded: [still] }],
    ['200', { login: 200 }, { findings: [{ code: 'login-let-in', level: 'error' }], loaded: [] }],
    [
      '401, where it is none of the provider',
      { login: 401, own: [{}] },
      { findings: [], loaded: [`${still}, which is none of this provider's`] },
    ],
    [
      '401, where it is one of the provider',
      { login: 401, own: [{ login: own, status: 401 }] },
      { findings: [], loaded: [`demo: asked by wazo-auth for a token of ${own}, it refused (401)`] },
    ],
    [
      '200, where it is one of the provider',
      { login: 401, own: [{ login: own, status: 200 }] },
      {
        findings: [{ code: 'login-let-in', level: 'error', file: `${PACKAGES}/demo/idp.py`, line: 2 }],
        loaded: [],
      },
    ],
    [
      '500, where it is one of the provider',
      {
        login: 401,
        own: [{ login: own, status: 500 }],
        log: `Traceback (most recent call last):\n  File "${PACKAGES}/demo/idp.py", line 1, in verify_auth\nKeyError: 'odd'\n`,
      },
      {
        findings: [{ code: 'route-raised', level: 'error', file: `${PACKAGES}/demo/idp.py`, line: 1 }],
        loaded: [],
      },
    ],
  ])('is answered by %s', async (_how, answers, evidence) => {
    const questions = await asked(
      { ...IDP, [`${PACKAGES}/demo/idp.py`]: 'class Provider:\n    def verify_auth(self, args): pass\n' },
      'wazo-auth',
    );
    expect(wishesOf(questions)['wazo-auth']?.login?.providers).toEqual(['demo.idp:Provider']);
    expect(
      judgeAnswers(questions, { 'wazo-auth': { routes: [], log: '', ...answers } }).get(PLUGIN.id),
    ).toMatchObject(evidence);
  });
});

describe('a backend of wazo-auth', () => {
  const BACKENDS = {
    [`${PACKAGES}/demo-1.dist-info/entry_points.txt`]: '[wazo_auth.backends]\ndemo = demo.backend:Backend\n',
    '/etc/wazo-auth/conf.d/50-demo.yml': 'enabled_backend_plugins: {demo: true}\n',
  };
  it.each<[readonly string[], object]>([
    [
      ['demo', 'wazo_user'],
      { findings: [], loaded: [expect.stringContaining('demo: wazo-auth has the backend') as string] },
    ],
    [
      ['wazo_user'],
      {
        findings: [
          {
            code: 'backend-missing',
            message: expect.stringMatching(/did not load backend demo, .*\(loaded: wazo_user\)/) as string,
          },
        ],
        loaded: [],
      },
    ],
  ])('of which wazo-auth lists %j', async (backends, evidence) => {
    const questions = await asked(BACKENDS, 'wazo-auth');
    expect(
      judgeAnswers(questions, { 'wazo-auth': { routes: [], log: '', backends } }).get(PLUGIN.id),
    ).toMatchObject(evidence);
  });

  it('is not asked about when the settings of the plugin do not enable it', async () => {
    const { '/etc/wazo-auth/conf.d/50-demo.yml': _off, ...rest } = BACKENDS;
    expect((await asked(rest, 'wazo-auth')).get(PLUGIN.id)?.backends).toEqual([]);
  });
});

describe('the program that asks', () => {
  let server: Server;
  let port = 0;
  const seen: string[] = [];
  const TOKEN = 'a-secret-token';

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '' } = request;
    seen.push(`${method} ${url}`);
    const end = (status: number, text = '{}'): void =>
      void response.writeHead(status, { Allow: 'GET, OPTIONS' }).end(text);
    if (url === '/0.1/backends') end(200, '{"data": ["demo", "wazo_user"]}');
    else if (url === '/1.0/api/api.yml') end(200, 'paths:\n  /demo: {}\n');
    else if (url === '/0.1/token') end(request.headers.authorization === undefined ? 400 : 401);
    else if (url.startsWith('/0.1/'))
      end(method === 'DELETE' ? 204 : method === 'POST' ? 201 : 200, dird(method, url));
    else if (url === '/1.0/nothing') end(404);
    else if (url === '/1.0/item') end(method === 'OPTIONS' ? 200 : 404);
    else if (url === '/1.0/closed') end(request.headers['x-auth-token'] === TOKEN ? 200 : 401);
    else end(200);
  }

  /** As wazo-dird answers: it has nothing until it is made. */
  function dird(method: string, url: string): string {
    if (url.includes('/lookup/')) return '{"results": [{}, {}]}';
    return method === 'POST' ? `{"uuid": "made-${url.split('/').at(-1)}"}` : '{"items": []}';
  }

  beforeAll(async () => {
    server = createServer(answer);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });

  afterAll(() => void server.close());

  it.each<[boolean, readonly string[], object]>([
    [
      true,
      [
        'GET backends/demo/sources',
        'POST backends/demo/sources',
        'GET profiles',
        'POST displays',
        'POST profiles',
        'GET directories/lookup/wdev-lookup?term=wdev',
        'DELETE profiles/made-profiles',
        'DELETE displays/made-displays',
        'DELETE backends/demo/sources/made-sources',
      ],
      { status: 200, results: 2, made: true },
    ],
    [false, ['GET backends/demo/sources'], { sources: 0 }],
  ])(
    'looks up through a source; one is made, and removed, on a stack of ours: %s',
    async (isOurs, asks, told) => {
      const program = path.join(packageRoot(), 'src/effects/ask-services.py');
      const wish = { port, log: '/nowhere.log', patience: 3, routes: [], imports: [], lookups: ['demo'] };
      const input = JSON.stringify({ units: { 'wdev-test-unit': wish }, token: TOKEN, isOurs });
      seen.length = 0;
      const { stdout, stderr } = await run(['/usr/bin/python3', program], { input });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toMatchObject({ 'wdev-test-unit': { lookups: [told] } });
      expect(seen).toEqual(asks.map((one) => one.replace(' ', ' /0.1/')));
    },
  );

  /** A console whose calls reach the address that was added to the dialplan, and whose channel says two words. */
  const ASTERISK = `#!/usr/bin/python3
import os, re, socket, sys
here = os.path.dirname(__file__)
with open(here + '/said', 'a') as file:
    print(sys.argv[2], file=file)
if sys.argv[2] == 'core show uptime':
    print('System uptime: 1 second')
if sys.argv[2].startswith('channel originate') and os.fork() == 0:
    name, port, script = re.search(r'AGI\\((agi://127.0.0.1:(\\d+)/(\\w+))\\)', open(here + '/said').read()).groups()
    # the console says that it has begun, and does not wait for it
    os.close(1), os.close(2)
    with socket.create_connection(('127.0.0.1', int(port))) as call:
        call.sendall(f'agi_network_script: {script}\\n\\n'.encode())
        answers = call.makefile('rb')
        for line in answers:
            call.sendall(b'200 result=1 (of a channel)\\n')
`;

  it.each<[string, boolean]>([
    ['as Asterisk would, where there is none', false],
    ['through a Local channel, where Asterisk runs', true],
  ])('calls a handler on a stack of ours alone, %s', async (_how, isCall) => {
    const program = path.join(packageRoot(), 'src/effects/ask-services.py');
    const agid = `import socketserver
class Call(socketserver.StreamRequestHandler):
    def handle(self):
        about = [line.strip().decode() for line in iter(self.rfile.readline, b'\\n')]
        script = [line for line in about if line.startswith('agi_network_script')][0]
        self.wfile.write(f'VERBOSE "{script}"\\n'.encode())
        self.wfile.write(b'GET VARIABLE X\\n') if self.rfile.readline() else None
        self.rfile.readline()
with socketserver.TCPServer(('127.0.0.1', 0), Call) as server:
    print(server.server_address[1], flush=True)
    server.handle_request()`;
    const child = spawn('/usr/bin/python3', ['-c', agid], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill());
    const own = await new Promise<number>((resolve) =>
      child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString()))),
    );
    const wish = { port: own, log: '/nowhere.log', patience: 3, routes: [], imports: [], handlers: ['demo'] };
    const bin = tempFolder();
    if (isCall) writeFileSync(path.join(bin, 'asterisk'), ASTERISK, { mode: 0o755 });
    const env = { PATH: `${bin}:/usr/bin:/bin` };
    const ask = async (isOurs: boolean): Promise<unknown> => {
      const input = JSON.stringify({ units: { 'wdev-test-unit': wish }, isOurs });
      return JSON.parse((await run(['/usr/bin/python3', program], { input, env })).stdout);
    };
    expect(await ask(false)).toEqual({ 'wdev-test-unit': { routes: [], log: '' } });
    expect(await ask(true)).toMatchObject({
      'wdev-test-unit': {
        handlers: [{ commands: ['VERBOSE "agi_network_script: demo"', 'GET VARIABLE X'], isCall }],
      },
    });
    if (!isCall) return;
    const said = readFileSync(path.join(bin, 'said'), 'utf8').trim().split('\n');
    const context = / into (wdev-agi-\S+)$/.exec(said[1] ?? '')?.[1];
    expect(said.at(-1)).toBe(`dialplan remove context ${context}`);
    expect(said.filter((line) => !line.includes(context ?? ''))).toEqual(['core show uptime']);
  });

  it('asks each route without a token first, and acts upon none', async () => {
    const program = path.join(packageRoot(), 'src/effects/ask-services.py');
    const urls = ['/1.0/closed', '/1.0/open', '/1.0/nothing', '/1.0/item'];
    const wish = {
      port,
      log: '/nowhere.log',
      patience: 3,
      routes: [...urls.map((url) => ({ url, methods: ['GET'] })), { url: '/1.0/post', methods: ['POST'] }],
      description: { url: '/1.0/api/api.yml', paths: ['/demo', '/other'] },
      login: { url: '/0.1/token', providers: ['demo_idp:Provider', 'demo_idp:Strange'] },
      backends: { url: '/0.1/backends' },
      imports: [],
    };
    const input = JSON.stringify({ units: { 'wdev-test-unit': wish }, token: TOKEN });
    const { stdout, stderr } = await run(['/usr/bin/python3', program], { input });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      'wdev-test-unit': {
        routes: [
          { bare: 401, token: 200 },
          { bare: 200 },
          { bare: 404, options: 404 },
          { bare: 404, options: 200, allow: 'GET, OPTIONS' },
          { options: 200 },
        ],
        description: { status: 200, missing: ['/other'] },
        login: 401,
        backends: ['demo', 'wazo_user'],
      },
    });
    expect(seen.filter((line) => !/^(?:GET|OPTIONS) /.test(line))).toEqual(['POST /0.1/token']);
    expect(stdout).not.toContain(TOKEN);
  });

  it('asks for a token of a login that a provider takes for its own, on a stack of ours alone', async () => {
    const program = path.join(packageRoot(), 'src/effects/ask-services.py');
    const importer = readFileSync(path.join(packageRoot(), 'src/effects/import-late.py'), 'utf8');
    const packages = tempFolder();
    writeFileSync(
      path.join(packages, 'demo_idp.py'),
      `class Provider:
    def load(self, dependencies):
        self.users = dependencies['user_service']
    def can_authenticate(self, args):
        return args['login'].startswith('wdev-') and args['password'] is not None
class Strange(Provider):
    def can_authenticate(self, args):
        return False
class Broken:
    def load(self, dependencies):
        raise ValueError
`,
    );
    const providers = ['demo_idp:Strange', 'demo_idp:Broken', 'demo_idp:Provider', 'demo_idp:None'];
    const wish = {
      port,
      log: '/nowhere.log',
      patience: 3,
      routes: [],
      imports: ['demo_idp:Provider'],
      login: { url: '/0.1/token', providers },
    };
    const ask = async (isOurs: boolean): Promise<unknown> => {
      const input = JSON.stringify({ units: { 'wdev-test-unit': wish }, importer, isOurs });
      const env = { PYTHONPATH: packages, PATH: '/usr/bin:/bin' };
      const { stdout, stderr } = await run(['/usr/bin/python3', program], { input, env });
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    };
    const common = { routes: [], log: '', login: 401, imports: 'imported demo_idp:Provider\n' };
    expect(await ask(false)).toEqual({ 'wdev-test-unit': common });
    const own = [{}, {}, { login: 'wdev-nobody', status: 401 }, {}];
    expect(await ask(true)).toEqual({ 'wdev-test-unit': { ...common, own } });
  });

  it('takes its token from nowhere but its standard input', () => {
    const text = readFileSync(path.join(packageRoot(), 'src/effects/ask-services.py'), 'utf8');
    expect(text).not.toMatch(/sys\.argv(?!\[1:\] = words$)|os\.environ/m);
    expect(
      execFileSync(
        'python3',
        ['-c', 'import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 9))'],
        { input: text, encoding: 'utf8' },
      ),
    ).toBe('');
  });
});
