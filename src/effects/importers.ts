import { importsOf } from '../readers/python/imports.ts';
import type { StagedTree } from '../stage/tree.ts';
import type { EntryPoint } from '../wazo/entry-point.ts';
import type { Effect } from '../wazo/effect.ts';
import { PYTHON_PATH } from '../wazo/needs.ts';
import { effectsOfEntry } from '../wazo/python-services.ts';

/**
 * Answers the effects by which all that has a file's code in its process loads it anew. `isClaimed` says that the file
 * lies beside an entry point, whose service is known.
 */
export type Importers = (file: string, isClaimed: boolean) => readonly Effect[];

/** wazo-agid imports these at its start. Source: wazo-agid, modules. */
const AGI_MODULE = /^wazo_agid\/.*\.py$/;

const AGID: readonly Effect[] = [{ do: 'restart', unit: 'wazo-agid' }];

/** Folders of packages that no daemon imports. */
const OF_TESTS = /^(?:tests?|docs|examples)\//;

/**
 * The daemons of a plugin that import each of its Python files, over other files of it too. What none is seen to
 * import, all of them may: by a name that is made, or as a file that is read. `file` is relative to the folder of
 * packages.
 */
export function importersIn(tree: StagedTree, entryPoints: readonly EntryPoint[]): Importers {
  let known: ReadonlyMap<string, ReadonlySet<Effect>> | undefined;
  const roots = rootsOf(tree, entryPoints);
  const all = [...new Set([...roots.values()].flat())];
  return (file, isClaimed) => {
    known ??= reach(tree, roots);
    const effects = known.get(file);
    if (effects !== undefined) return [...effects];
    return isClaimed || OF_TESTS.test(file) ? [] : all;
  };
}

/** Dotted names of the modules that daemons import by themselves, with the effects that load them anew. */
function rootsOf(
  tree: StagedTree,
  entryPoints: readonly EntryPoint[],
): ReadonlyMap<string, readonly Effect[]> {
  const roots = new Map<string, readonly Effect[]>();
  const add = (module: string, effects: readonly Effect[]): void =>
    void roots.set(module, [...(roots.get(module) ?? []), ...effects]);
  for (const entry of entryPoints) add(entry.value.split(':')[0]?.trim() ?? '', effectsOfEntry(entry));
  for (const path of tree.keys()) {
    const file = PYTHON_PATH.exec(path)?.[1];
    if (file !== undefined && AGI_MODULE.test(file)) add(moduleOf(file), AGID);
  }
  return roots;
}

function moduleOf(file: string): string {
  return file.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.');
}

/** File → the effects of every root that reaches it by imports. */
function reach(
  tree: StagedTree,
  roots: ReadonlyMap<string, readonly Effect[]>,
): ReadonlyMap<string, ReadonlySet<Effect>> {
  const files = new Map<string, { readonly file: string; readonly text: () => string }>();
  for (const { path, bytes, link } of tree.values()) {
    const file = PYTHON_PATH.exec(path)?.[1];
    if (file?.endsWith('.py') !== true || link !== undefined) continue;
    files.set(moduleOf(file), { file, text: () => bytes.toString('utf8') });
  }
  const found = new Map<string, Set<Effect>>();
  const imports = new Map<string, readonly string[]>();
  for (const [root, effects] of roots) {
    const seen = new Set<string>();
    const next = withPackages(root);
    for (let module = next.pop(); module !== undefined; module = next.pop()) {
      const known = files.get(module);
      if (known === undefined || seen.has(module)) continue;
      seen.add(module);
      const own = found.get(known.file) ?? new Set();
      for (const effect of effects) own.add(effect);
      found.set(known.file, own);
      const wanted =
        imports.get(module) ??
        [...importsOf(known.text(), module, known.file.endsWith('__init__.py'))].flatMap(withPackages);
      imports.set(module, wanted);
      next.push(...wanted);
    }
  }
  return found;
}

/** To import a module is to import the packages around it. */
function withPackages(module: string): string[] {
  const parts = module.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}
