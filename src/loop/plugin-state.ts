import path from 'node:path';
import type { Plugin } from '../kinds/plugin.ts';
import type { Settings } from '../settings/settings.ts';
import type { SourceListing } from '../git/sources.ts';
import type { Stage } from '../stage/stage.ts';
import { lstatOf } from '../support/stat.ts';

/** What the loop knows of one plugin between batches. */
export interface PluginState {
  /** As its manifest describes it now. */
  plugin: Plugin;
  /** Its own wdev.yml. */
  readonly settings: Settings;
  /** The last stage that went through; undefined until there is one. */
  stage: Stage | undefined;
  /** The verified stage before that: what a roll-back brings. */
  previous: Stage | undefined;
  /** Changed paths that wait for a batch, with the time of their last event (performance.now). */
  readonly dirty: Map<string, number>;
  /** File signatures as they were when a batch took them: a repeated event of one save is dropped. */
  readonly taken: Map<string, string>;
  /** The sources as a batch had them last, whatever became of it; undefined until there is one. */
  attempt: SourceListing | undefined;
  /** When the first event of the next batch came. */
  firstEvent: number | undefined;
  /** Whether the last batch failed: then the next one stages in full. */
  broken: boolean;
  /** Whether the stage came by the fast path and no full stage has confirmed it yet. */
  unproven: boolean;
}

export function newState(plugin: Plugin, settings: Settings = {}): PluginState {
  return {
    plugin,
    settings,
    stage: undefined,
    previous: undefined,
    dirty: new Map(),
    taken: new Map(),
    attempt: undefined,
    firstEvent: undefined,
    broken: false,
    unproven: false,
  };
}

/** Whether a plugin's folder is there. */
export function isFolder(dir: string): boolean {
  return lstatOf(dir)?.isDirectory() === true;
}

/** Tells two states of a file apart without reading it. */
export function signature(dir: string, file: string): string {
  const stat = lstatOf(path.join(dir, file));
  return stat === undefined ? 'gone' : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.mode}`;
}

/** A plugin's part of the next batch. */
export interface Pending {
  readonly state: PluginState;
  /** Changed paths, relative to the plugin's folder. */
  readonly files: readonly string[];
  /** performance.now() of the first event. */
  readonly since: number;
  /** As in BatchEntry. */
  readonly force: boolean;
}

/** Takes what changed so far out of the states: the next batch. */
export function takeChanges(states: readonly PluginState[]): readonly Pending[] {
  return states
    .filter(({ dirty, plugin }) => dirty.size > 0 && isFolder(plugin.dir))
    .map((state) => {
      const files = [...state.dirty.keys()];
      const since = state.firstEvent ?? performance.now();
      state.dirty.clear();
      state.firstEvent = undefined;
      for (const file of files) state.taken.set(file, signature(state.plugin.dir, file));
      return { state, files, since, force: false };
    });
}
