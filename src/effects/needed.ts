import { kindOf, type Plugin } from '../kinds/plugin.ts';
import type { EntryPoint } from '../wazo/entry-point.ts';
import type { StagedFile } from '../stage/tree.ts';
import type { Effect } from '../wazo/effect.ts';
import { RELOAD_TABLE, type Need, type ReloadRule } from '../wazo/needs.ts';
import { changedEntries } from '../wazo/python-services.ts';
import { needOf } from '../wazo/path-needs.ts';
import type { StagedTree } from '../stage/tree.ts';
import { importersIn, type Importers } from './importers.ts';
import { keyHolders } from './auth-keys.ts';
import { effectLabel } from './registry.ts';

/** The facts of a plugin that decide what its files need. */
export interface Owner {
  readonly entryPoints: readonly EntryPoint[];
  /** As in the package of path-needs.ts. */
  readonly changedEntries?: readonly EntryPoint[] | undefined;
  /** Whether it starts the call logger itself, as one of generation 2 does. */
  readonly isLauncher: boolean;
  /** As in the package of path-needs.ts. */
  readonly importers?: Importers | undefined;
  /** The effects of a path that nothing is known of. */
  readonly otherwise: readonly Effect[];
}

/** The need of one installed path. */
export interface PathNeed extends Need {
  readonly path: string;
}

/** `tree` is what the plugin installs, where that is known, and `old` are the entry points of the version before. */
export function ownerOf(
  plugin: Plugin,
  now: readonly EntryPoint[],
  tree?: StagedTree,
  old?: readonly EntryPoint[],
): Owner {
  const entryPoints = [...now, ...(old ?? [])];
  const isLauncher = plugin.callLogger?.launcher !== undefined;
  const importers = tree === undefined ? undefined : importersIn(tree, entryPoints);
  return {
    entryPoints,
    changedEntries: old && changedEntries(old, now),
    isLauncher,
    importers,
    otherwise: kindOf(plugin).otherwise,
  };
}

/** An owner of which only the entry points are known: the files that go from a target, and not their sources. */
export function strangerWith(entryPoints: readonly EntryPoint[]): Owner {
  return { entryPoints, isLauncher: false, otherwise: [] };
}

/** The needs of installed paths, each effect once a path. `table` is asked before anything else. */
export function* needsOfPaths(
  paths: Iterable<string>,
  owner: Owner,
  table: readonly ReloadRule[] = RELOAD_TABLE,
): Generator<PathNeed> {
  for (const path of paths) {
    const { effects, left, because } = needOf(path, owner, table) ?? unknownPath(owner);
    yield { path, effects: distinct(effects), left, because };
  }
}

function unknownPath({ otherwise }: Owner): Need {
  const because = 'nothing is known about this path, so wazo/rules install decides';
  return { effects: otherwise, because };
}

function distinct(effects: readonly Effect[]): readonly Effect[] {
  if (effects.length < 2) return effects;
  return [...new Map(effects.map((effect) => [effectLabel(effect), effect])).values()];
}

/** The needs that come of what is written in files: of rights that a service gets, and fetches when it starts. */
export function* needsOfTexts(files: Iterable<StagedFile>): Generator<PathNeed> {
  const because = 'a service fetches its token, with its rights, at start';
  for (const file of files) {
    const effects = keyHolders(file);
    if (effects.length > 0) yield { path: file.path, effects, because };
  }
}
