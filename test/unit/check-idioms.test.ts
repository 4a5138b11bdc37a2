import { describe, expect, it } from 'vitest';
import { checkPlugin } from '../../src/check/check.ts';
import { isError, type Finding } from '../../src/findings/finding.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';

const PLUGIN: Plugin = {
  kind: 'stack',
  dir: '/p',
  id: 'acme/cel',
  name: 'cel',
  namespace: 'acme',
  version: '1.0',
};
const SETUP =
  "from setuptools import setup\nsetup(name='acme-cel', version='1.0', packages=['acme_cel'], entry_points={'wazo_call_logd.plugins': ['acme_cel = acme_cel.plugin:Plugin']})\n";
const PYTHON = {
  'setup.py': SETUP,
  'acme_cel/__init__.py': '',
  'acme_cel/plugin.py': 'class Plugin:\n    def load(self, dependencies):\n        pass\n',
  'etc/wazo-call-logd/conf.d/50-acme-cel.yml': 'enabled_plugins:\n  acme_cel: true\n',
};

/** The branches of `wazo/rules`, in the shape that all public plugins have. */
function script(branches: Record<string, string>, head = '#!/bin/sh\nset -e'): string {
  const all = { build: '', package: '', install: '', uninstall: '', postrm: '', ...branches };
  const text = Object.entries(all).map(([name, body]) => `    ${name})\n        ${body}\n    ;;\n`);
  return `${head}\ncase "$1" in\n${text.join('')}    *)\n        echo "unknown argument $1" >&2\n        exit 1\n    ;;\nesac\n`;
}

async function codes(rules: string, files: Record<string, string> = {}): Promise<readonly string[]> {
  const found = await findings(rules, files);
  return [...new Set(found.filter(({ level }) => level !== 'info').map(({ code }) => code))];
}

async function errors(rules: string, files: Record<string, string> = {}): Promise<readonly string[]> {
  return (await findings(rules, files)).filter(isError).map(({ code }) => code);
}

async function findings(rules: string, files: Record<string, string>): Promise<readonly Finding[]> {
  const manifest = 'name: cel\nnamespace: acme\nversion: "1.0"\nplugin_format_version: 1\n';
  const all = { 'wazo/plugin.yml': manifest, 'wazo/rules': rules, ...files };
  const sources = new Map(
    Object.entries(all).map(([path, text]) => [
      path,
      { path, mode: path === 'wazo/rules' ? 0o755 : 0o644, bytes: Buffer.from(text) },
    ]),
  );
  return await checkPlugin(PLUGIN, sources);
}

/** Shapes that public plugins have, with exactly what is to be said of each. */
describe('idioms of public plugins', () => {
  it('bdist in a folder of its own, removal of conf.d before the restart', async () => {
    const rules = script({
      build: 'python3 setup.py bdist -d dist/python3',
      package: 'tar xf dist/python3/acme-cel-*.tar.gz -C "$pkgdir"\n        cp -R etc "$pkgdir/"',
      install: 'systemctl restart wazo-call-logd || true',
      uninstall:
        'rm -f /etc/wazo-call-logd/conf.d/50-acme-cel.yml\n        systemctl restart wazo-call-logd || true',
    });
    expect(await codes(rules, PYTHON)).toEqual(['rules-archive-pattern']);
  });

  it('the same with the file to remove misspelt', async () => {
    const rules = script({
      package: 'cp -R etc "$pkgdir/"',
      install: 'systemctl restart wazo-call-logd || true',
      uninstall:
        'rm -f /etc/wazo-call-logd/conf.d/50-acme-cle.yml\n        systemctl restart wazo-call-logd || true',
    });
    const found = await codes(rules, { 'etc/wazo-call-logd/conf.d/50-acme-cel.yml': 'acme_cel: {}\n' });
    expect(found).toEqual(['rules-uninstall-removes-unshipped', 'rules-uninstall-restarts-early']);
  });

  it('install -D with modes, a program only', async () => {
    const rules = script(
      { package: 'install -Dm 0755 -o root -g root cel-tool "$pkgdir/usr/bin/cel-tool"' },
      '#!/bin/bash',
    );
    expect(await codes(rules, { 'cel-tool': '#!/bin/bash\necho\n' })).toEqual([]);
  });

  it('a drop-in of Asterisk, tabs, braces round the variable', async () => {
    const rules = script({
      package:
        'mkdir -p "${pkgdir}/etc/systemd/system/asterisk.service.d/"\n\tcp malloc.conf "${pkgdir}/etc/systemd/system/asterisk.service.d/malloc.conf"',
      install: 'systemctl daemon-reload',
      postrm: 'systemctl daemon-reload',
    });
    expect(await codes(rules, { 'malloc.conf': '[Service]\n' })).toEqual([]);
  });

  it('a patch of installed code', async () => {
    const rules = script({
      package: 'mkdir -p "$pkgdir/usr/share/acme-cel"\n        cp cel.patch "$pkgdir/usr/share/acme-cel"',
      install: 'patch -p1 -d /usr/lib/python3/dist-packages < /usr/share/acme-cel/cel.patch',
      uninstall:
        'patch --force -R -p1 -d /usr/lib/python3/dist-packages < /usr/share/acme-cel/cel.patch || true',
    });
    expect(await codes(rules, { 'cel.patch': '--- a\n+++ b\n' })).toEqual(['rules-not-repeatable']);
  });

  it('a module that is loaded and unloaded', async () => {
    const rules = script({
      package: 'cp -R etc "$pkgdir"',
      install: 'answer=$(asterisk -rx "module load res_cel.so") || true',
      uninstall: 'answer=$(asterisk -rx "module unload res_cel.so") || true',
    });
    expect(await codes(rules, { 'etc/asterisk/cel_acme.conf': '[general]\n' })).toEqual([]);
  });

  it('functions, loops and variables', async () => {
    const head =
      '#!/bin/sh\nset -e\nSERVICES="wazo-call-logd"\nreload() {\n    for s in wazo-call-logd wazo-calld; do\n        systemctl restart "$s" || :\n    done\n}';
    const rules = script({ package: 'cp -R etc "$pkgdir/"', install: 'reload', uninstall: 'reload' }, head);
    const found = await codes(rules, {
      'etc/wazo-call-logd/conf.d/50-acme-cel.yml': 'acme_cel: {}\n',
      'etc/wazo-calld/conf.d/50-acme-cel.yml': 'acme_cel: {}\n',
    });
    expect(found).toEqual(['rules-uninstall-restarts-early']);
  });
});

/** A plugin that installs and works has no error: an error keeps a save from a server. */
describe('errors are for what does not work', () => {
  const GROUP = (group: string, name = 'acme_cel'): string =>
    SETUP.replace('wazo_call_logd.plugins', group).replace('acme_cel = ', `${name} = `);

  it.each(['systemctl', 'service', 'invoke-rc.d', '/etc/init.d/asterisk'])(
    '%s reload asterisk is core reload, which ends no call',
    async (program) => {
      const command =
        program === 'systemctl'
          ? 'systemctl reload asterisk'
          : `${program} ${program.includes('init.d') ? '' : 'asterisk '}reload`;
      const rules = script({
        package: 'cp -R etc "$pkgdir/"',
        install: `${command} || true`,
        postrm: `${command} || true`,
      });
      expect(await codes(rules, { 'etc/asterisk/cel_acme.conf': '[general]\n' })).toEqual([
        'rules-core-reload',
      ]);
    },
  );

  it.each([
    ["''", ''],
    ['acme_cel', 'acme_cel'],
  ])('names what is enabled wrongly: %s', async (name, shown) => {
    const settings = `enabled_plugins:\n  ${name}: sometimes\n`;
    const found = await findings(script({}), { 'etc/wazo-call-logd/conf.d/50-acme-cel.yml': settings });
    const own = found.filter(({ code }) => code === 'confd-enabled-wrongly');
    expect(own.map(({ message }) => message)).toEqual([
      `"enabled_plugins" has the text "sometimes" for "${shown}", not true or false`,
    ]);
  });

  it.each([
    ['a folder in one of mktemp', 'box=$(mktemp -d)\n        mkdir "$box/DEBIAN"'],
    ['a link in a folder of mktemp', 'box="$(mktemp -d)"\n        ln -s /etc/hosts "$box/hosts"'],
    ['a folder in one of mktemp that cd leads to', 'cd "$(mktemp -d)"\n        mkdir DEBIAN'],
    ['a folder that is removed before', 'rm -rf /opt/acme\n        mkdir /opt/acme /opt/acme/more'],
    ['a link that is removed before', 'rm -f /opt/acme\n        ln -s /etc/acme /opt/acme'],
  ])('%s can be made again', async (_what, install) => {
    expect(await errors(script({ install }))).toEqual([]);
  });

  it.each([
    ['a folder', 'mkdir /opt/acme'],
    ['a folder beside one that is removed', 'rm -rf /opt/other\n        mkdir /opt/acme'],
    [
      'a folder that may be removed before',
      'if [ -e /x ]; then rm -rf /opt/acme; fi\n        mkdir /opt/acme',
    ],
    ['a folder beside one of mktemp', 'box=$(mktemp -d)\n        mkdir "$box/a" /opt/acme'],
  ])('%s cannot be made twice', async (_what, install) => {
    expect(await errors(script({ install }))).toEqual(['rules-not-repeatable']);
  });

  it('a restart of Asterisk still ends every call', async () => {
    const rules = script({ install: 'systemctl restart asterisk || true' });
    expect(await codes(rules)).toEqual(['rules-restarts-asterisk']);
  });

  it('a program that the package installs, called or named by another', async () => {
    const rules = script({
      package: 'install -D -m 0755 acme-migrate "$pkgdir/usr/bin/acme-migrate"',
      install: 'acme-migrate\n        nohup acme-migrate\n        command -v acme-migrate',
    });
    expect(await codes(rules, { 'acme-migrate': '#!/bin/sh\n' })).toEqual([]);
  });

  it('that program copied from the source tree, which is not there', async () => {
    const rules = script({
      package: 'install -D -m 0755 acme-migrate "$pkgdir/usr/bin/acme-migrate"',
      install: 'cp acme-migrate /usr/local/bin/\n        ./acme-migrate',
    });
    const found = await errors(rules, { 'acme-migrate': '#!/bin/sh\n' });
    expect(found).toEqual(['rules-relative-path', 'rules-relative-path']);
  });

  it('a wazo_* package of its own, and a config.yml of its own service', async () => {
    const rules = script({
      package:
        'mkdir -p "$pkgdir/usr/lib/python3/dist-packages"\n        cp -R wazo_acme "$pkgdir/usr/lib/python3/dist-packages/"\n        cp -R etc "$pkgdir/"',
    });
    const files = { 'wazo_acme/__init__.py': '', 'etc/wazo-acme/config.yml': 'port: 1\n' };
    expect(await errors(rules, files)).toEqual([]);
    const taken = { 'wazo_calld/__init__.py': '', 'etc/wazo-calld/config.yml': 'port: 1\n' };
    const own = rules.replaceAll('wazo_acme', 'wazo_calld');
    expect(await errors(own, taken)).toEqual(['file-owned-by-wazo', 'file-owned-by-wazo']);
  });

  it('a driver called wazo where no stock driver makes that file', async () => {
    const rules = script({
      build: 'python3 setup.py bdist',
      package: 'tar xf dist/acme[-_]cel-*.tar.gz -C "$pkgdir"\n        cp -R etc "$pkgdir/"',
    });
    const files = (file: string): Record<string, string> => ({
      ...PYTHON,
      'setup.py': GROUP(`wazo_confgend.asterisk.${file}`, 'wazo'),
      'etc/wazo-confgend/conf.d/50-acme.yml': `plugins:\n  asterisk.${file}: wazo\n`,
    });
    expect(await errors(rules, files('acme.conf'))).not.toContain('confgend-driver-wazo');
    expect(await errors(rules, files('pjsip.conf'))).toContain('confgend-driver-wazo');
  });

  it('a plugin of wazo-ui that its conf.d enables', async () => {
    const rules = script({
      build: 'python3 setup.py bdist',
      package: 'tar xf dist/acme[-_]cel-*.tar.gz -C "$pkgdir"\n        cp -R etc "$pkgdir/"',
      install: 'systemctl restart wazo-ui || true',
    });
    const files = { ...PYTHON, 'setup.py': GROUP('wazo_ui.plugins') };
    const enabled = 'enabled_plugins:\n  acme_cel: true\n';
    const { 'etc/wazo-call-logd/conf.d/50-acme-cel.yml': _, ...rest } = files;
    expect(await errors(rules, { ...rest, 'etc/wazo-ui/conf.d/50-acme-cel.yml': enabled })).toEqual([]);
    expect(await errors(rules, { ...rest, 'etc/acme/cel.txt': '' })).toEqual(['entry-point-not-enabled']);
  });

  it('settings that have another name in the source, or are made while the package is', async () => {
    const { 'etc/wazo-call-logd/conf.d/50-acme-cel.yml': text, ...python } = PYTHON;
    const settings = '"$pkgdir/etc/wazo-call-logd/conf.d/50-acme-cel.yml"';
    const install = 'python3 setup.py install --root "$pkgdir" --install-layout=deb';
    const of = async (step: string, files: Record<string, string>): Promise<readonly string[]> =>
      await errors(
        script({
          package: `${install}\n        ${step}`,
          install: 'systemctl restart wazo-call-logd || true',
        }),
        { ...python, ...files },
      );
    expect(await of(`install -D -m 644 cel.yml ${settings}`, { 'cel.yml': text })).toEqual([]);
    expect(
      await of(`mkdir -p "$pkgdir/etc/wazo-call-logd/conf.d"\n        echo 'x: {}' > ${settings}`, {}),
    ).toEqual([]);
    // what is installed is read under any name
    expect(await of(`install -D -m 644 cel.yml ${settings}`, { 'cel.yml': 'enabled_plugins: [' })).toEqual([
      'confd-syntax',
      'entry-point-not-enabled',
    ]);
    expect(await of('cp -R doc "$pkgdir/usr/share/"', { 'doc/x': '' })).toContain('entry-point-not-enabled');
  });
  it('a service that is restarted for a patch of its code', async () => {
    const patch = '--- a/wazo_calld/plugins/x.py\n+++ b/wazo_calld/plugins/x.py\n@@ -1 +1 @@\n-a\n+b\n';
    const rules = script({
      package: 'mkdir -p "$pkgdir/usr/share/acme"\n        cp cel.patch "$pkgdir/usr/share/acme"',
      install: 'systemctl restart wazo-calld || true',
    });
    const told = async (text: string): Promise<readonly string[]> =>
      (await findings(rules, { 'cel.patch': text })).map(({ code }) => code);
    expect(await told(patch)).not.toContain('rules-service-untouched');
    expect(await told(patch.replaceAll('calld', 'confd'))).toContain('rules-service-untouched');
  });

  it('a second run that fails where nobody asks, and where it decides', async () => {
    const rules = (install: string, head?: string): string => script({ install }, head);
    const patch = 'patch -p1 -d /usr/lib/python3/dist-packages < /usr/share/acme/cel.patch';
    expect(await errors(rules(`${patch}\n        :`, '#!/bin/sh'))).toEqual([]);
    expect(await errors(rules(patch, '#!/bin/sh'))).toEqual(['rules-not-repeatable']);
    expect(await errors(rules(`${patch}\n        :`))).toEqual(['rules-not-repeatable']);
  });

  it('a module beside a program, which is no package', async () => {
    const rules = script({ package: 'mkdir -p "$pkgdir/var"\n        cp -R agi-bin "$pkgdir/var/"' });
    const files = { 'agi-bin/days.py': 'import feasts\n', 'agi-bin/feasts.py': 'DAYS = []\n' };
    expect(await errors(rules, files)).toEqual([]);
    expect(await errors(rules, { ...files, 'agi-bin/__init__.py': '' })).toEqual([
      'python-implicit-relative-import',
    ]);
  });

  it('no set -e, and a restart in uninstall: they cost something another day', async () => {
    const rules = script(
      { package: 'cp -R etc "$pkgdir/"\n        true', uninstall: 'systemctl restart wazo-call-logd' },
      '#!/bin/sh',
    );
    expect(await errors(rules, { 'etc/wazo-call-logd/conf.d/50-acme-cel.yml': 'acme: 1\n' })).toEqual([
      'rules-service-not-restarted',
    ]);
  });
});

describe('what only another day shows', () => {
  const archive = (pattern: string, name: string): Promise<readonly string[]> =>
    codes(
      script({
        build: 'python3 setup.py bdist',
        package: `tar xf dist/${pattern}-*.tar.gz -C "$pkgdir"\n        cp -R etc "$pkgdir/"`,
        install: 'systemctl restart wazo-call-logd || true',
      }),
      { ...PYTHON, 'setup.py': SETUP.replace("name='acme-cel'", name) },
    );

  it.each([
    ["name='wazo-stt'", 'wazo_stt', ['rules-archive-mismatch']],
    ["name='wazo-stt'", 'wazo-stt', ['rules-archive-pattern']],
    ["name='wazo-stt'", 'wazo[-_]stt', []],
    ["name='wazo_stt'", 'wazo_stt', []],
  ])('setup(%s) unpacked as %s', async (name, pattern, found) => {
    expect(await archive(pattern, name)).toEqual(found);
  });

  it.each(["metadata['name']", "metadata.get('name')"])(
    'setup(name=%s), read from plugin.yml',
    async (name) => {
      const rules = script({
        build: 'python3 setup.py bdist',
        package: 'tar xf dist/my-cel-*.tar.gz -C "$pkgdir"\n        cp -R etc "$pkgdir/"',
        install: 'systemctl restart wazo-call-logd || true',
      });
      const head = "import yaml\nwith open('wazo/plugin.yml') as f:\n    metadata = yaml.safe_load(f)\n";
      const setup = head + SETUP.replace("name='acme-cel'", `name=${name}`);
      expect(await codes(rules, { ...PYTHON, 'setup.py': setup })).toEqual(['rules-archive-mismatch']);
    },
  );

  it.each([
    ["sed -i '/eventfilter/a eventfilter = !Event: Newexten' /etc/asterisk/manager.d/01-xivo.conf", true],
    ["sed -i -e '$a noload = x.so' /etc/asterisk/modules.conf", true],
    ["sed -i '1i # acme' /etc/acme.conf", true],
    ["grep -q acme /etc/acme.conf || sed -i '1i # acme' /etc/acme.conf", false],
    ["sed -i 's/a b/c/' /etc/acme.conf", false],
    ["sed -i '/noload/d' /etc/asterisk/modules.conf", false],
  ])('%s', async (install, found) => {
    expect(await codes(script({ install }))).toEqual(found ? ['rules-not-repeatable'] : []);
  });

  it('a random text that a pipeline reads into a sed', async () => {
    const install = (sed: string): string =>
      script({ install: `openssl rand -base64 14 | { read val; sed -i "${sed}" /etc/acme.conf; }` });
    expect(await codes(install('s/KEY/$val/g'))).toEqual(['rules-random-in-sed']);
  });

  it('a unit that is removed from another folder than it is shipped in', async () => {
    const rules = script({
      package: 'mkdir -p "$pkgdir/etc/systemd/system"\n        cp acme.service "$pkgdir/etc/systemd/system/"',
      install: 'systemctl daemon-reload || true',
      uninstall: 'rm -f /lib/systemd/system/acme.service',
    });
    const found = await findings(rules, { 'acme.service': '[Service]\nExecStart=/bin/true\n' });
    expect(found.filter(({ code }) => code === 'rules-uninstall-removes-unshipped')).toMatchObject([
      { message: expect.stringContaining('did you mean /etc/systemd/system/acme.service?') },
    ]);
  });

  it('a folder of a short name, one letter of which is that of a folder of Asterisk', async () => {
    const rules = script({ package: 'cp -R etc "$pkgdir/"' });
    const put = async (folder: string): Promise<readonly string[]> =>
      await codes(rules, { [`etc/asterisk/${folder}/50-acme.conf`]: '[general]\n' });
    expect(await put('acme.d')).not.toContain('file-wrong-folder');
    expect(await put('extension_extra.d')).toContain('file-wrong-folder');
  });

  it('names that left modules of Python', async () => {
    const rules = script({});
    const of = async (line: string): Promise<readonly string[]> =>
      await errors(rules, { 'tool.py': `${line}\n` });
    expect(await of('from collections import Mapping')).toEqual(['debian-gone-module']);
    expect(await of('from collections import OrderedDict')).toEqual([]);
    expect(await of('from collections.abc import Mapping')).toEqual([]);
    expect(await of('from inspect import getargspec')).toEqual(['debian-gone-module']);
    expect(await of('from configparser import SafeConfigParser')).toEqual([]);
    expect(await of('import collections\n\n\nclass A(collections.Mapping):\n    pass')).toEqual([
      'debian-gone-module',
    ]);
    expect(await of('import collections as c\nKINDS = (c.Iterable, c.OrderedDict)')).toEqual([
      'debian-gone-module',
    ]);
    expect(await of('import collections.abc\nKINDS = collections.abc.Mapping')).toEqual([]);
    // it may never be read
    expect(await of('import inspect\n\n\ndef f(g):\n    return inspect.getargspec(g)')).toEqual([]);
  });
});
