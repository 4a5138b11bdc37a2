import type { Stage } from '../stage/stage.ts';
import { isFolder } from '../support/stat.ts';
import { signature } from './changes.ts';
import type { PluginState } from './state.ts';

/** A plugin's part of the next batch. */
export interface Pending {
  readonly state: PluginState;
  /** Changed paths, relative to the plugin's folder; none stands for all of the plugin. */
  readonly files: readonly string[];
  /** performance.now() of the first event. */
  readonly since: number;
  /** As in BatchEntry. */
  readonly force: boolean;
}

/** One plugin in a batch: its new stage, and since when its author waits. */
export interface BatchEntry {
  readonly state: PluginState;
  readonly stage: Stage;
  /** Whether a full stage of the same sources made it, or confirmed it. */
  readonly proven: boolean;
  /** performance.now() of the first event. */
  readonly since: number;
  /** Put every file and tell every service, even where nothing changed. */
  readonly force: boolean;
}

/** Takes what changed so far out of the states: the next batch. */
export function takeChanges(states: readonly PluginState[]): readonly Pending[] {
  return states
    .filter(({ changes, plugin }) => changes.waiting.size > 0 && isFolder(plugin.dir))
    .map((state) => {
      const files = [...state.changes.waiting.keys()];
      const since = state.changes.since ?? performance.now();
      const signatures = new Map(files.map((file) => [file, signature(state.plugin.dir, file)]));
      state.report({ happened: 'taken', signatures });
      return { state, files, since, force: false };
    });
}
