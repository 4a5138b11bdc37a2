import path from 'node:path/posix';
import type { PythonValue } from '../../readers/python/facts.ts';
import { SETTINGS_FILES, setupCalls } from '../../readers/python/packaging.ts';
import { commandsOf } from '../../readers/shell/service-calls.ts';
import { globMatcher } from '../../support/glob.ts';
import { rules, withFiles } from '../examples.ts';
import { installedPackages } from '../python-packages.ts';
import type { Example, Hit, RuleChecks } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { isScalar, valueOf } from '../../readers/yaml/node.ts';

/** setup.py of a plugin with one package, and what else setup() is called with. */
function setup(rest: string, head = '', packages = "['acme_hello']"): Example {
  const text = `from setuptools import find_packages, setup\n${head}\nsetup(\n    name='acme-hello',\n    packages=${packages},\n${rest})\n`;
  const example = withFiles({ 'setup.py': text, 'acme_hello/__init__.py': '' }, `${head}${rest}`.trim());
  return example.shown === '' ? { ...example, shown: `packages=${packages}` } : example;
}

/** Names that any plugin could have at its top: two of them cannot be installed together. */
const GENERIC = new Set(
  'tests test src lib docs doc examples example utils util helpers common core config plugin plugins scripts app main setup build dist tools'.split(
    ' ',
  ),
);

export const PYTHON_PACKAGING_CHECKS = {
  'setup-version-mismatch': {
    area: 'packaging',
    needsPython: true,
    bad: setup("    version='0.1.0',\n"),
    good: setup("    version='1.0.0',\n"),
    check: versionMismatch,
  },
  'setup-install-requires': {
    area: 'packaging',
    kinds: ['stack'],
    needsPython: true,
    bad: setup("    install_requires=['requests'],\n"),
    good: setup(''),
    check: installRequires,
  },
  'setup-generic-package': {
    area: 'packaging',
    needsPython: true,
    bad: {
      files: { ...setup('', '', 'find_packages()').files, 'tests/__init__.py': '' },
      shown: 'packages=find_packages()   # and there is tests/__init__.py',
    },
    good: {
      files: { ...setup('', '', "find_packages(include=['acme_hello'])").files, 'tests/__init__.py': '' },
      shown: "packages=find_packages(include=['acme_hello'])",
    },
    check: (subject) => {
      const [call] = setupCalls(subject.python?.files['setup.py']);
      const generic = (installedPackages(subject) ?? []).filter((name) => GENERIC.has(name));
      return generic.map((name) => ({
        file: 'setup.py',
        line: call?.line ?? 1,
        message: `Top-level package "${name}" would be installed system-wide`,
      }));
    },
  },
  'setup-data-missing': {
    area: 'packaging',
    needsPython: true,
    bad: data(''),
    good: data("    package_data={'acme_hello': ['*/api.yml']},\n"),
    check: missingData,
  },
  'setup-distutils': {
    area: 'packaging',
    compat: 'debian',
    needsPython: true,
    bad: withFiles({
      'setup.py': "from distutils.core import setup\n\nsetup(name='acme-hello', version='1.0.0')\n",
    }),
    good: withFiles({
      'setup.py': "from setuptools import setup\n\nsetup(name='acme-hello', version='1.0.0')\n",
    }),
    check: (subject) =>
      imports(subject, (module) => module === 'distutils' || module.startsWith('distutils.')).map((hit) => ({
        ...hit,
        level: subject.debian >= 13 ? 'error' : 'warning',
        message: 'distutils was removed in Python 3.12',
      })),
  },
  'python-yaml-load': {
    area: 'packaging',
    needsPython: true,
    bad: setup(
      "    version=META['version'],\n",
      "import yaml\n\nMETA = yaml.load(open('wazo/plugin.yml'))\n",
    ),
    good: setup(
      "    version=META['version'],\n",
      "import yaml\n\nMETA = yaml.safe_load(open('wazo/plugin.yml'))\n",
    ),
    check: yamlLoads,
  },
  'packaging-bytecode': {
    area: 'packaging',
    needsPython: true,
    bad: bytecode(''),
    good: bytecode('\nfind "$pkgdir" -name __pycache__ -prune -exec rm -r {} +'),
    check: (subject) => {
      const branch = subject.rules?.branches?.get('package');
      if (subject.rules === undefined || branch === undefined || !subject.package.python) return [];
      const cleans = branch.commands.some(
        ({ name, words }) =>
          (name === 'find' || name === 'rm') && words.some(({ text }) => /__pycache__|\.pyc/.test(text)),
      );
      const all = [...branch.commands, ...(subject.rules.branches?.get('build')?.commands ?? [])];
      const compiled = all.find(({ words }) =>
        words.some(({ value }) => /^bdist(?:_dumb)?$/.test(value ?? '')),
      );
      if (cleans || compiled === undefined) return [];
      return [{ ...subject.rules.file.at(compiled.start), message: 'bdist puts bytecode into the package' }];
    },
  },
} satisfies RuleChecks;

/** A package that setup.py installs, with a file beside its modules. */
function data(rest: string): Example {
  const made = setup(rest, '', "['acme_hello', 'acme_hello.calld']");
  const script = rules({ package: 'cp -R etc "$pkgdir/"\npython3 setup.py install --root="$pkgdir"' });
  return {
    files: {
      ...made.files,
      ...script.files,
      'acme_hello/calld/__init__.py': '',
      'acme_hello/calld/api.yml': 'paths:\n  /acme:\n    get: {}\n',
    },
    shown: rest === '' ? 'setup(packages=…)   # and there is acme_hello/calld/api.yml' : rest.trim(),
  };
}

/** Files beside modules that setup() leaves behind: those that services read, and those that the modules name. */
function missingData(subject: Subject): readonly Hit[] {
  const { files, python } = subject;
  const calls = setupCalls(python?.files['setup.py']);
  const [call] = calls;
  const installed = installedPackages(subject);
  if (call === undefined || calls.length !== 1 || installed === undefined || !subject.package.python)
    return [];
  if (call.open === true || saysMore(subject, call.keywords)) return [];
  const listed = dataPatterns(call.keywords['package_data']);
  if (listed === undefined) return [];
  const copied = new Set(subject.package.files.values());
  const missing = [...files.keys()].filter((file) => {
    const folder = path.dirname(file);
    if (/\.py[cio]?$/.test(file) || copied.has(file) || !files.has(`${folder}/__init__.py`)) return false;
    if (!installed.includes(folder.split('/')[0] ?? '') || !isRead(subject, file)) return false;
    if (!subject.package.certain && mayCopy(subject, file)) return false;
    return !listed.some(({ of, matches }) => isListed(file, of, matches, files));
  });
  const [first] = missing;
  if (first === undefined) return [];
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
  return [{ file: 'setup.py', line: call.line, message: `setup() does not install ${first}${more}` }];
}

/** Keywords of setup() that say which files go with the modules, or have something said that does. */
const SAY_MORE = [
  'cmdclass',
  'data_files',
  'include_package_data',
  'package_dir',
  'pbr',
  'setup_requires',
  'use_scm_version',
];

/** Whether something beside package_data says which files go with the modules. */
function saysMore({ files }: Subject, keywords: Readonly<Record<string, PythonValue>>): boolean {
  if (SAY_MORE.some((name) => keywords[name] !== undefined)) return true;
  const settings = SETTINGS_FILES.map((file) => files.get(file)?.text ?? '').join('\n');
  return files.has('MANIFEST.in') || /package[-_]data|setuptools[-_]scm/.test(settings);
}

/** Whether a command may copy a file of the sources by itself, and not what setup() made of them. */
function mayCopy({ rules: script }: Subject, file: string): boolean {
  const [top = ''] = file.split('/');
  return commandsOf(script, 'build', 'package').some(({ command: { name, words } }) => {
    if (/^(?:mkdir|rm|sed|chmod|chown|python[\d.]*)$/.test(name)) return false;
    // the last is where it goes
    return words.slice(0, -1).some(({ value, text, glob }) => {
      if (value === undefined) return !text.includes('pkgdir');
      if (/^(?:[-$/]|(?:\.\/)?(?:build|dist)\/)/.test(value)) return false;
      const [first] = value.replace(/^\.\//, '').split('/');
      return value === '.' || glob || first === top || value.includes(path.basename(file));
    });
  });
}

interface DataPattern {
  /** The package that it is for; empty for all. */
  readonly of: string;
  readonly matches: (file: string) => boolean;
}

/** The files that package_data lists; undefined where it is not all literal. */
function dataPatterns(value: PythonValue | undefined): readonly DataPattern[] | undefined {
  if (value === undefined) return [];
  if (value.is !== 'dict') return undefined;
  const found: DataPattern[] = [];
  for (const [name, patterns] of value.entries) {
    if (name.is !== 'text' || patterns.is !== 'list') return undefined;
    for (const pattern of patterns.items) {
      if (pattern.is !== 'text') return undefined;
      const of = name.value === '*' ? '' : name.value.replaceAll('.', '/');
      found.push({ of, matches: globMatcher(pattern.value) });
    }
  }
  return found;
}

/** Whether a pattern of one package, or of all, is of a file in it. */
function isListed(
  file: string,
  of: string,
  matches: (file: string) => boolean,
  files: Subject['files'],
): boolean {
  const words = file.split('/');
  return words.slice(1).some((_, at) => {
    const folder = words.slice(0, at + 1).join('/');
    if (of === '' ? !files.has(`${folder}/__init__.py`) : of !== folder) return false;
    return matches(words.slice(at + 1).join('/'));
  });
}

/** Whether a service reads a file, or a module beside it names it and opens what lies beside it. */
function isRead({ files }: Subject, file: string): boolean {
  const folder = path.dirname(file);
  if (/(?:^|\/)(?:integration_)?tests?(?:\/|$)/.test(folder)) return false;
  const name = path.basename(file);
  if (name === 'api.yml') return true;
  return [...files].some(
    ([other, { text }]) =>
      other.endsWith('.py') &&
      path.dirname(other) === folder &&
      (text.includes(`'${name}'`) || text.includes(`"${name}"`)) &&
      /__file__|resource|get_data|PackageLoader/.test(text),
  );
}

function bytecode(more: string): Example {
  const text = `#!/bin/sh\nset -e\ncase "$1" in\n    build)\n        python3 setup.py bdist\n        ;;\n    package)\n        cp -R etc "$pkgdir/"\n        tar -C "$pkgdir" -xzf dist/*.tar.gz${more.replace('\n', '\n        ')}\n        ;;\n    install|postrm)\n        answer=$(asterisk -rx "dialplan reload") || echo "no Asterisk: $answer" >&2\n        ;;\n    uninstall) ;;\n    *)\n        exit 1\n        ;;\nesac\n`;
  return {
    files: { ...setup("    version='1.0.0',\n").files, 'wazo/rules': text },
    shown: `python3 setup.py bdist\ntar -C "$pkgdir" -xzf dist/*.tar.gz${more}`,
  };
}

function installRequires(subject: Subject): readonly Hit[] {
  const calls = setupCalls(subject.python?.files['setup.py']).flatMap(
    ({ keywords, line }): readonly Hit[] => {
      const list = keywords['install_requires'];
      if (list === undefined || (list.is === 'list' && list.items.length === 0)) return [];
      const [first] = list.is === 'list' ? list.items : [];
      const at = first?.is === 'text' ? { line: first.line, column: first.column } : { line };
      return [{ file: 'setup.py', ...at, message: unread('install_requires') }];
    },
  );
  const settings = SETTINGS_FILES.flatMap((file): readonly Hit[] => {
    if (subject.python?.files[file]?.settings?.requires !== true) return [];
    const key = file === 'setup.cfg' ? 'install_requires' : 'dependencies';
    return [{ file, line: lineOfKey(subject, file, key), message: unread(key) }];
  });
  return [...calls, ...settings];
}

function unread(key: string): string {
  return `wazo-plugind ignores ${key}`;
}

function lineOfKey(subject: Subject, file: string, key: string): number {
  const lines = subject.files.get(file)?.lines ?? [];
  return lines.findIndex((line) => new RegExp(`^\\s*${key}\\s*=`).test(line)) + 1 || 1;
}

function versionMismatch(subject: Subject): readonly Hit[] {
  const version = valueOf(subject.manifest?.document.root, 'version');
  if (version === undefined || !isScalar(version) || version.kind === 'null') return [];
  // a Debian revision is no part of the upstream version
  const right = new Set([version.text, version.text.replace(/-[^-]*$/, '')]);
  const settings = SETTINGS_FILES.flatMap((file): readonly Hit[] => {
    const own = subject.python?.files[file]?.settings?.version;
    // attr: and file: name where the version is read from
    if (own === undefined || right.has(own) || !/^\d/.test(own)) return [];
    const message = `${file} has version ${own}, but plugin.yml ${version.text}`;
    return [{ file, line: lineOfKey(subject, file, 'version'), message }];
  });
  const calls = setupCalls(subject.python?.files['setup.py']).flatMap(({ keywords }): readonly Hit[] => {
    const own = keywords['version'];
    if (own?.is !== 'text' || right.has(own.value)) return [];
    const { from: start, to: end } = own;
    const written = subject.files.get('setup.py')?.text.slice(start, end) ?? '';
    const quote = written[0];
    const plain = (quote === "'" || quote === '"') && written === quote + own.value + quote;
    const text = `${quote}${version.text}${quote}`;
    const message = `setup.py has version ${own.value}, but plugin.yml ${version.text}`;
    const fix = plain ? [{ file: 'setup.py', start, end, text }] : undefined;
    return [{ file: 'setup.py', line: own.line, column: own.column, message, fix }];
  });
  return [...calls, ...settings];
}

function yamlLoads(subject: Subject): readonly Hit[] {
  return Object.entries(subject.python?.files ?? {}).flatMap(([path, { calls }]) =>
    calls
      .filter(
        ({ name, args, keywords }) =>
          /^yaml\.load(?:_all)?$/.test(name) && args.length < 2 && keywords['Loader'] === undefined,
      )
      .map(({ line, column, name, from: start }): Hit => {
        const text = subject.files.get(path)?.text.slice(start) ?? '';
        const [written = '', module = ''] = /^(\w+\.)load/.exec(text) ?? [];
        // what is imported by name needs another import too
        const edit = { file: path, start, end: start + written.length, text: `${module}safe_load` };
        const fix = written === '' ? undefined : [edit];
        return { file: path, line, column, message: `${name} needs a Loader since PyYAML 6`, fix };
      }),
  );
}

/** Every import of the modules that `wanted` names. */
export function imports(subject: Subject, wanted: (module: string) => boolean): readonly Hit[] {
  return Object.entries(subject.python?.files ?? {}).flatMap(([file, facts]) =>
    facts.imports
      .filter(({ module, level, optional }) => level === 0 && !optional && wanted(module))
      .map(({ module, line, column }) => ({ file, line, column, message: module })),
  );
}
