import type { Row } from './row.ts';

const RULES = 'wazo/rules';
const MANIFEST = 'wazo/plugin.yml';
const CONF = {
  hello: '/etc/asterisk/extensions_extra.d/demo-hello.conf',
  py: '/etc/wazo-calld/conf.d/50-demo-py.yml',
};

type Text = readonly [
  name: string,
  from: string,
  to: string,
  code?: string | undefined,
  ...unknownTo: ('check' | 'build' | 'watch')[],
];

/** The text in place of a part of wazo/rules. */
const RULES_TEXTS: readonly Text[] = [
  ['a command more in package', '    package)\n', '    package)\n        echo packaging\n'],
  ['a build that writes a file', '    build)\n', '    build)\n        echo made >made\n'],
  ['set -eu', 'set -e\n', 'set -eu\n'],
  ['the shell by env', '#!/bin/sh', '#!/usr/bin/env sh'],
  ['bash', '#!/bin/sh', '#!/bin/bash'],
  ['no first line', '#!/bin/sh\n', ''],
  ['an interpreter that is not there', '#!/bin/sh', '#!/bin/shh', 'stage-build-failed', 'check'],
  ['an interpreter of Python 2', '#!/bin/sh', '#!/usr/bin/python2', 'stage-build-failed', 'check'],
  ['a syntax error', 'case "$1" in', 'case "$1" on', 'stage-build-failed', 'check'],
  ['a quote that is not closed', 'usage: ', "'usage: ", undefined],
  ['a build that fails', '    build)\n', '    build)\n        false\n', 'stage-build-failed', 'check'],
  ['a build that ends', '    build)\n', '    build)\n        exit 3\n', 'stage-build-failed', 'check'],
  [
    'a build with a command that nobody has',
    '    build)\n',
    '    build)\n        no-such-command\n',
    'stage-build-failed',
    'check',
  ],
  ['a package step that fails', 'cp -R etc', 'cp -R ect', 'stage-package-failed', 'check'],
  ['a misspelt command', 'chmod -R', 'chmdo -R', 'stage-package-failed', 'check'],
  ['a package that fails and goes on', '    package)\n', '    package)\n        false || :\n'],
  ['a failing command before a pipe', '    package)\n', '    package)\n        false | cat\n'],
  [
    'B11 a command that set -e does not stop',
    'cp -R etc "${pkgdir:?}/"',
    'if cp -R ect "${pkgdir:?}/"; then :; fi',
    'package-hollow',
    'check',
  ],
  ['B11 nothing that is packaged', 'cp -R etc', ': cp -R etc', 'package-hollow', 'check'],
  ['a variable that is not set', '"${pkgdir:?}/"\n', '"${nowhere:?}/"\n', 'stage-package-failed', 'check'],
  ['another name of the step', '    package)', '    pakage)', 'stage-package-failed', 'check'],
  ['no step of its own for build', '    build)', '    biuld)', 'stage-build-failed', 'check'],
  [
    'a folder DEBIAN',
    '    package)\n',
    '    package)\n        mkdir "${pkgdir:?}/DEBIAN"\n',
    undefined,
    'check',
  ],
  ['F32 _pkg in the tree', '    build)\n', '    build)\n        mkdir _pkg\n', undefined, 'check'],
];

/** The text in place of a line of wazo/plugin.yml. */
const MANIFEST_TEXTS: readonly Text[] = [
  ['another version', 'version: "0.1.0"', 'version: "2.0-1~rc1"'],
  ['an epoch', 'version: "0.1.0"', 'version: "1:2.0"'],
  ['a version that is no number', 'version: "0.1.0"', 'version: "first"', 'manifest-version-invalid'],
  ['a version with a blank', 'version: "0.1.0"', 'version: "1 0"', 'manifest-version-invalid'],
  ['a version with a sign', 'version: "0.1.0"', 'version: "1.0_2"', 'manifest-version-invalid'],
  ['an empty version', 'version: "0.1.0"', 'version: ""', 'manifest-version-invalid'],
  ['no version', 'version: "0.1.0"\n', '', 'manifest-field-missing'],
  ['no name', 'name: hello\n', '', 'manifest-field-missing'],
  ['no namespace', 'namespace: demo\n', '', 'manifest-field-missing'],
  ['a package of Debian', 'debian_depends: []', 'debian_depends: [python3-yaml]'],
  ['a package and its version', 'debian_depends: []', 'debian_depends: ["python3-yaml (>= 5)"]'],
  ['a package whose name has blanks', 'debian_depends: []', 'debian_depends: ["python3 yaml"]', undefined],
  [
    'a version of a package without brackets',
    'debian_depends: []',
    'debian_depends: ["python3-yaml >= 5"]',
    undefined,
  ],
  ['a plugin that is needed', '\ndepends: []\n', '\ndepends: [{name: x, namespace: y}]\n'],
  ['a plugin without its namespace', '\ndepends: []\n', '\ndepends: [{name: x}]\n', undefined],
];

/** Files that are moved, taken away or made unusable. */
const FILES: readonly Row[] = [
  row('rules that are not executable', 'hello', { [RULES]: { mode: 0o644 } }, 'rules-not-executable'),
  row('rules that are gone', 'hello', { [RULES]: null }, 'rules-missing'),
  row('an empty rules', 'hello', { [RULES]: '' }, undefined, ['check']),
  row('B12 rules beside wazo/', 'hello', { [RULES]: null, rules: '#!/bin/sh\n' }, 'rules-missing'),
  row('nothing in etc/', 'hello', { 'etc/asterisk/extensions_extra.d/demo-hello.conf': null }, undefined, [
    'check',
  ]),
  row('a file more that is not packaged', 'hello', { 'notes.txt': 'words\n' }),
  row('a name with a blank', 'hello', { 'etc/demo/a b.txt': 'words\n' }),
  row('a name beyond ASCII', 'hello', { 'etc/demo/ü.txt': 'words\n' }),
  row('a setup.py that is gone', 'py', { 'setup.py': null }, 'stage-build-failed', ['check']),
  row(
    'a setup.py that is broken',
    'py',
    { 'setup.py': { from: 'setup(', to: 'setup((' } },
    'stage-build-failed',
    ['check'],
  ),
  row(
    'a setup.py of another name',
    'py',
    { 'setup.py': { from: "name='demo_py'", to: "name='demo_other'" } },
    'stage-package-failed',
    ['check'],
  ),
];

function row(
  name: string,
  plugin: Row['plugin'],
  files: Row['files'],
  code?: string,
  unknownTo: Row['unknownTo'] = [],
): Row {
  const wants = [CONF[plugin]];
  return {
    name: `the package: ${name}`,
    plugin,
    files,
    asks: 'plugind',
    wants,
    unknownTo,
    ...(code === undefined ? {} : { says: { code } }),
  };
}

const edited =
  (file: string, plugin: Row['plugin']) =>
  ([name, from, to, code, ...unknownTo]: Text): Row =>
    row(
      plugin === 'hello' ? name : `${name}, with Python`,
      plugin,
      { [file]: { from, to } },
      code,
      unknownTo,
    );

export const PACKAGE_ROWS: readonly Row[] = [
  ...RULES_TEXTS.map(edited(RULES, 'hello')),
  ...RULES_TEXTS.filter(([name]) => !/pipe|B11|\benv\b/.test(name)).map(edited(RULES, 'py')),
  ...MANIFEST_TEXTS.map(edited(MANIFEST, 'hello')),
  ...MANIFEST_TEXTS.slice(0, 6).map(edited(MANIFEST, 'py')),
  ...FILES,
];
