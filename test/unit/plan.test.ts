import { describe, expect, it } from 'vitest';
import type { Change, TargetFacts } from '../../src/effects/change.ts';
import { planBatch } from '../../src/effects/plan.ts';
import { effectLabel } from '../../src/effects/registry.ts';
import { parseEntryPoints } from '../../src/readers/entry-points.ts';
import { serviceOf } from '../../src/wazo/services.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';
import type { StagedFile } from '../../src/stage/tree.ts';

const ALL = new Set([
  'wazo-calld',
  'wazo-confd',
  'wazo-confgend',
  'wazo-auth',
  'wazo-agid',
  'wazo-dird',
  'nginx',
  'mine',
]);
const FACTS: TargetFacts = { units: ALL, hasAsterisk: true, runsRules: true };

function plugin(id = 'demo/hello'): Plugin {
  return { kind: 'stack', dir: '/src', id, name: 'hello', namespace: 'demo', version: '1' };
}

function file(path: string, text = ''): StagedFile {
  return { path, mode: 0o644, hash: text, bytes: Buffer.from(text) };
}

function change(paths: readonly string[], tree: readonly StagedFile[] = [], id?: string): Change {
  const put = paths.map((path) => file(path));
  const all = new Map([...put, ...tree].map((entry) => [entry.path, entry]));
  return { plugin: plugin(id), tree: all, difference: { put, removed: [] }, oldEntryPoints: [] };
}

const labels = (changes: readonly Change[], facts = FACTS): readonly string[] =>
  planBatch(changes, facts).effects.map(({ effect }) => effectLabel(effect));

describe('what a changed installed path needs', () => {
  it.each<[string, readonly string[]]>([
    ['/etc/asterisk/extensions_extra.d/hello.conf', ['dialplan reload']],
    ['/etc/asterisk/pjsip.d/50-acme.conf', ['module reload res_pjsip.so']],
    ['/etc/asterisk/queueskillrules.d/50-acme.conf', ['module reload app_queue.so']],
    ['/etc/asterisk/musiconhold.d/50-acme.conf', ['moh reload']],
    ['/etc/asterisk/modules.conf', []],
    ['/etc/asterisk/sip.d/x.conf', []],
    ['/etc/wazo-calld/conf.d/50-acme.yml', ['restart wazo-calld']],
    ['/etc/wazo-calld/conf.d/50-acme.yaml', []],
    ['/etc/wazo-auth-keys/conf.d/50-acme.yml', ['wazo-auth-keys service update']],
    ['/etc/wazo-confgend/templates/contexts.conf', ['dialplan reload']],
    [
      '/etc/wazo-confgend/templates/asterisk/pjsip.jinja',
      [
        'restart wazo-confgend',
        'wazo-confgen asterisk/pjsip.conf --invalidate',
        'module reload res_pjsip.so',
      ],
    ],
    ['/etc/wazo-confgend/templates/acme/foo.jinja', ['restart wazo-confgend']],
    ['/etc/nginx/locations/https-available/acme', ['nginx -t', 'systemctl reload nginx']],
    ['/usr/lib/python3/dist-packages/wazo_agid/modules/acme.py', ['restart wazo-agid']],
    ['/lib/systemd/system/mine.service', ['systemctl daemon-reload', 'wazo/rules install']],
    ['/etc/systemd/system/mine.service.d/x.conf', ['systemctl daemon-reload', 'restart mine']],
    ['/usr/share/asterisk/sounds/en/acme/hello.wav', []],
    ['/usr/bin/acme', []],
    ['/opt/unheard-of', ['wazo/rules install']],
  ])('%s', (path, wanted) => {
    expect(labels([change([path])])).toEqual(wanted);
  });

  it('restarts the services of entry points that are new, gone or others, and no more', () => {
    const list = (lines: string): StagedFile =>
      file('/usr/lib/python3/dist-packages/acme-1.egg-info/entry_points.txt', lines);
    const entry = (service: string, value: string): string =>
      `[wazo_${service}.plugins]\nacme = acme.${service}:${value}\n`;
    const old = ['calld', 'confd']
      .map((service) => entry(service, 'Plugin'))
      .join('')
      .concat('[wazo_dird.views]\nacme = acme.dird:Plugin\n');
    const oldEntryPoints = parseEntryPoints(old);
    const brought = (text: string): Change => {
      const put = [list(text), file('/usr/lib/python3/dist-packages/acme-1.egg-info/PKG-INFO')];
      const tree = new Map(put.map((one) => [one.path, one]));
      return { ...change([]), tree, difference: { put, removed: [] }, oldEntryPoints };
    };
    expect(labels([brought(old)])).toEqual([]);
    expect(labels([brought(old.replace('acme.dird:Plugin', 'acme.dird:Other'))])).toEqual([
      'restart wazo-dird',
    ]);
    expect(labels([brought(old.replace(entry('confd', 'Plugin'), ''))])).toEqual(['restart wazo-confd']);
    expect(labels([brought(`${old}[wazo_auth.http]\nacme = acme.auth:Idp\n`)])).toEqual([
      'restart wazo-auth',
    ]);
    expect(labels([{ ...brought(old), oldEntryPoints: [] }])).toHaveLength(3);
  });

  it('restarts the services that get other rights, after wazo-auth-keys gave them', () => {
    const keys = file('/etc/wazo-auth-keys/conf.d/50-acme.yml', 'wazo-calld:\n  acl: [confd.users.read]\n');
    const rights = { ...change([]), difference: { put: [keys], removed: [] } };
    expect(labels([rights])).toEqual(['wazo-auth-keys service update', 'restart wazo-calld']);
    const broken = file(keys.path, 'wazo-calld: [');
    expect(labels([{ ...rights, difference: { put: [broken], removed: [] } }])).toEqual([
      'wazo-auth-keys service update',
    ]);
  });

  it('says what it left out, and why', () => {
    const plan = planBatch(
      [change(['/etc/asterisk/modules.conf', '/etc/wazo-phoned/conf.d/x.yml', '/opt/x'])],
      {
        ...FACTS,
        runsRules: false,
      },
    );
    expect(plan.effects).toEqual([]);
    expect(plan.skipped.map(({ what }) => what)).toEqual([
      'ask systemctl restart asterisk: it would end the calls, so it is left to you',
      'restart wazo-phoned: wazo-phoned is not on the target',
      'wazo/rules install: not run on your machine; use --target stack',
    ]);
  });

  it('restarts only the service whose entry point the changed module belongs to', () => {
    const points = file(
      '/usr/lib/python3/dist-packages/acme-1.egg-info/entry_points.txt',
      '[wazo_calld.plugins]\nacme = acme.calld.plugin:Plugin\n\n[wazo_confd.plugins]\nacme = acme.confd.plugin:Plugin\n',
    );
    const python = (name: string): string => `/usr/lib/python3/dist-packages/${name}`;
    expect(labels([change([python('acme/calld/http.py')], [points])])).toEqual(['restart wazo-calld']);
    expect(labels([change([python('acme/__init__.py')], [points])])).toEqual([
      'restart wazo-confd',
      'restart wazo-calld',
    ]);
    expect(labels([change([python('acme/calld/api.yml')], [points])])).toEqual([]);
  });

  it('generates what a driver makes, and lets Asterisk read it, after wazo-confgend was restarted', () => {
    const points = file(
      '/usr/lib/python3/dist-packages/acme-1.egg-info/entry_points.txt',
      '[wazo_confgend.asterisk.pjsip.conf]\nacme = acme.driver:Driver\n',
    );
    expect(labels([change(['/usr/lib/python3/dist-packages/acme/driver.py'], [points])])).toEqual([
      'restart wazo-confgend',
      'generate asterisk/pjsip.conf',
      'module reload res_pjsip.so',
    ]);
  });

  it('does everything once for many plugins, in the order of the services, the dialplan last', () => {
    const many = ['a/a', 'b/b', 'c/c'].map((id) =>
      change(
        [
          `/etc/asterisk/extensions_extra.d/${id[0]}.conf`,
          '/etc/wazo-calld/conf.d/x.yml',
          '/etc/wazo-auth/conf.d/x.yml',
        ],
        [],
        id,
      ),
    );
    const plan = planBatch(many, FACTS);
    expect(plan.effects.map(({ effect }) => effectLabel(effect))).toEqual([
      'restart wazo-auth',
      'restart wazo-calld',
      'dialplan reload',
    ]);
    expect(plan.effects.at(-1)?.plugins).toEqual(['a/a', 'b/b', 'c/c']);
  });

  it('knows the port of every service with one HTTP interface', () => {
    expect(serviceOf('wazo-calld')?.port).toBe(9500);
  });
});
