import { refuseHalfDone } from '../edits/half-done.ts';
import { discoverPlugins, NO_PLUGIN } from '../kinds/discover.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { type UserError, usageError } from '../support/errors.ts';
import { typedPath } from '../support/quote.ts';

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

/** The error of a command that takes one plugin, of a folder with several. `flag` comes before the folder. */
export function severalPlugins(given: string, plugins: readonly Plugin[], flag = ''): UserError {
  const names = plugins.slice(0, MOST_NAMED).map(({ dir }) => typedPath(dir));
  const more = plugins.length > MOST_NAMED ? ` and ${plugins.length - MOST_NAMED} more` : '';
  return usageError(
    `there are several plugins in ${given}: ${names.join(', ')}${more}`,
    `Name one, e.g. ${flag}${names[0] ?? ''}`,
  );
}

const MOST_NAMED = 5;

/** As discoverPlugins. Throws as findPlugins, but not when there is none. */
export function wholePlugins(paths: readonly string[]): readonly Plugin[] {
  const plugins = discoverPlugins(paths);
  // one that was cut off early looks like none yet
  for (const dir of [...paths, ...plugins.map((plugin) => plugin.dir)]) refuseHalfDone(dir);
  return plugins;
}
