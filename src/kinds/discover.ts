import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { statOf } from '../support/stat.ts';
import type { Kind } from './kind.ts';
import { KINDS, type Plugin, type PluginKind } from './plugin.ts';
import { GoneWhileRead, SourceFolder } from './source-folder.ts';

/** The folders that wdev takes for plugins. */
export const NO_PLUGIN =
  'wdev looks for wazo/plugin.yml, a wazo_confgend entry point or call-logger-plugin.yml. Make a plugin: wdev new';

/** A folder is of the first kind that reads it. */
const ASKED = (Object.entries(KINDS) as [PluginKind, Kind][]).sort(
  ([, one], [, other]) => Number(one.isGuess) - Number(other.isGuess),
);

/** Folders that never hold a plugin's sources. */
const PRUNED = new Set(['node_modules', '__pycache__', '_pkg', 'build', 'dist', 'venv', 'tests']);

/** Levels of folders below a given path that are searched for plugins. */
const DEPTH = 4;

/**
 * Finds the plugins at or below the given folders. `searched` takes the folders that are none, but may come to hold
 * some.
 * @throws UserError `no-such-folder` when a path is not a folder
 */
export function discoverPlugins(paths: readonly string[], searched: string[] = []): readonly Plugin[] {
  for (const given of paths) {
    if (!isFolder(path.resolve(given))) {
      throw new UserError('no-such-folder', notFolder(given), {
        help: 'Give the folder of a plugin, or a folder that contains plugins.',
        exit: 2,
      });
    }
  }
  return pluginsBelow(paths, searched);
}

/** Why a path is no folder, as a sentence. */
function notFolder(given: string): string {
  return statOf(given) === undefined ? `there is no folder ${given}` : `${given} is not a folder`;
}

/** As discoverPlugins, for who looks again and again: folders may go before, or while, they are read. */
export function pluginsBelow(paths: readonly string[], searched: string[] = []): readonly Plugin[] {
  const found = new Map<string, Plugin>();
  for (const given of paths) search(path.resolve(given), DEPTH, found, searched);
  return [...found.values()].sort((a, b) => (a.dir < b.dir ? -1 : 1));
}

/**
 * The folders of the plugins below some paths, by name: of two with one name that which was `known`, else the first, as a
 * watch has it.
 */
export function foldersByName(
  paths: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { id, dir } of pluginsBelow(paths))
    if (!found.has(id) || known.get(id) === dir) found.set(id, dir);
  return found;
}

function search(dir: string, depth: number, found: Map<string, Plugin>, searched: string[]): void {
  const folder = new SourceFolder(dir);
  const plugin = readFolder(folder);
  if (plugin !== undefined) {
    found.set(dir, plugin);
    return;
  }
  searched.push(dir);
  if (depth === 0) return;
  for (const entry of folder.entries) {
    if (!entry.isDirectory() || entry.name.startsWith('.') || PRUNED.has(entry.name)) continue;
    search(path.join(dir, entry.name), depth - 1, found, searched);
  }
}

/** The plugin whose source folder is `dir`, if it is one. */
export function readPlugin(dir: string): Plugin | undefined {
  return readFolder(new SourceFolder(dir));
}

/** The plugin of a folder, if it is one, and is still there once it is read. */
export function readFolder(folder: SourceFolder): Plugin | undefined {
  try {
    for (const [kind, { read }] of ASKED) {
      const described = read(folder);
      if (described !== undefined) return { kind, dir: folder.dir, ...described };
    }
  } catch (error) {
    if (!(error instanceof GoneWhileRead)) throw error;
  }
  return undefined;
}

function isFolder(dir: string): boolean {
  return statOf(dir)?.isDirectory() === true;
}
