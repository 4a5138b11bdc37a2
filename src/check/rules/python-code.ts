import { entryPointsOf } from '../entry-points.ts';
import type { DeclaredEntryPoint } from '../../readers/python/packaging.ts';
import { withFiles } from '../examples.ts';
import { installedPackages, moduleFile, ownModules, packageFolder } from '../python-packages.ts';
import type { Example, Hit, RuleChecks } from '../rule.ts';
import { groupOf, PLUGIN_GROUPS } from '../../wazo/groups.ts';
import { droppedGroup, retiredGroup } from '../../wazo/renamed.ts';
import { debianPackageOf, PYTHON2_MODULES, stackBrings } from '../../wazo/python-modules.ts';
import { nearest } from '../../support/nearest.ts';
import type { Subject } from '../subject.ts';
import { isScalar, valueOf } from '../../readers/yaml/node.ts';
import { imports } from './python-packaging.ts';

/** A plugin of wazo-calld whose setup.py declares `entry`; other files beside it. */
export function calldPlugin(
  files: Readonly<Record<string, string | null>>,
  shown = '',
  entry?: string,
): Example {
  const setup = `from setuptools import find_packages, setup\n\nsetup(\n    name='acme-hello',\n    version='1.0.0',\n    packages=find_packages(),\n    package_data={'acme_hello': ['api.yml']},\n    entry_points={${entry ?? "'wazo_calld.plugins': ['acme_hello = acme_hello.plugin:Plugin']"}},\n)\n`;
  const restart = 'systemctl restart wazo-calld || echo "wazo-calld did not restart" >&2';
  const reload = 'answer=$(asterisk -rx "dialplan reload") || echo "no Asterisk: $answer" >&2';
  const base = {
    'setup.py': setup,
    'acme_hello/__init__.py': '',
    'acme_hello/plugin.py': 'class Plugin:\n    def load(self, dependencies):\n        pass\n',
    'etc/wazo-calld/conf.d/50-acme-hello.yml': 'enabled_plugins:\n  acme_hello: true\n',
    'wazo/rules': `#!/bin/sh\nset -e\ncase "$1" in\n    build) ;;\n    package)\n        cp -R etc "$pkgdir/"\n        python3 setup.py install --root="$pkgdir" --install-layout=deb --no-compile\n        ;;\n    install|postrm)\n        ${reload}\n        ${restart}\n        ;;\n    uninstall) ;;\n    *)\n        exit 1\n        ;;\nesac\n`,
  };
  return withFiles({ ...base, ...files }, shown || withFiles(files).shown);
}

function entry(line: string, files: Readonly<Record<string, string | null>> = {}): Example {
  return calldPlugin(files, line, line);
}

export const PYTHON_CODE_CHECKS = {
  'python-syntax': {
    area: 'python',
    needsPython: true,
    bad: calldPlugin({
      'acme_hello/plugin.py': 'class Plugin:\n    def load(self, dependencies):\n        print "hello"\n',
    }),
    good: calldPlugin({
      'acme_hello/plugin.py': 'class Plugin:\n    def load(self, dependencies):\n        print("hello")\n',
    }),
    check: ({ python }) =>
      Object.entries(python?.files ?? {}).flatMap(([file, { error }]) =>
        error === undefined
          ? []
          : [
              {
                file,
                line: error.line,
                column: error.column,
                message: `Python syntax error: ${error.message.replace(/\.$/, '')}`,
              },
            ],
      ),
  },
  'python-not-read': {
    area: 'python',
    bad: { ...calldPlugin({}, '(a machine without python3)'), withoutPython: true },
    good: calldPlugin({}, '(a machine with python3)'),
    check: ({ files, python, pythonMissing }) => {
      const first = [...files.keys()].find((path) => path.endsWith('.py'));
      const unread = Object.entries(python?.files ?? {}).filter(([, file]) => file.unread === true);
      return [
        ...(pythonMissing && first !== undefined
          ? [
              {
                file: first,
                message: 'Python files were not checked: python3 is not installed on this machine',
              },
            ]
          : []),
        ...unread.map(([file]) => ({
          file,
          message:
            'Not checked: too large or too deep (the plugin may have 500,000 characters of Python), or this run takes too long',
          help: 'Split it, keep generated code out of the plugin, or give more time: --timeout SECONDS',
        })),
      ];
    },
  },
  'python2-import': {
    area: 'python',
    needsPython: true,
    bad: calldPlugin({ 'acme_hello/plugin.py': 'import urllib2\n\n\nclass Plugin:\n    pass\n' }),
    good: calldPlugin({ 'acme_hello/plugin.py': 'import urllib.request\n\n\nclass Plugin:\n    pass\n' }),
    check: (subject) =>
      imports(subject, (module) => PYTHON2_MODULES[module] !== undefined).map((hit) => ({
        ...hit,
        message: `Module "${hit.message}" exists only in Python 2`,
        help: `Import ${PYTHON2_MODULES[hit.message]}.`,
      })),
  },
  'python-implicit-relative-import': {
    area: 'python',
    needsPython: true,
    bad: calldPlugin({
      'acme_hello/views.py': 'class Hello:\n    pass\n',
      'acme_hello/plugin.py': 'from views import Hello\n\n\nclass Plugin:\n    hello = Hello\n',
    }),
    good: calldPlugin({
      'acme_hello/views.py': 'class Hello:\n    pass\n',
      'acme_hello/plugin.py': 'from .views import Hello\n\n\nclass Plugin:\n    hello = Hello\n',
    }),
    check: (subject) =>
      foreignImports(subject)
        .filter(({ hit, top }) => sibling(subject, hit.file, top))
        .map(({ hit, top }) => ({
          ...hit,
          message: `No module named "${top}"; did you mean ".${top}"?`,
          help: `Write: ${withDot(subject, hit, top)}`,
        })),
  },
  'python-import-undeclared': {
    area: 'python',
    needsPython: true,
    bad: calldPlugin({ 'acme_hello/plugin.py': 'import pandas\n\n\nclass Plugin:\n    pass\n' }),
    good: calldPlugin({ 'acme_hello/plugin.py': 'import requests\n\n\nclass Plugin:\n    pass\n' }),
    check: (subject) => {
      const declared = debianDepends(subject);
      return foreignImports(subject)
        .filter(({ hit, top }) => !sibling(subject, hit.file, top) && PYTHON2_MODULES[top] === undefined)
        .filter(({ top }) => !declared.some((name) => brings(name, top)))
        .map(({ hit, top }) => ({
          ...hit,
          message: `No known package provides the module "${top}"`,
          help: `Check the spelling. If it is right, name its Debian package in debian_depends of wazo/plugin.yml (often ${debianPackageOf(top)}).`,
        }));
    },
  },
  'entry-point-module-missing': {
    area: 'python',
    needsPython: true,
    bad: calldPlugin({ 'acme_hello/__init__.py': null }, '# acme_hello/ has no __init__.py'),
    good: calldPlugin({ 'acme_hello/__init__.py': '' }, '# acme_hello/__init__.py is there'),
    check: (subject) => entryPointsOf(subject).flatMap((point) => missingModule(subject, point)),
  },
  'entry-point-class-missing': {
    area: 'python',
    needsPython: true,
    bad: entry("'wazo_calld.plugins': ['acme_hello = acme_hello.plugin:Plugins']"),
    good: entry("'wazo_calld.plugins': ['acme_hello = acme_hello.plugin:Plugin']"),
    check: (subject) =>
      entryPointsOf(subject).flatMap((point) => {
        const path = moduleFile(subject, point.module);
        const facts = path === undefined ? undefined : subject.python?.files[path];
        const [name = ''] = point.attribute.split('.');
        if (facts === undefined || facts.open || name === '' || facts.names.includes(name)) return [];
        const near = nearest(name, facts.names);
        const message = `${path} defines no "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
        return [{ ...placeOf(point), message }];
      }),
  },
  'entry-point-group-dropped': {
    area: 'python',
    compat: 'engine',
    needsPython: true,
    bad: entry("'xivo_ctid_ng.plugins': ['acme_hello = acme_hello.plugin:Plugin']"),
    good: entry("'wazo_calld.plugins': ['acme_hello = acme_hello.plugin:Plugin']"),
    check: (subject) =>
      entryPointsOf(subject).flatMap((point) => {
        const message = droppedGroup(point.group, subject.engine);
        const now = retiredGroup(point.group, subject.engine);
        if (message === undefined || now === undefined) return [];
        return [
          {
            ...placeOf(point),
            message,
            help: `Rename the group to ${now.now}, and change the code to what that service calls.`,
          },
        ];
      }),
  },
  'entry-point-group-unknown': {
    area: 'python',
    needsPython: true,
    bad: entry("'wazo_calld.plugin': ['acme_hello = acme_hello.plugin:Plugin']"),
    good: entry("'wazo_calld.plugins': ['acme_hello = acme_hello.plugin:Plugin']"),
    check: (subject) => {
      const known = PLUGIN_GROUPS.map(({ group }) => group);
      return entryPointsOf(subject).flatMap((point): readonly Hit[] => {
        const { group } = point;
        if (
          !/^(?:wazo|xivo)_/.test(group) ||
          groupOf(group) !== undefined ||
          retiredGroup(group) !== undefined
        )
          return [];
        if (group.endsWith('_client.commands')) return [];
        const near = nearest(group, known);
        const message = `No known service loads the entry point group ${group}${near === undefined ? '' : `; did you mean ${near}?`}`;
        return [{ ...placeOf(point), message, level: near === undefined ? 'info' : 'warning' }];
      });
    },
  },
  'entry-point-single-module': {
    area: 'python',
    needsPython: true,
    bad: entry("'wazo_calld.plugins': ['acme_hello = acme:Plugin']", {
      'acme.py': 'class Plugin:\n    pass\n',
    }),
    good: entry("'wazo_calld.plugins': ['acme_hello = acme_hello.plugin:Plugin']"),
    check: (subject) =>
      entryPointsOf(subject)
        .filter((point) => !point.module.includes('.') && groupOf(point.group)?.http === true)
        .map((point) => ({
          ...placeOf(point),
          message: `"${point.module}" is a single module, not a package: GET /api/api.yml of ${groupOf(point.group)?.service} answers 500 with it`,
        })),
  },
} satisfies RuleChecks;

export function placeOf({ file, line, column }: DeclaredEntryPoint): {
  file: string;
  line: number;
  column?: number;
} {
  return column === undefined ? { file, line } : { file, line, column };
}

function missingModule(subject: Subject, point: DeclaredEntryPoint): readonly Hit[] {
  const { module } = point;
  const at = placeOf(point);
  const top = module.split('.')[0] ?? '';
  const file = moduleFile(subject, module);
  if (file === undefined) {
    if (stackBrings(top) && !ownModules(subject).has(top)) return [];
    return [{ ...at, message: `The plugin has no module "${module}"` }];
  }
  const packages = installedPackages(subject);
  const home = file.endsWith('/__init__.py') ? module : module.split('.').slice(0, -1).join('.');
  if (packages === undefined || home === '' || packages.includes(home)) return [];
  const parts = home.split('.');
  const bare = parts
    .map((_, index) => parts.slice(0, index + 1).join('.'))
    .find((name) => packageFolder(subject, name) !== undefined && moduleFile(subject, name) === undefined);
  const why =
    bare === undefined
      ? `packages= of setup() does not list "${home}"`
      : `${bare.replaceAll('.', '/')}/ has no __init__.py`;
  return [{ ...at, message: `Module "${module}" is not installed: ${why}` }];
}

/** The import as Python 3 needs it, made of the line that has it. */
function withDot(subject: Subject, { file, line = 1 }: Hit, top: string): string {
  const written = subject.files.get(file)?.lines[line - 1]?.trim() ?? '';
  const from = new RegExp(String.raw`^from\s+${top}\b`);
  if (from.test(written)) return written.replace(from, `from .${top}`);
  return written === `import ${top}` ? `from . import ${top}` : `from .${top} import …`;
}

/** Imports of installed modules that are neither Python's, nor the plugin's, nor the stack's. */
function foreignImports(subject: Subject): readonly { hit: Hit; top: string }[] {
  const own = ownModules(subject);
  return Object.entries(subject.python?.files ?? {})
    .filter(
      ([file]) =>
        !/(?:^|\/)(?:tests?|integration_tests|docs|examples)\/|(?:^|\/)(?:test_\w+|conftest|setup)\.py$/.test(
          file,
        ),
    )
    .flatMap(([file, facts]) =>
      facts.imports
        .filter(({ level, optional, standard }) => level === 0 && !optional && !standard)
        .map(({ module, line, column }) => ({
          hit: { file, line, column, message: module },
          top: module.split('.')[0] ?? '',
        }))
        .filter(({ top }) => !own.has(top) && !stackBrings(top)),
    );
}

/** A module beside the file has that name, and lies in a package. */
function sibling(subject: Subject, file: string, top: string): boolean {
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
  // a program finds what lies beside it; only in a package it does not
  return (
    subject.files.has(`${folder}__init__.py`) &&
    folder !== '' &&
    (subject.files.has(`${folder}${top}.py`) || subject.files.has(`${folder}${top}/__init__.py`))
  );
}

function debianDepends(subject: Subject): readonly string[] {
  const list = valueOf(subject.manifest?.document.root, 'debian_depends');
  return list?.kind === 'list'
    ? list.items.filter(isScalar).map(({ text }) => text.split(/[\s(|]/)[0] ?? '')
    : [];
}

function brings(debianPackage: string, module: string): boolean {
  const plain = debianPackage
    .replace(/^python3?-/, '')
    .replaceAll('-', '_')
    .toLowerCase();
  const wanted = module.toLowerCase();
  return (
    debianPackage === debianPackageOf(module) ||
    plain === wanted ||
    plain.includes(wanted) ||
    wanted.includes(plain)
  );
}
