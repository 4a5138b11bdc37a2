import type { Row } from './row.ts';

const RULES = 'wazo/rules';
const MANIFEST = 'wazo/plugin.yml';
const CONF = {
  hello: '/etc/asterisk/extensions_extra.d/demo-hello.conf',
  py: '/etc/wazo-calld/conf.d/50-demo-py.yml',
};

const SITE = '/usr/lib/python3/dist-packages';

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
  [
    'B11 the content of etc/ in place of it',
    'cp -R etc "${pkgdir:?}/"',
    'cp -R etc/* "${pkgdir:?}/"',
    'package-misplaced',
    'check',
  ],
  [
    'B11 etc/ within etc/',
    'cp -R etc "${pkgdir:?}/"',
    'mkdir "${pkgdir:?}/etc"; cp -R etc "${pkgdir:?}/etc/"',
    'package-misplaced',
    'check',
  ],
  [
    'B11 etc/ into an etc/ that is there',
    'cp -R etc "${pkgdir:?}/"',
    'mkdir "${pkgdir:?}/etc"; cp -R etc/. "${pkgdir:?}/etc/"',
  ],
  ['B11 files that are moved', 'cp -R etc "${pkgdir:?}/"', 'mv etc "${pkgdir:?}/"'],
  [
    'B11 a folder that is made, and left empty',
    'cp -R etc "${pkgdir:?}/"',
    'mkdir -p "${pkgdir:?}/etc/asterisk"',
    'package-hollow',
    'check',
  ],
  [
    'B11 a package that ends before it copies',
    '    package)\n',
    '    package)\n        exit 0\n',
    'package-hollow',
    'check',
  ],
  [
    'B11 a pattern that matches nothing, and a guard',
    'cp -R etc "${pkgdir:?}/"',
    'cp -R ect/* "${pkgdir:?}/" 2>/dev/null || true',
    'package-hollow',
    'check',
  ],
  ['F34 the mark of UTF-8 before #!', '#!/bin/sh', '\uFEFF#!/bin/sh', 'rules-no-shebang'],
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
  [
    'F32 a package that makes the folder of the plugin',
    '    package)\n',
    '    package)\n        mkdir -p "${pkgdir:?}/usr/lib/wazo-plugind/plugins/demo/hello"\n',
    'package-folder-exists',
    'check',
  ],
  ['F32 _pkg in the tree', '    build)\n', '    build)\n        mkdir _pkg\n', undefined, 'check'],
];

/** Some are told by dpkg-deb alone, and setup.py reads the version too. */
const REFUSED_VERSION = 'manifest-version-invalid|dpkg-deb-failed|stage-build-failed';

/** The text in place of a line of wazo/plugin.yml. */
const MANIFEST_TEXTS: readonly Text[] = [
  ['another version', 'version: "0.1.0"', 'version: "2.0-1~rc1"'],
  ['an epoch', 'version: "0.1.0"', 'version: "1:2.0"'],
  ['a version that is no number', 'version: "0.1.0"', 'version: "first"', REFUSED_VERSION],
  ['a version with a blank', 'version: "0.1.0"', 'version: "1 0"', REFUSED_VERSION],
  ['a version with a sign', 'version: "0.1.0"', 'version: "1.0_2"', REFUSED_VERSION],
  ['an empty version', 'version: "0.1.0"', 'version: ""', REFUSED_VERSION],
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

/** Texts of wazo/plugin.yml, and the code where wazo-plugind refuses them, or cannot make a package. */
const KEYS = { name: 'name: hello', namespace: 'namespace: demo', version: 'version: "0.1.0"' };
const WHOLE = Object.values(KEYS).join('\n');

/** The manifest with a key in other words, or with keys more. */
function manifest(over: Partial<typeof KEYS>, more = ''): string {
  return `${Object.values({ ...KEYS, ...over }).join('\n')}\n${more}`;
}

// build hears of some from dpkg-deb; and an empty value is a missing one, and a text
const VERSION = 'manifest-version-invalid|manifest-field-missing|dpkg-deb-failed';
const FORMAT = 'manifest-format-version-unknown|manifest-format-version-text';

const SCHEMA_TEXTS: readonly (readonly [name: string, text: string, code?: string])[] = [
  ['the three keys that it needs', manifest({})],
  ['a key that nobody knows', manifest({}, 'homepage: x\n')],
  ['no text', '', 'manifest-not-mapping'],
  ['a list', '- name: hello\n', 'manifest-not-mapping'],
  ['a text alone', 'hello\n', 'manifest-not-mapping'],
  ['a name in capitals', manifest({ name: 'name: Hello' }), 'manifest-name-invalid'],
  ['a name with an underscore', manifest({ name: 'name: he_llo' }), 'manifest-name-invalid'],
  ['a name with a blank', manifest({ name: 'name: he llo' }), 'manifest-name-invalid'],
  ['a name that is empty', manifest({ name: 'name: ""' }), 'manifest-name-invalid'],
  ['a name without a value', manifest({ name: 'name:' }), 'manifest-name-invalid'],
  ['a name that is a number', manifest({ name: 'name: 42' }), 'manifest-name-invalid'],
  ['a name that is yes', manifest({ name: 'name: yes' }), 'manifest-name-invalid'],
  ['a name in a list', manifest({ name: 'name: [hello]' }), 'manifest-name-invalid'],
  ['a name of digits in quotes', manifest({ name: 'name: "42"' })],
  ['a name that ends with a hyphen', manifest({ name: 'name: hello-' })],
  ['a name of one letter', manifest({ name: 'name: h' })],
  ['a name beyond ASCII', manifest({ name: 'name: héllo' }), 'manifest-name-invalid'],
  ['a namespace with a hyphen', manifest({ namespace: 'namespace: de-mo' }), 'manifest-namespace-invalid'],
  ['a namespace in capitals', manifest({ namespace: 'namespace: Demo' }), 'manifest-namespace-invalid'],
  ['a namespace that is a number', manifest({ namespace: 'namespace: 42' }), 'manifest-namespace-invalid'],
  ['a namespace of digits in quotes', manifest({ namespace: 'namespace: "42"' })],
  ['a namespace without a value', manifest({ namespace: 'namespace:' }), 'manifest-namespace-invalid'],
  ['a version that is a number', manifest({ version: 'version: 1.2' })],
  ['a version that is a whole number', manifest({ version: 'version: 3' })],
  ['a version that loses a digit', manifest({ version: 'version: 1.10' })],
  ['a version without a value', manifest({ version: 'version:' }), VERSION],
  ['a version that is yes', manifest({ version: 'version: yes' }), VERSION],
  ['a version that is a day', manifest({ version: 'version: 2026-01-01' }), VERSION],
  ['a version in a list', manifest({ version: 'version: [1]' }), VERSION],
  ['a version with a v', manifest({ version: 'version: v1.0' }), VERSION],
  ['a version with a hyphen', manifest({ version: 'version: 1.0-2' })],
  ['a version with a plus', manifest({ version: 'version: 1.0+b' })],
  ['a version with a colon', manifest({ version: 'version: "a:1.0"' }), VERSION],
  ['a version that begins with a dot', manifest({ version: 'version: .5.1' }), VERSION],
  ['format 0', manifest({}, 'plugin_format_version: 0\n')],
  ['format 2', manifest({}, 'plugin_format_version: 2\n')],
  ['format 3', manifest({}, 'plugin_format_version: 3\n'), FORMAT],
  ['format -1', manifest({}, 'plugin_format_version: -1\n'), FORMAT],
  ['format 1 as a text', manifest({}, 'plugin_format_version: "1"\n'), FORMAT],
  ['format 1 with a dot', manifest({}, 'plugin_format_version: 1.0\n')],
  ['a format without a value', manifest({}, 'plugin_format_version:\n'), FORMAT],
  ['a format that is a word', manifest({}, 'plugin_format_version: one\n'), FORMAT],
  ['a lower bound', manifest({}, 'min_wazo_version: "24.01"\n')],
  ['an upper bound that is far', manifest({}, 'max_wazo_version: "99.01"\n')],
  [
    'bounds that are crossed',
    manifest({}, 'min_wazo_version: "26.05"\nmax_wazo_version: "24.01"\n'),
    'manifest-bounds-crossed',
  ],
  ['a lower bound that is a list', manifest({}, 'min_wazo_version: ["24.01"]\n'), VERSION],
  ['a lower bound that is yes', manifest({}, 'min_wazo_version: yes\n'), VERSION],
  ['a lower bound without a value', manifest({}, 'min_wazo_version:\n'), VERSION],
  ['depends without a value', manifest({}, 'depends:\n'), 'manifest-depends-shape'],
  ['depends that is a text', manifest({}, 'depends: x\n'), 'manifest-depends-shape'],
  [
    'depends that is one plugin',
    manifest({}, 'depends: {name: x, namespace: y}\n'),
    'manifest-depends-shape',
  ],
  ['depends that lists a name', manifest({}, 'depends: [x]\n'), 'manifest-depends-shape'],
  [
    'depends with an empty name',
    manifest({}, 'depends: [{name: "", namespace: y}]\n'),
    'manifest-depends-shape',
  ],
  [
    'depends with a version',
    manifest({}, 'plugin_format_version: 2\ndepends: [{name: x, namespace: y, version: "1.0"}]\n'),
  ],
  [
    'depends with a version that is a number',
    manifest({}, 'plugin_format_version: 2\ndepends: [{name: x, namespace: y, version: 1.0}]\n'),
    'manifest-depends-shape',
  ],
  [
    'depends with a key that nobody knows',
    manifest({}, 'depends: [{name: x, namespace: y, ref: z}]\n'),
    'manifest-depends-shape',
  ],
  ['depends that is empty', manifest({}, 'depends: []\n')],
  ['debian_depends without a value', manifest({}, 'debian_depends:\n')],
  [
    'debian_depends without a value, beside depends',
    manifest({}, 'debian_depends:\ndepends: [{name: x, namespace: y}]\n'),
    'manifest-debian-depends-shape',
  ],
  [
    'debian_depends that is a text, beside depends',
    manifest({}, 'debian_depends: sox\ndepends: [{name: x, namespace: y}]\n'),
    'manifest-debian-depends-shape',
  ],
  ['debian_depends with alternatives', manifest({}, 'debian_depends: ["sox | ffmpeg"]\n')],
  [
    'debian_depends with a mapping',
    manifest({}, 'debian_depends: [{name: sox}]\n'),
    'manifest-debian-depends-shape',
  ],
  ['a key twice', `${WHOLE}\nname: other\n`],
  ['a merge of keys', `base: &b {namespace: demo}\nname: hello\nversion: "0.1.0"\n<<: *b\n`],
  ['JSON', '{"name": "hello", "namespace": "demo", "version": "0.1.0"}\n'],
  ['Windows line ends', manifest({}).replaceAll('\n', '\r\n')],
  ['two documents', `${WHOLE}\n---\n${WHOLE}\n`, 'manifest-syntax'],
  ['a tag of Python', manifest({}, 'author: !!python/name:os.system\n'), 'manifest-syntax'],
];

/** Entries of debian_depends, of which wazo-plugind makes the field Depends as they stand. */
const DEPENDS: readonly (readonly [text: string, works: boolean])[] = [
  ['python3-yaml', true],
  ['python3-yaml (>= 5)', true],
  ['python3-yaml(>=5)', true],
  ['python3-yaml ( >= 5 )', true],
  ['python3-yaml (> 5)', true],
  ['python3-yaml (< 99)', true],
  [' python3-yaml ', true],
  ['python3:any', true],
  ['no-such-package | python3:any (>= 3)', true],
  ['python3-yaml|python3-six', true],
  ['python3-yaml, python3-six', true],
  ['Python3-yaml', false],
  ['Python3-yaml (>= 5)', false],
  ['python3-yaml, Python3-six', false],
  ['python3-yaml,', false],
  ['python3-yaml |', false],
  ['python3-yaml [amd64]', false],
  ['python3-yaml (= 5 6)', false],
  ['+python3-yaml', false],
  ['python3_yaml', false],
];

const DEPENDS_ROWS: readonly Row[] = DEPENDS.map(([text, works]) => ({
  name: `C22 debian_depends of "${text}"`,
  plugin: 'hello',
  files: { [MANIFEST]: manifest({}, `debian_depends: ["${text}"]\n`) },
  asks: 'apt',
  wants: [],
  ...(works ? {} : { says: { code: 'manifest-debian-depends-shape', file: MANIFEST, line: 4 } }),
  // it makes a package of what dpkg-deb takes; apt judges it on the server
  unknownTo: ['build'],
}));

/** Those that wazo-plugind takes, with another name or namespace. */
const RENAMES: ReadonlySet<string> = new Set([
  'a name of digits in quotes',
  'a name that ends with a hyphen',
  'a name of one letter',
  'a namespace of digits in quotes',
  'a key twice',
]);

const SCHEMA_ROWS: readonly Row[] = SCHEMA_TEXTS.map(([name, text, code]) => ({
  name: `the manifest by wazo-plugind: ${name}`,
  plugin: 'hello',
  files: { [MANIFEST]: text },
  asks: 'manifest',
  wants: [],
  ...(code === undefined ? {} : { says: { code, file: MANIFEST } }),
  ...(RENAMES.has(name) ? { renames: true as const } : {}),
}));

/** Files that are moved, taken away or made unusable. */
const FILES: readonly Row[] = [
  row('rules that are not executable', 'hello', { [RULES]: { mode: 0o644 } }, 'rules-not-executable'),
  // with .gitattributes, git hands them out with those of Unix
  row(
    'F34 Windows line ends',
    'hello',
    { [RULES]: { from: '\n', to: '\r\n' }, '.gitattributes': '# none\n' },
    'stage-build-failed|rules-crlf',
  ),
  row(
    'F34 Windows line ends in the first line alone',
    'hello',
    { [RULES]: { from: '#!/bin/sh\n', to: '#!/bin/sh\r\n' }, '.gitattributes': '# none\n' },
    'stage-build-failed|rules-crlf',
  ),
  row('F34 Windows line ends that git stores as those of Unix', 'hello', {
    [RULES]: { from: '\n', to: '\r\n' },
  }),
  row('F34 Windows line ends of all files, under text=auto', 'hello', {
    [RULES]: { from: '\n', to: '\r\n' },
    [MANIFEST]: { from: '\n', to: '\r\n' },
    '.gitattributes': '* text=auto\n',
  }),
  row(
    'F34 Windows line ends that .gitattributes keeps',
    'hello',
    { [RULES]: { from: '\n', to: '\r\n' }, '.gitattributes': 'wazo/rules -text\n' },
    'stage-build-failed|rules-crlf',
  ),
  row(
    'F34 line ends of Unix that a clone gets as those of Windows',
    'hello',
    { '.gitattributes': '* text eol=crlf\n' },
    'stage-build-failed|rules-crlf',
  ),
  row('F34 an identity in a dialplan file', 'hello', {
    'etc/asterisk/extensions_extra.d/demo-hello.conf': { from: 'END', to: '\n; $Id$\n' },
    '.gitattributes': '*.conf ident\n',
  }),
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
  {
    ...row(
      'B11 a folder of Python without __init__.py',
      'py',
      { 'demo_py/calld/__init__.py': null },
      'package-module-missing',
      ['check'],
    ),
    wants: [`${SITE}/demo_py/calld/plugin.py`],
  },
  {
    ...row(
      'B11 a setup.py that lists the upper package alone',
      'py',
      { 'setup.py': { from: "            'demo_py.*',\n", to: '' } },
      'package-module-missing',
      ['check'],
    ),
    wants: [`${SITE}/demo_py/calld/plugin.py`],
  },
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

/** The verdict of wazo-plugind itself on the manifest of a row. */
function byPlugind(of: Row): Row {
  return { ...of, asks: 'manifest', wants: [] };
}

export const PACKAGE_ROWS: readonly Row[] = [
  ...RULES_TEXTS.map(edited(RULES, 'hello')),
  ...RULES_TEXTS.filter(([name]) => !/pipe|B11|\benv\b|folder of the plugin/.test(name)).map(
    edited(RULES, 'py'),
  ),
  ...MANIFEST_TEXTS.map(edited(MANIFEST, 'hello')).map(byPlugind),
  ...MANIFEST_TEXTS.slice(0, 6).map(edited(MANIFEST, 'py')).map(byPlugind),
  ...FILES,
  ...SCHEMA_ROWS,
  ...DEPENDS_ROWS,
];
