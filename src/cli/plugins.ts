import { refuseHalfDone } from '../edits/half-done.ts';
import { discoverPlugins, NO_PLUGIN } from '../kinds/discover.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { usageError } from '../support/errors.ts';

/** The first of a list that is not empty, and the rest. */
export type AtLeastOne<Item> = readonly [Item, ...Item[]];

/**
 * The plugins in folders; the current folder when none is given.
 * @throws UserError `usage` (exit 2) when there is none, `half-done` for one in which a command was cut off
 */
export function findPlugins(paths: readonly string[]): AtLeastOne<Plugin> {
  const folders = paths.length > 0 ? paths : ['.'];
  const [first, ...others] = wholePlugins(folders);
  if (first === undefined) {
    throw usageError(`no plugin found in ${folders.join(', ')}`, NO_PLUGIN);
  }
  return [first, ...others];
}

/** As discoverPlugins. Throws as findPlugins, but not when there is none. */
export function wholePlugins(paths: readonly string[]): readonly Plugin[] {
  const plugins = discoverPlugins(paths);
  // one that was cut off early looks like none yet
  for (const dir of [...paths, ...plugins.map((plugin) => plugin.dir)]) refuseHalfDone(dir);
  return plugins;
}
