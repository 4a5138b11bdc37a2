import { messageOf } from '../support/errors.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { stagePlugin } from '../stage/stage.ts';
import { diffTrees } from '../stage/tree.ts';
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

/** Stages plugins and compares each with what is installed. Takes as long as their `rules package`. */
export async function readSourceStates(
  session: Session,
  plugins: readonly Plugin[],
): Promise<ReadonlyMap<string, SourceState>> {
  const waiting = [...plugins];
  const found = new Map<string, SourceState>();
  const work = async (): Promise<void> => {
    for (let plugin = waiting.shift(); plugin !== undefined; plugin = waiting.shift()) {
      found.set(plugin.id, await compare(session, plugin));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

async function compare(session: Session, plugin: Plugin): Promise<SourceState> {
  const { dir } = plugin;
  const installed = session.installed.get(plugin.id);
  if (installed === undefined) return { dir, state: 'not-installed', differs: [] };
  try {
    const result = await stagePlugin(plugin);
    if (!result.ok) {
      return {
        dir,
        state: 'broken',
        differs: [],
        problem: result.findings[0]?.message ?? 'it cannot be staged',
      };
    }
    const tree = await settleCallLogger(session, plugin, result.stage.tree);
    const { put, removed } = diffTrees(installed.files, tree);
    const differs = [...put.map(({ path }) => path), ...removed];
    return { dir, state: differs.length === 0 ? 'current' : 'stale', differs };
  } catch (error) {
    return { dir, state: 'broken', differs: [], problem: messageOf(error) };
  }
}
