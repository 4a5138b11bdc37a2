import path from 'node:path';
import { halfDoneReason } from '../edits/half-done.ts';
import { sizeOf } from '../git/content.ts';
import { gitInProgress } from './git-hold.ts';
import type { Emit } from './events.ts';
import type { PluginState } from './state.ts';
import { mayGoOn, untilQuiet } from './settle.ts';
import { anyOpenForWriting } from '../support/open-for-writing.ts';
import { isFolder, lstatOf } from '../support/stat.ts';

/** How often is looked at what holds the loop, in milliseconds: git, or a command of wdev in a plugin's folder. */
const HELD_INTERVAL = 50;

/** The same of what writes a file: all processes are looked through, and the next piece is an event. */
const OPEN_INTERVAL = 250;

interface Readiness {
  /** Milliseconds until the pending changes may be staged; Infinity when there are none. */
  readonly wait: number;
  /** Why they are held although the tree is quiet. */
  readonly held?: string;
  /** Plugins with changes that wait for that. */
  readonly waiting?: readonly string[];
}

/** Says when the next batch may start, and reports once why it is held although changes wait. */
export class Gate {
  readonly #emit: Emit;
  readonly #quiet: number | undefined;
  #isPaused = false;
  #told = '';

  /** `quiet` is the quiet time of wdev.yml, if it sets one. */
  constructor(emit: Emit, quiet: number | undefined) {
    this.#emit = emit;
    this.#quiet = quiet;
  }

  /** Holds everything for the person, or goes on. */
  pause(): void {
    this.#isPaused = !this.#isPaused;
    const reason = this.#isPaused ? 'paused: changes wait; p resumes' : 'resumed';
    this.#emit({ event: 'held', reason });
  }

  /** Milliseconds until the changes may be staged; Infinity when there are none. */
  wait(states: readonly PluginState[], gitFolders: Iterable<string>): number {
    const now = this.#isPaused ? pausedReadiness(states) : readiness(states, gitFolders, this.#quiet);
    const { wait, held = '', waiting = [] } = now;
    if (held !== '' && held !== this.#told) this.#emit({ event: 'held', reason: held, plugins: waiting });
    this.#told = held;
    return wait;
  }
}

/** Looks at the changed files and at git, and says when the next batch may start. */
function readiness(
  states: readonly PluginState[],
  gitFolders: Iterable<string>,
  quiet: number | undefined,
): Readiness {
  const changed = states.filter((state) => state.changes.waiting.size > 0);
  const dirty = changed.filter(({ plugin }) => isFolder(plugin.dir));
  const isGone = dirty.length < changed.length;
  if (dirty.length === 0)
    // a folder that is gone may come back, and its files waited for it
    return { wait: isGone ? HELD_INTERVAL * 4 : Number.POSITIVE_INFINITY };
  const now = performance.now();
  const offset = Date.now() - now;
  const pending = dirty.flatMap((state) =>
    [...state.changes.waiting].map(([file, lastEvent]) => {
      const at = path.join(state.plugin.dir, file);
      const stat = lstatOf(at);
      const modified = stat === undefined ? undefined : stat.mtimeMs - offset;
      const before = state.stage?.sources.get(file);
      const sizeBefore = before === undefined ? undefined : sizeOf(before);
      return { at, lastEvent, modified, size: stat?.size ?? 0, sizeBefore, isFile: stat?.isFile() === true };
    }),
  );
  const wait = untilQuiet(pending, now, quiet);
  if (wait > 0) return { wait };
  const parts = pending.filter((one) => one.isFile && mayGoOn(one, now));
  if (parts.length > 0 && anyOpenForWriting(parts.map(({ at }) => at))) return { wait: OPEN_INTERVAL };
  const held =
    [...gitFolders].map(gitInProgress).find((reason) => reason !== undefined) ??
    dirty.map(({ plugin }) => halfDoneReason(plugin.dir)).find((reason) => reason !== undefined);
  return held === undefined
    ? { wait: 0 }
    : { wait: HELD_INTERVAL, held, waiting: dirty.map(({ plugin }) => plugin.id) };
}

/** While the person holds the loop, nothing is due; told once something waits. */
function pausedReadiness(states: readonly PluginState[]): Readiness {
  const waiting = states.flatMap(({ changes, plugin }) => (changes.waiting.size > 0 ? [plugin.id] : []));
  const wait = Number.POSITIVE_INFINITY;
  if (waiting.length === 0) return { wait };
  return { wait, held: `paused: ${waiting.join(', ')} changed; p resumes`, waiting };
}
