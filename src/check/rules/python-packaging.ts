import { SETTINGS_FILES, setupCalls } from '../../readers/python/packaging.ts';
import { withFiles } from '../examples.ts';
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

function bytecode(more: string): Example {
  const text = `#!/bin/sh\nset -e\ncase "$1" in\n    build)\n        python3 setup.py bdist\n        ;;\n    package)\n        cp -R etc "$pkgdir/"\n        tar -C "$pkgdir" -xzf dist/*.tar.gz${more.replace('\n', '\n        ')}\n        ;;\n    install|uninstall|postrm) ;;\n    *)\n        exit 1\n        ;;\nesac\n`;
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
