import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Why } from '../../src/status/why.ts';
import { downReal, upReal, type RealStack } from '../../src/stacks/real.ts';
import { inside } from '../support/machines.ts';
import { lacks } from '../support/needs.ts';
import { makePlugin, project, wdevNow, type Outcome } from '../support/watch.ts';

const NAME = `test-why-${process.pid}`;
const TARGET = ['--target', `stack:${NAME}`];
const CONF = '/etc/asterisk/extensions_extra.d/demo-hello.conf';

/** Answers OPTIONS as wazo-calld does: 200 for the routes that a file lists, 404 for others. */
const CALLD = `import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_OPTIONS(self):
        known = open('/run/routes').read().split()
        self.send_response(200 if self.path in known else 404)
        self.end_headers()
http.server.HTTPServer(('127.0.0.1', 9500), Handler).serve_forever()
`;
const UNIT = `[Service]
ExecStart=/usr/bin/python3 /usr/local/bin/calld-stand-in
`;
let place: ReturnType<typeof project>;
let stack: RealStack;
const call = (...args: readonly string[]): Outcome => wdevNow(args, place.dir);

const onStack = (script: string): string => inside(stack, script);

function why(plugin: string): Why {
  return JSON.parse(call('why', plugin, ...TARGET, '--json').stdout) as Why;
}

/** A plugin of wazo-calld with one route. */
function makeCalldPlugin(dir: string): void {
  const packages = 'usr/lib/python3/dist-packages';
  const files: Readonly<Record<string, string>> = {
    'wazo/plugin.yml': 'name: route\nnamespace: demo\nversion: "1"\n',
    'wazo/rules': '#!/bin/sh\nset -e\ncase "$1" in\n  package) cp -R usr etc "$pkgdir/" ;;\nesac\n',
    [`${packages}/demo_route/__init__.py`]: '',
    [`${packages}/demo_route/plugin.py`]: 'class Plugin:\n    def load(self, dependencies):\n        pass\n',
    [`${packages}/demo_route/api.yml`]: 'paths:\n  /demo/hello/{name}:\n    get: {}\n',
    [`${packages}/demo_route-1.egg-info/entry_points.txt`]:
      '[wazo_calld.plugins]\ndemo_route = demo_route.plugin:Plugin\n',
    'etc/wazo-calld/conf.d/50-demo-route.yml': 'enabled_plugins:\n  demo_route: true\n',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(dir, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  chmodSync(path.join(dir, 'wazo/rules'), 0o755);
}

describe.skipIf(lacks('real'))('wdev status, why, logs, uninstall and restore on a real Asterisk 22', () => {
  beforeAll(async () => {
    stack = await upReal(NAME, { forUs: true });
  });

  afterAll(async () => await downReal(NAME));

  beforeEach(() => {
    place = project();
    makePlugin(place.dir, 'hello');
  });

  afterEach(async () => {
    call('restore', ...TARGET);
    await place.remove();
  });

  it('follows a plugin from its installation to its removal', () => {
    expect(call('install', 'hello', ...TARGET).status).toBe(0);
    const { links, broken } = why('hello');
    expect(broken).toBeNull();
    expect(links.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'none', 'ok', 'ok', 'ok']);
    const report = JSON.parse(call('status', ...TARGET, '--json').stdout) as object;
    expect(report).toMatchObject({
      asterisk: 'running',
      plugins: [
        {
          id: 'demo/hello',
          contexts: [
            { name: 'demo-hello', loaded: true },
            { name: 'xivo-extrafeatures', loaded: true, extensions: ['***42'] },
          ],
          source: { state: 'current' },
        },
      ],
    });
    const { status, stdout } = call('uninstall', 'hello', ...TARGET);
    expect([status, stdout]).toEqual([
      0,
      expect.stringContaining('removed 3 files, dialplan reload') as string,
    ]);
    expect(onStack('asterisk -rx "dialplan show demo-hello"')).toContain('There is no existence');
    expect(onStack('ls -d /var/lib/wdev /usr/lib/wazo-plugind 2>&1 | grep -vc "No such" || :')).toBe('0\n');
    expect(why('hello').broken).toBe('files');
  });

  it('names a dialplan that Asterisk was not told of, and shows in the logs what it refused', () => {
    call('install', 'hello', ...TARGET);
    onStack(
      `cp ${CONF} /root/kept; echo 'same n,Broken()' >>${CONF}; asterisk -rx 'dialplan reload'; cp /root/kept ${CONF}`,
    );
    expect(why('hello').broken).toBeNull();
    const { stdout } = call('logs', 'asterisk', ...TARGET);
    expect(stdout).toMatch(
      /^\* asterisk \| \[.*WARNING.* of \/etc\/asterisk\/extensions_extra\.d\/demo-hello\.conf/m,
    );
    onStack(`: >${CONF}; asterisk -rx 'dialplan reload'; cp /root/kept ${CONF}; rm /root/kept`);
    expect(why('hello')).toMatchObject({ broken: 'loaded' });
    onStack('systemctl stop asterisk');
    expect(why('hello')).toMatchObject({ broken: 'process' });
    onStack(
      'systemctl start asterisk; for i in $(seq 6000); do asterisk -rx "core waitfullybooted" | grep -q fully && break; sleep 0.1; done',
    );
    expect(why('hello').broken).toBeNull();
  });

  it('restores from another folder, also what an administrator had there', async () => {
    onStack(`printf '[demo-admin]\\nexten = 1,1,NoOp()\\n' >${CONF}; asterisk -rx 'dialplan reload'`);
    call('install', 'hello', ...TARGET);
    const elsewhere = project();
    try {
      const { status, stdout } = wdevNow(['restore', ...TARGET], elsewhere.dir);
      expect([status, stdout]).toEqual([
        0,
        expect.stringContaining('removed 2 files, restored 1 file') as string,
      ]);
    } finally {
      await elsewhere.remove();
    }
    expect(onStack('asterisk -rx "dialplan show demo-admin"')).toContain('1. NoOp()');
    onStack(`rm ${CONF}; asterisk -rx 'dialplan reload'`);
  });

  it('asks a service for its routes, its process and its load errors', () => {
    makeCalldPlugin(path.join(place.dir, 'route'));
    expect(why('route').broken).toBe('files');
    onStack(
      `printf %s ${JSON.stringify(CALLD)
        .replaceAll('$', String.raw`\$`)
        .replaceAll('\\n', '\n')} >/usr/local/bin/calld-stand-in
printf %s '${UNIT}' >/etc/systemd/system/wazo-calld.service; echo /1.0/demo/hello/0 >/run/routes; systemctl daemon-reload; systemctl start wazo-calld`,
    );
    const installed = call('install', 'route', ...TARGET);
    expect(installed.status, installed.stdout + installed.stderr).toBe(0);
    const whole = why('route');
    expect([whole.broken, whole.links.at(-1)?.says]).toEqual([null, '/1.0/demo/hello/0']);
    onStack(': >/run/routes');
    expect(why('route')).toMatchObject({ broken: 'loaded' });
    onStack(
      `echo /1.0/demo/hello/0 >/run/routes; date '+%Y-%m-%d %H:%M:%S,000 [1] (ERROR) (stevedore.extension): error calling '"'demo_route'"': no' >>/var/log/wazo-calld.log`,
    );
    expect(why('route').links.at(-1)).toMatchObject({
      state: 'broken',
      says: expect.stringContaining('load() of demo_route raised') as string,
    });
    onStack('sleep 0.2; touch /usr/lib/python3/dist-packages/demo_route/plugin.py');
    expect(why('route')).toMatchObject({ broken: 'process' });
    onStack(
      'rm /var/log/wazo-calld.log; systemctl restart wazo-calld; until python3 -c "import socket; socket.create_connection((\'127.0.0.1\', 9500))" 2>/dev/null; do sleep 0.1; done',
    );
    expect(why('route').broken).toBeNull();
    onStack('systemctl stop wazo-calld; rm /etc/systemd/system/wazo-calld.service; systemctl daemon-reload');
    expect(why('route').links.find(({ state }) => state === 'broken')?.says).toBe(
      'there is no wazo-calld on the target',
    );
    expect(readFileSync(path.join(place.dir, 'route/wazo/plugin.yml'), 'utf8')).toContain('route');
  });

  it('tells what is on a target', () => {
    const check = JSON.parse(call('targets', 'test', `stack:${NAME}`, '--json').stdout) as object;
    expect(check).toMatchObject({
      user: 'root',
      lacks: [],
      asterisk: { answers: true, version: expect.stringMatching(/^22\./) as string },
    });
  });
});
