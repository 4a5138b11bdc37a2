import { moduleFile, ownModules, packageFolder } from '../python-packages.ts';
import type { Hit, RuleChecks } from '../rule.ts';
import { nearest } from '../../support/nearest.ts';
import type { PythonFile } from '../../readers/python/facts.ts';
import { stackBrings } from '../../wazo/python-modules.ts';
import type { Subject } from '../subject.ts';
import { calldPlugin } from './python-code.ts';

const PLUGIN = 'from .views import Hello\n\n\nclass Plugin:\n    hello = Hello\n';

export const PYTHON_IMPORT_CHECKS = {
  'python-own-import-missing': {
    area: 'python',
    needsPython: true,
    bad: calldPlugin({
      'acme_hello/views.py': 'class Hallo:\n    pass\n',
      'acme_hello/plugin.py': PLUGIN,
    }),
    good: calldPlugin({
      'acme_hello/views.py': 'class Hello:\n    pass\n',
      'acme_hello/plugin.py': PLUGIN,
    }),
    check: (subject) =>
      Object.entries(subject.python?.files ?? {})
        .filter(([file]) => isInPackage(subject, file))
        .flatMap(([file, facts]) => missing(subject, file, facts)),
  },
} satisfies RuleChecks;

/** Files that nobody imports on a server. */
const ASIDE = /(?:^|\/)(?:tests?|integration_tests|docs|examples)\/|(?:^|\/)(?:test_\w+|conftest|setup)\.py$/;

function isInPackage(subject: Subject, file: string): boolean {
  return !ASIDE.test(file) && subject.files.has(file.replace(/[^/]+$/, '__init__.py'));
}

/** Imports of what only the plugin itself can have, and has not. */
function missing(subject: Subject, file: string, facts: PythonFile): readonly Hit[] {
  const own = ownModules(subject);
  const parts = file
    .replace(/^src\//, '')
    .replace(/\.py$/, '')
    .split('/')
    .slice(0, -1);
  return facts.imports
    .filter(({ optional, standard }) => !optional && !standard)
    .flatMap(({ module, level, names, line, column }): readonly Hit[] => {
      const top = module.split('.')[0] ?? '';
      if (level > parts.length) return [];
      if (level === 0 && (!own.has(top) || stackBrings(top) || moduleFile(subject, top) === undefined))
        return [];
      const base = level === 0 ? [] : parts.slice(0, parts.length - level + 1);
      const target = [...base, ...(module === '' ? [] : [module])].join('.');
      const at = { file, line, column };
      if (!isThere(subject, target))
        return isMade(subject, target) ? [] : [{ ...at, message: `The plugin has no module "${target}"` }];
      return names.flatMap((name) =>
        missingName(subject, target, name).map((message) => ({ ...at, message })),
      );
    });
}

function isThere(subject: Subject, module: string): boolean {
  return moduleFile(subject, module) !== undefined || packageFolder(subject, module) !== undefined;
}

function missingName(subject: Subject, module: string, name: string): readonly string[] {
  const file = moduleFile(subject, module);
  const facts = file === undefined ? undefined : subject.python?.files[file];
  if (facts === undefined || facts.open || facts.error !== undefined || facts.unread === true) return [];
  const made = `${module}.${name}`;
  if (name === '*' || facts.names.includes(name) || isThere(subject, made) || isMade(subject, made))
    return [];
  const near = nearest(name, facts.names);
  return [`${file} defines no "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`];
}

/** Files that may say how a module is made while the package is. */
const MAKERS = ['wazo/rules', 'setup.py', 'setup.cfg', 'pyproject.toml', '.gitignore', 'Makefile'];

function isMade(subject: Subject, module: string): boolean {
  const name = module.split('.').at(-1) ?? '';
  if (/^_?version$|_pb2/.test(name)) return true;
  const word = new RegExp(String.raw`\b${name}\.py\b`);
  return MAKERS.some((file) => word.test(subject.files.get(file)?.text ?? ''));
}
