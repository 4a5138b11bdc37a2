import type { CallLoggerManifest } from '../kinds/call-logger-manifest.ts';
import type { EntryPoint } from '../wazo/entry-point.ts';
import { PYTHON_PATH } from '../wazo/needs.ts';
import { retiredGroup } from '../wazo/renamed.ts';
import type { PythonFile } from '../readers/python/facts.ts';
import type { DeclaredEntryPoint } from '../readers/python/packaging.ts';
import type { StagedFile, StagedTree } from '../stage/tree.ts';
import { enabledNames } from './enabled-names.ts';
import { broken, none, ok, several, type Judgement } from './link.ts';
import type { TargetFactsForWhy } from './why-target.ts';

/** Entry points that lead nowhere, and settings that enable what no package names. */
export function judgeEntryPoints(facts: TargetFactsForWhy): Judgement {
  const { tree, entryPoints, plugin } = facts;
  if (plugin.callLogger !== undefined) return judgeClass(facts, plugin.callLogger);
  const enabled = enabledNames(tree);
  const unknown = enabled.find(
    ({ group, name }) =>
      !entryPoints.some((entry) => entry.group === group && entry.name === name) && isOwn(facts, group),
  );
  if (unknown !== undefined) {
    return broken(
      `${unknown.name} is enabled, but the package has no entry point ${unknown.name} in ${unknown.group}`,
      'Add it to entry_points, or enable the name that is there.',
      placeOf(tree, unknown.file),
    );
  }
  for (const entry of entryPoints) {
    const problem = judgeOne(facts, entry);
    if (problem !== undefined) return problem;
  }
  const names = entryPoints.map(({ group, name }) => `${name} in ${group}`);
  return names.length === 0 ? none('no Python entry point') : ok(several(names));
}

/** A plugin that brings Python for a group means its own settings; another may enable what others bring. */
function isOwn({ entryPoints, tree }: TargetFactsForWhy, group: string): boolean {
  const python = [...tree.keys()].some((path) => PYTHON_PATH.exec(path)?.[1]?.endsWith('.py'));
  return python && (entryPoints.length === 0 || entryPoints.some((entry) => entry.group === group));
}

function judgeOne({ tree, declared, python }: TargetFactsForWhy, entry: EntryPoint): Judgement | undefined {
  const { group, name, value } = entry;
  const place = declaredAt(declared, entry);
  if (retiredGroup(group) !== undefined) {
    const help = `Name the group of a present service in ${place.file}.`;
    return broken(`no service loads ${group} any more`, help, place);
  }
  const [module = '', attribute = ''] = value.split(':');
  const top = module.split('.')[0] ?? '';
  if (![...tree.keys()].some((path) => isModule(path, top))) return undefined;
  const file = findModule(tree, module);
  if (file === undefined) {
    return broken(
      `${name} leads to the module ${module}, which is not in the package`,
      'Correct the entry point, or see that find_packages() takes the folder (it needs __init__.py).',
      place,
    );
  }
  const first = attribute.split('.')[0] ?? '';
  if (first === '' || defines(python(file.bytes.toString('utf8')), first)) return undefined;
  return broken(`${name} leads to ${value}, but ${module} has no ${first}`, 'Correct one of the two names.', {
    file: file.source ?? file.path,
  });
}

function isModule(path: string, dotted: string): boolean {
  const inside = PYTHON_PATH.exec(path)?.[1] ?? '';
  const file = dotted.replaceAll('.', '/');
  return inside === `${file}.py` || inside.startsWith(`${file}/`);
}

function findModule(tree: StagedTree, dotted: string): StagedFile | undefined {
  const file = dotted.replaceAll('.', '/');
  return [...tree.values()].find(({ path }) => {
    const inside = PYTHON_PATH.exec(path)?.[1];
    return inside === `${file}.py` || inside === `${file}/__init__.py`;
  });
}

function declaredAt(
  declared: readonly DeclaredEntryPoint[],
  { group, name }: EntryPoint,
): { readonly file: string; readonly line?: number } {
  const found = declared.find((point) => point.group === group && point.name === name);
  return found === undefined ? { file: 'setup.py' } : { file: found.file, line: found.line };
}

/** Whether a module has the name at its top level, or may have it. */
function defines({ names, open }: PythonFile, name: string): boolean {
  return open || names.includes(name);
}

function judgeClass(
  { tree, python }: TargetFactsForWhy,
  { className, launcher, module: source }: CallLoggerManifest,
): Judgement {
  const module = [...tree.values()].find((file) =>
    launcher === undefined
      ? /\/quartx_call_logger\/plugins\/[^/]+\.py$/.test(file.path)
      : file.source === source,
  );
  if (module === undefined || !defines(python(module.bytes.toString('utf8')), className)) {
    return broken(
      `there is no class ${className} in the module`,
      'Correct class in call-logger-plugin.yml.',
      {
        file: 'call-logger-plugin.yml',
      },
    );
  }
  return ok(`class ${className}`);
}

function placeOf(tree: StagedTree, path: string): { file: string } {
  return { file: tree.get(path)?.source ?? path };
}
