import path from 'node:path';
import { refuseHalfDone } from '../edits/half-done.ts';
import { readSettings, type Settings } from '../settings/settings.ts';
import { NO_PLUGIN } from '../kinds/discover.ts';
import { kindOf, type Plugin } from '../kinds/plugin.ts';
import { EXIT, UserError } from '../support/errors.ts';
import { giveBackMemory, preferLittleMemory } from '../support/memory.ts';
import type { Emit } from './events.ts';
import { keptNames } from '../git/passing.ts';
import { gitFolder } from './git-hold.ts';
import { Newcomers } from './newcomers.ts';
import { signature } from './changes.ts';
import { PluginState } from './state.ts';
import { watchPlugins, type Watching } from './watcher.ts';
import { isFolder, lstatOf } from '../support/stat.ts';

const NONE: ReadonlySet<string> = new Set();

/** To find the folders of so many plugins takes memory that is worth giving back. */
const MANY = 20;

export interface MembersOptions {
  /** Where plugins are looked for. */
  readonly paths: readonly string[];
  readonly poll: boolean;
  readonly settings: Settings;
  readonly mayRun: (dir: string, settings: Settings) => boolean;
  readonly emit: Emit;
  /** Told that something changed. */
  readonly wake: () => void;
}

/** The plugins that are watched: those that were there at the start, and those that come meanwhile. */
export class Members {
  readonly states: PluginState[];
  readonly gitFolders = new Set<string>();
  readonly #options: MembersOptions;
  readonly #newcomers: Newcomers;
  readonly #passedOver = new Set<string>();
  readonly #gone = new Set<PluginState>();
  #watching: Watching | undefined;
  /** Folder → what was kept of it when it was looked at. */
  readonly #looked = new Map<string, ReadonlySet<string>>();
  #isDue = false;

  /** @throws UserError `no-plugin` (wrong use) when there is none, `same-name` (wrong use), `half-done` */
  constructor(options: MembersOptions) {
    this.#options = options;
    this.#newcomers = new Newcomers(options.paths);
    const found = this.#newcomers.find();
    // one that was cut off early looks like none yet
    for (const dir of [...options.paths, ...found.map((plugin) => plugin.dir)]) refuseHalfDone(dir);
    refuseSameName(found);
    this.states = found.map((plugin) => new PluginState(plugin, this.#settingsOf(plugin)));
    if (this.states.length > 0) return;
    throw new UserError('no-plugin', `no plugin found in ${options.paths.join(', ')}`, {
      help: NO_PLUGIN,
      exit: EXIT.usage,
    });
  }

  /** Watches until `close`. */
  watch(): void {
    preferLittleMemory();
    const { poll, settings, emit, wake } = this.#options;
    for (const { plugin } of this.states) this.#noteGit(plugin);
    const plugins = this.states.map(({ plugin }) => plugin);
    this.#watching = watchPlugins(plugins, {
      poll,
      ignore: settings.ignore ?? [],
      isKept: ({ dir }, file) => this.#kept(dir).has(file),
      onChange: ({ dir }, file) => this.changed(dir, file),
      onProblem: (reason) => emit({ event: 'held', reason }),
    });
    if (plugins.length > MANY) giveBackMemory();
    this.#newcomers.listen(() => {
      this.#isDue = true;
      wake();
    });
  }

  /** The names of passing files and their folders that git tracks in a plugin's folder. */
  #kept(dir: string): ReadonlySet<string> {
    const sources = this.states.find(({ plugin }) => plugin.dir === dir)?.attempt;
    return sources === undefined ? NONE : keptNames(sources);
  }

  /** Watches folders of which only the sources tell that git tracks them. */
  watchKept(states: readonly PluginState[]): void {
    for (const { plugin } of states) {
      const kept = this.#kept(plugin.dir);
      if (kept.size === 0 || this.#looked.get(plugin.dir) === kept) continue;
      this.#looked.set(plugin.dir, kept);
      this.#watching?.add(plugin);
    }
  }

  close(): void {
    this.#newcomers.stop();
    this.#watching?.close();
  }

  /** Notes a changed file of the plugin in `dir`, unless a batch took it just so. */
  changed(dir: string, file: string): void {
    const state = this.states.find(({ plugin }) => plugin.dir === dir);
    if (state === undefined || state.changes.took(file, signature(dir, file))) return;
    this.note(state, [file]);
  }

  /** Notes changed files of a plugin. */
  note(state: PluginState, files: readonly string[]): void {
    state.report({ happened: 'changed', files, at: performance.now() });
    this.#options.wake();
  }

  /** Takes plugins in that came, and tells of those that went: what of them is on the target stays there. */
  meet(): void {
    if (!this.#isDue && !this.states.some((state) => this.#turned(state))) return;
    this.#isDue = false;
    // asked before the look, and after it only of what has a new folder: a rename meanwhile is seen whole or later
    const absent = this.states.filter(({ plugin }) => !isFolder(plugin.dir));
    const found = this.#newcomers.look();
    const gone = this.states.filter((state) => absent.includes(state) || hasMoved(state.plugin, found));
    const added = found.filter(({ dir }) => !this.states.some(({ plugin }) => plugin.dir === dir));
    const joined = added.filter((plugin) => this.#join(plugin, gone));
    const back = [...this.#gone].filter(({ plugin }) => isFolder(plugin.dir));
    for (const state of back) this.#begin(state);
    const left = this.states.filter((state) => gone.includes(state) && !this.#gone.has(state));
    for (const state of back) this.#gone.delete(state);
    for (const state of left) this.#gone.add(state);
    const came = [...joined, ...back.map(({ plugin }) => plugin)];
    this.#tell(
      came,
      left.map(({ plugin }) => plugin.id),
      joined.filter(({ id }) => gone.some(({ plugin }) => plugin.id === id)),
    );
  }

  /** Whether a plugin's folder went, or came back, since it was told of. */
  #turned(state: PluginState): boolean {
    return state.changes.waiting.size > 0 && isFolder(state.plugin.dir) === this.#gone.has(state);
  }

  #tell(came: readonly Plugin[], gone: readonly string[], renamed: readonly Plugin[]): void {
    if (came.length + gone.length === 0) return;
    const { emit } = this.#options;
    const moved = Object.fromEntries(renamed.map(({ id, dir }) => [id, dir]));
    emit({ event: 'plugins', added: came.map(({ id }) => id), gone, moved });
    for (const id of gone) {
      const reason = `the folder of ${id} is gone; the plugin stays installed. To remove it, end wdev watch, then: wdev uninstall ${id}`;
      emit({ event: 'held', reason, plugins: [id] });
    }
  }

  /** Takes a new folder in: as another plugin, or as that of one whose folder was renamed. */
  #join(plugin: Plugin, gone: readonly PluginState[]): boolean {
    const same = this.states.find((state) => state.plugin.id === plugin.id);
    if (same !== undefined && !gone.includes(same)) {
      if (this.#passedOver.has(plugin.dir)) return false;
      this.#passedOver.add(plugin.dir);
      const reason = `${plugin.dir} is skipped: it has another plugin named ${plugin.id}`;
      this.#options.emit({ event: 'held', reason });
      return false;
    }
    const serving = same?.stage && { stage: same.stage, previous: undefined };
    const state = new PluginState(plugin, this.#settingsOf(plugin), serving);
    if (same === undefined) this.states.push(state);
    else this.states.splice(this.states.indexOf(same), 1, state);
    if (same !== undefined) this.#gone.delete(same);
    this.#noteGit(plugin);
    this.#begin(state);
    return true;
  }

  /** There is no prompt at this point: rows with programs that were not agreed to are skipped. */
  #settingsOf({ id, dir }: Plugin): Settings {
    const settings = readSettings(dir);
    if (this.#options.mayRun(dir, settings)) return settings;
    const reason = `wdev.yml of ${id} runs programs that you have not approved: start wdev again to be asked`;
    this.#options.emit({ event: 'held', reason, plugins: [id] });
    const reload = (settings.reload ?? []).filter((row) => !row.do.some((step) => 'run' in step));
    return { ...settings, reload };
  }

  /** Watches a plugin's folder, and lets it wait for the next batch: its files may still be coming. */
  #begin(state: PluginState): void {
    this.#watching?.add(state.plugin);
    state.report({ happened: 'arrived' });
    this.changed(state.plugin.dir, markOf(state.plugin));
  }

  #noteGit({ dir }: Plugin): void {
    const folder = gitFolder(dir);
    if (folder !== undefined) this.gitFolders.add(folder);
  }
}

/** A target has one plugin of a name: nobody knows which of two folders shall be on it. */
function refuseSameName(found: readonly Plugin[]): void {
  const first = new Map<string, Plugin>();
  for (const plugin of found) {
    const other = first.get(plugin.id);
    if (other !== undefined)
      throw new UserError('same-name', `${other.dir} and ${plugin.dir} both hold ${plugin.id}`, {
        help: 'A target has one plugin of that name. Name the folder that you mean, or rename one of them.',
        exit: EXIT.usage,
      });
    first.set(plugin.id, plugin);
  }
}

/** The file that a batch is told to have changed which brings all of a plugin. */
export function markOf(plugin: Plugin): string {
  const { manifests, madeBy } = kindOf(plugin);
  return manifests.find((name) => lstatOf(path.join(plugin.dir, name))) ?? madeBy;
}

/** Whether a plugin's folder is gone, and another one of those found has its name. */
function hasMoved({ id, dir }: Plugin, found: readonly Plugin[]): boolean {
  return !isFolder(dir) && found.some((other) => other.id === id && other.dir !== dir);
}
