import { nameMatcher } from '../support/glob.ts';
import type { Subject } from './subject.ts';
import { setupCalls } from '../readers/python/packaging.ts';
import type { PythonValue } from '../readers/python/facts.ts';

/** Where a package's modules lie in the repository. */
const ROOTS = ['', 'src/'] as const;

/** The file of a module, `a.b` → `a/b.py` or `a/b/__init__.py`. */
export function moduleFile(subject: Subject, module: string): string | undefined {
  const path = module.replaceAll('.', '/');
  for (const root of ROOTS)
    for (const file of [`${root}${path}.py`, `${root}${path}/__init__.py`])
      if (subject.files.has(file)) return file;
  return undefined;
}

/** Whether the repository has a folder of that package, with or without `__init__.py`. */
export function packageFolder(subject: Subject, module: string): string | undefined {
  const path = module.replaceAll('.', '/');
  for (const root of ROOTS) {
    const folder = `${root}${path}`;
    if ([...subject.files.keys()].some((file) => file.startsWith(`${folder}/`) && file.endsWith('.py')))
      return folder;
  }
  return undefined;
}

/** Names of top-level packages and modules of the repository. */
export function ownModules(subject: Subject): ReadonlySet<string> {
  const found = new Set<string>();
  for (const file of subject.files.keys()) {
    const match = /^(?:src\/)?([A-Za-z_]\w*)(?:\/.*\.py|\.py)$/.exec(file);
    if (match?.[1] !== undefined) found.add(match[1]);
  }
  return found;
}

/** Packages that setup.py installs; undefined when that is not literal, or there is no setup.py. */
export function installedPackages(subject: Subject): readonly string[] | undefined {
  const [setup] = setupCalls(subject.python?.files['setup.py']);
  const value = setup?.keywords['packages'];
  if (value?.is === 'list') {
    const names = value.items.map((item) => (item.is === 'text' ? item.value : undefined));
    return names.some((name) => name === undefined) ? undefined : (names as string[]);
  }
  if (value?.is !== 'call' || !/(?:^|\.)find_packages$/.test(value.name)) return undefined;
  return findPackages(subject, value);
}

/** The packages that `find_packages(…)` finds: folders with `__init__.py` all the way from the root. Source: setuptools. */
function findPackages(
  subject: Subject,
  call: Extract<PythonValue, { is: 'call' }>,
): readonly string[] | undefined {
  const where = call.keywords['where'] ?? call.args[0];
  if (where !== undefined && where.is !== 'text') return undefined;
  const root = where === undefined || where.value === '.' ? '' : `${where.value.replace(/^\.\/|\/$/g, '')}/`;
  const include = patterns(call.keywords['include']) ?? ['*'];
  const exclude = patterns(call.keywords['exclude']) ?? [];
  const found: string[] = [];
  for (const file of subject.files.keys()) {
    if (!file.startsWith(root) || !file.endsWith('/__init__.py')) continue;
    const parts = file.slice(root.length).split('/').slice(0, -1);
    const whole = parts.every((_, at) =>
      subject.files.has(`${root}${parts.slice(0, at + 1).join('/')}/__init__.py`),
    );
    const name = parts.join('.');
    if (whole && matchesAny(name, include) && !matchesAny(name, exclude)) found.push(name);
  }
  return found;
}

function patterns(value: PythonValue | undefined): readonly string[] | undefined {
  if (value?.is !== 'list') return undefined;
  return value.items.flatMap((item) => (item.is === 'text' ? [item.value] : []));
}

function matchesAny(name: string, globs: readonly string[]): boolean {
  return globs.some((glob) => nameMatcher(glob)(name));
}
