import { lstatSync } from 'node:fs';
import path from 'node:path';
import { gitInProgress } from './git-hold.ts';
import type { PluginState } from './plugin-state.ts';
import { untilQuiet } from './settle.ts';

/** How often git is looked at while it holds the loop, in milliseconds. */
const GIT_INTERVAL = 50;

export interface Readiness {
  /** Milliseconds until the pending changes may be staged; Infinity when there are none. */
  readonly wait: number;
  /** Why they are held although the tree is quiet. */
  readonly held?: string;
}

/** Looks at the changed files and at git, and says when the next batch may start. */
export function readiness(
  states: readonly PluginState[],
  gitFolders: Iterable<string>,
  quiet: number | undefined,
): Readiness {
  const dirty = states.filter((state) => state.dirty.size > 0);
  if (dirty.length === 0) return { wait: Number.POSITIVE_INFINITY };
  const now = performance.now();
  const offset = Date.now() - now;
  const pending = dirty.flatMap((state) =>
    [...state.dirty].map(([file, lastEvent]) => {
      const stat = lstatSync(path.join(state.plugin.dir, file), { throwIfNoEntry: false });
      const modified = stat === undefined ? undefined : stat.mtimeMs - offset;
      const sizeBefore = state.stage?.sources.get(file)?.bytes.length;
      return { lastEvent, modified, size: stat?.size ?? 0, sizeBefore };
    }),
  );
  const wait = untilQuiet(pending, now, quiet);
  if (wait > 0) return { wait };
  const gone = dirty.find(({ plugin }) => !isFolder(plugin.dir));
  if (gone !== undefined)
    return { wait: GIT_INTERVAL * 4, held: `${gone.plugin.dir} is gone; nothing is removed on the target` };
  const held = [...gitFolders].map(gitInProgress).find((reason) => reason !== undefined);
  return held === undefined ? { wait: 0 } : { wait: GIT_INTERVAL, held };
}

function isFolder(dir: string): boolean {
  return lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() === true;
}
