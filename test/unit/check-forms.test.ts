import { describe, expect, it } from 'vitest';
import { checkPlugin } from '../../src/check/check.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';

const PLUGIN: Plugin = {
  kind: 'stack',
  dir: '/p',
  id: 'acme/trial',
  name: 'trial',
  namespace: 'acme',
  version: '1.0',
};

const SETUP = `from setuptools import find_packages, setup
setup(name='acme-trial', version='1.0', packages=find_packages(),
      entry_points={'wazo_calld.plugins': ['acme_trial = acme_trial.plugin:Plugin']})
`;
const CFG = `[metadata]
name = acme-trial
version = 1.0
[options]
packages = find:
[options.entry_points]
wazo_calld.plugins =
    acme_trial = acme_trial.plugin:Plugin
`;
const BARE = { 'setup.py': 'from setuptools import setup\nsetup()\n', 'setup.cfg': CFG };
const RESTART = 'systemctl try-restart wazo-calld || true';
const ARCHIVE = 'tar xzf dist/*.tar.gz -C "$pkgdir"';
const CLEAN = 'find "$pkgdir" -name __pycache__ -prune -exec rm -r {} +';

interface Form {
  readonly build?: string;
  readonly unpack?: string;
  readonly install?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly rules?: string;
}

/** `CODE file:line` of all that is said of a plugin of wazo-calld with this form in it. */
async function told(form: Form): Promise<readonly string[]> {
  const { build = 'python3 setup.py -q bdist', unpack = ARCHIVE, install = ':', files } = form;
  const rules = `#!/bin/sh
set -e
case "$1" in
build) ${build} ;;
package)
    cp -R etc "$pkgdir/"
    ${unpack}
    ${CLEAN}
    ;;
install)
    ${install}
    ${RESTART}
    ;;
uninstall) ;;
postrm) ${RESTART} ;;
*) exit 1 ;;
esac
`;
  const all = {
    'wazo/plugin.yml': 'name: trial\nnamespace: acme\nversion: "1.0"\nplugin_format_version: 1\n',
    'wazo/rules': form.rules ?? rules,
    'setup.py': SETUP,
    'acme_trial/__init__.py': '',
    'acme_trial/plugin.py': 'class Plugin:\n    def load(self, dependencies):\n        pass\n',
    'etc/wazo-calld/conf.d/50-acme-trial.yml': 'enabled_plugins:\n  acme_trial: true\n',
    ...files,
  };
  const sources = new Map(
    Object.entries(all).map(([path, text]) => [
      path,
      { path, mode: path === 'wazo/rules' ? 0o755 : 0o644, bytes: Buffer.from(text) },
    ]),
  );
  const found = await checkPlugin(PLUGIN, sources);
  return found.map(({ code, file, line }) => `${code} ${file}:${line}`);
}

/** Forms that people write, other than the examples of the rules, with exactly what is to be said of each. */
describe('a trap in another form', () => {
  it.each<[string, Form, readonly string[]]>([
    ['nothing wrong', {}, []],
    [
      'load imported by its name',
      { files: { 'setup.py': `from yaml import load\nload(open('wazo/plugin.yml'))\n${SETUP}` } },
      ['python-yaml-load setup.py:2'],
    ],
    [
      'load imported under another name, and yaml under another name',
      {
        files: {
          'acme_trial/extra.py':
            'from yaml import load as read, safe_load as load\nimport yaml as y\nread("a")\nload("a")\ny.load("a")\n',
        },
      },
      ['python-yaml-load acme_trial/extra.py:3', 'python-yaml-load acme_trial/extra.py:5'],
    ],
    [
      'setup under another name, with a name that any plugin could have',
      {
        files: {
          'setup.py': SETUP.replace(', setup', ', setup as make').replace('\nsetup(', '\nmake('),
          'tests/__init__.py': '',
        },
      },
      ['setup-generic-package setup.py:2'],
    ],
    [
      'a base class under another name',
      {
        files: {
          'acme_trial/http.py':
            'from wazo_calld.http import AuthResource as Base\n\n\nclass Hello(Base):\n    def get(self):\n        return {}\n',
        },
      },
      ['api-acl-missing acme_trial/http.py:5'],
    ],
    [
      'a function of the module that has the name of an import',
      {
        files: {
          'acme_trial/extra.py':
            'from yaml import load\n\n\ndef load(text):\n    return text\n\n\nload("a")\n',
        },
      },
      [],
    ],
    [
      'load_all',
      { files: { 'acme_trial/extra.py': 'import yaml\n\nlist(yaml.load_all("a"))\n' } },
      ['python-yaml-load acme_trial/extra.py:3'],
    ],
    [
      'the load of another module, and one with a loader',
      {
        files: {
          'acme_trial/extra.py':
            'from json import load\nimport yaml\nload(open("x"))\nyaml.load("a", yaml.SafeLoader)\nyaml.load("a", Loader=yaml.SafeLoader)\n',
        },
      },
      [],
    ],
    [
      'the archive after cd',
      { unpack: 'cd dist && tar xzf acme-trial-*.tar.gz -C "$pkgdir"' },
      ['rules-archive-pattern wazo/rules:7'],
    ],
    [
      'the archive as ls finds it',
      { unpack: 'tar -C "$pkgdir" -xzf "$(ls dist/acme-trial-*.linux*.gz)"' },
      ['rules-archive-pattern wazo/rules:7'],
    ],
    [
      'the name of the project in setup.cfg',
      { unpack: 'tar xzf dist/acme-trial-*.tar.gz -C "$pkgdir"', files: BARE },
      ['rules-archive-pattern wazo/rules:7'],
    ],
    [
      'version and requirements in setup.cfg',
      {
        files: {
          ...BARE,
          'setup.cfg': CFG.replace('1.0', '0.9').replace('find:', 'find:\ninstall_requires =\n    requests'),
        },
      },
      ['setup-version-mismatch setup.cfg:3', 'setup-install-requires setup.cfg:6'],
    ],
    [
      'entry points as one text',
      {
        files: {
          'setup.py': `${SETUP.split("{'")[0]}"""
[wazo_calld.plugins]
acme_trial = acme_trial.plugin:Plugins
""")
`,
        },
      },
      ['entry-point-class-missing setup.py:5'],
    ],
    [
      'the name of the project in the place of its package',
      { files: { 'setup.py': SETUP.replace('= acme_trial.', '= acme-trial.') } },
      ['entry-point-module-missing setup.py:3'],
    ],
    [
      'a folder of the sources that install goes to',
      { install: 'cd etc && ls' },
      ['rules-relative-path wazo/rules:11'],
    ],
    ['tee --append', { install: 'echo x | tee -a /etc/hosts' }, ['rules-not-repeatable wazo/rules:11']],
    [
      'a table that is created by another user',
      { install: 'sudo -u postgres psql asterisk -c "CREATE TABLE acme (id int)"' },
      ['rules-not-repeatable wazo/rules:11'],
    ],
    [
      'a table that is created once, and what only a look allows',
      {
        install:
          'psql -c "CREATE TABLE IF NOT EXISTS acme (id int)"\n    grep -q x /etc/hosts || echo x | tee -a /etc/hosts',
      },
      [],
    ],
    [
      'every module reloaded by another command',
      { install: 'answer=$(asterisk -rx "module reload") || true' },
      ['rules-core-reload wazo/rules:11'],
    ],
    [
      'random text right in the expression',
      { install: 'sed -i "s/KEY/$(openssl rand -base64 9)/" /etc/acme.conf' },
      ['rules-random-in-sed wazo/rules:11'],
    ],
    ['random text without a /', { install: 'sed -i "s/KEY/$(openssl rand -hex 9)/" /etc/acme.conf' }, []],
    [
      'a restart with a time limit, unguarded',
      { install: `${RESTART}; timeout 30 systemctl restart xivo-ctid-ng || true` },
      ['rules-gone-service wazo/rules:11'],
    ],
    [
      'functions by the name of the command',
      {
        rules: `#!/bin/sh
set -e
do_build() { python3 setup.py -q bdist; }
do_package() {
    cp -R etc "$pkgdir/"
    ${ARCHIVE}
    ${CLEAN}
}
do_install() { ${RESTART}; }
do_uninstall() { systemctl restart wazo-calld || true; }
do_postrm() { :; }
case "$1" in
build|package|install|uninstall|postrm) "do_$1" ;;
*) exit 1 ;;
esac
`,
      },
      ['rules-uninstall-restarts-early wazo/rules:10'],
    ],
  ])('%s', async (_name, form, expected) => {
    expect(await told(form)).toEqual(expected);
  });
});
