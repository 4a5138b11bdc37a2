import path from 'node:path';
import { gitInProgress } from './git-hold.ts';
import { isFolder, type PluginState } from './plugin-state.ts';
import { untilQuiet } from './settle.ts';
import { lstatOf } from '../support/stat.ts';

/** How often git is looked at while it holds the loop, in milliseconds. */
const GIT_INTERVAL = 50;

export interface Readiness {
  /** Milliseconds until the pending changes may be staged; Infinity when there are none. */
  readonly wait: number;
  /** Why they are held although the tree is quiet. */
  readonly held?: string;
  /** Plugins with changes that wait for that. */
  readonly waiting?: readonly string[];
}

/** Looks at the changed files and at git, and says when the next batch may start. */
export function readiness(
  states: readonly PluginState[],
  gitFolders: Iterable<string>,
  quiet: number | undefined,
): Readiness {
  const changed = states.filter((state) => state.dirty.size > 0);
  const dirty = changed.filter(({ plugin }) => isFolder(plugin.dir));
  const isGone = dirty.length < changed.length;
  if (dirty.length === 0)
    // a folder that is gone may come back, and its files waited for it
    return { wait: isGone ? GIT_INTERVAL * 4 : Number.POSITIVE_INFINITY };
  const now = performance.now();
  const offset = Date.now() - now;
  const pending = dirty.flatMap((state) =>
    [...state.dirty].map(([file, lastEvent]) => {
      const stat = lstatOf(path.join(state.plugin.dir, file));
      const modified = stat === undefined ? undefined : stat.mtimeMs - offset;
      const sizeBefore = state.stage?.sources.get(file)?.bytes.length;
      return { lastEvent, modified, size: stat?.size ?? 0, sizeBefore };
    }),
  );
  const wait = untilQuiet(pending, now, quiet);
  if (wait > 0) return { wait };
  const held = [...gitFolders].map(gitInProgress).find((reason) => reason !== undefined);
  return held === undefined
    ? { wait: 0 }
    : { wait: GIT_INTERVAL, held, waiting: dirty.map(({ plugin }) => plugin.id) };
}

/** While the person holds the loop, nothing is due; told once something waits. */
export function pausedReadiness(states: readonly PluginState[]): Readiness {
  const waiting = states.flatMap(({ dirty, plugin }) => (dirty.size > 0 ? [plugin.id] : []));
  const wait = Number.POSITIVE_INFINITY;
  if (waiting.length === 0) return { wait };
  return { wait, held: `paused: ${waiting.join(', ')} changed; p goes on`, waiting };
}
