import { messageOf } from '../support/errors.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { sharedLister, type Lister } from '../git/sources.ts';
import { rememberedTree, type TreeHashes } from '../stage/remembered-trees.ts';
import { stagePlugin } from '../stage/stage.ts';
import { changedPaths } from '../stage/tree.ts';
import { severalAtOnce } from '../support/work.ts';
import type { Session } from '../targets/session.ts';
import { settleCallLogger } from '../targets/shared-file.ts';

/** How the sources of a plugin compare with what wdev put on a target. */
export interface SourceState {
  /** Absolute path of the source folder. */
  readonly dir: string;
  readonly state: 'current' | 'stale' | 'not-installed' | 'broken';
  /** Installed paths that an install would write or remove. */
  readonly differs: readonly string[];
  /** Why the sources can't be staged. */
  readonly problem?: string;
}

/** Stagings that run at one time. */
const AT_ONCE = 4;

/**
 * Compares what the sources of plugins make with what is installed. Sources that were staged before, on this
 * machine, are not staged again; for others it takes as long as their `rules package`.
 */
export async function readSourceStates(
  session: Session,
  plugins: readonly Plugin[],
  list = sharedLister(plugins.filter(({ id }) => session.installed.has(id)).map(({ dir }) => dir)),
): Promise<ReadonlyMap<string, SourceState>> {
  const states = severalAtOnce(plugins, AT_ONCE, async (plugin) => await compare(session, plugin, list));
  return new Map(
    await Promise.all(states.map(async (state, at) => [plugins[at]?.id ?? '', await state] as const)),
  );
}

async function compare(session: Session, plugin: Plugin, list: Lister): Promise<SourceState> {
  const { dir } = plugin;
  const installed = session.installed.get(plugin.id);
  if (installed === undefined) return { dir, state: 'not-installed', differs: [] };
  try {
    const tree = await treeOf(session, plugin, list);
    if ('problem' in tree) return { dir, state: 'broken', differs: [], ...tree };
    const { put, removed } = changedPaths(installed.files, tree);
    const differs = [...put, ...removed];
    return { dir, state: differs.length === 0 ? 'current' : 'stale', differs };
  } catch (error) {
    return { dir, state: 'broken', differs: [], problem: messageOf(error) };
  }
}

async function treeOf(
  session: Session,
  plugin: Plugin,
  list: Lister,
): Promise<TreeHashes | { readonly problem: string }> {
  const listed = await list(plugin.dir);
  const remembered = rememberedTree(plugin, listed);
  if (remembered !== undefined) return remembered;
  const result = await stagePlugin(plugin, { listed });
  if (!result.ok) return { problem: result.findings[0]?.message ?? 'it cannot be staged' };
  return await settleCallLogger(session, plugin, result.stage.tree);
}
