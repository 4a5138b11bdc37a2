import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { isBeingEdited } from '../edits/half-done.ts';
import { discoverPlugins, pluginsBelow } from '../kinds/discover.ts';
import { KINDS, type Plugin } from '../kinds/plugin.ts';
import { isFolder, statOf } from '../support/stat.ts';

/** Milliseconds between two checks of the folders. */
const INTERVAL = 1000;

/** Milliseconds for each folder: asking for its time takes about 10 µs, and may take a five-hundredth of the time. */
const REST = 5;

/** Milliseconds in which two changes of a folder may have one time. */
const STEP = 100;

/** Milliseconds for which an empty manifest is one that is about to be written: until then a plugin has no name. */
const FILLING = 10_000;

const MANIFESTS = [...new Set(Object.values(KINDS).flatMap(({ manifests }) => manifests))];

/**
 * Sees plugins come while others are watched: by the times of the folders that were searched for plugins, which are
 * few, since what lies in a plugin is not searched.
 */
export class Newcomers {
  readonly #paths: readonly string[];
  #times = '';
  #folders: readonly string[] = [];
  #known: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;

  constructor(paths: readonly string[]) {
    // a folder is watched by its own name, not by that of a link to it
    this.#paths = paths.map((dir) => (existsSync(dir) ? realpathSync(dir) : dir));
  }

  /**
   * All plugins that are there at the start.
   * @throws UserError `no-such-folder` when a path is no folder
   */
  find(): readonly Plugin[] {
    return this.#search(discoverPlugins, this.#paths, () => false);
  }

  /** All plugins that are there now; a path may be gone meanwhile. One that is being written is there a look later. */
  look(): readonly Plugin[] {
    return this.#search(
      pluginsBelow,
      this.#paths.filter(isFolder),
      ({ dir }) =>
        !this.#known.has(dir) &&
        (changedAbout(partsOf(dir), Date.now()) || isBeingFilled(dir, Date.now()) || isBeingEdited(dir)),
    );
  }

  #search(
    find: typeof discoverPlugins,
    paths: readonly string[],
    isComing: (plugin: Plugin) => boolean,
  ): readonly Plugin[] {
    const folders: string[] = [];
    let coming = 0;
    try {
      const all = find(paths, folders);
      const found = all.filter((plugin) => !isComing(plugin));
      coming = all.length - found.length;
      this.#known = new Set(found.map(({ dir }) => dir));
      return found;
    } finally {
      // the content of a manifest may come later than its name, and no folder tells of it
      this.#folders = [...this.#paths, ...folders, ...folders.flatMap(manifestsIn)];
      // file systems count time in steps: what changed just now may change once more without another time
      const again = coming > 0 || changedAbout(this.#folders, Date.now());
      this.#times = again ? '' : timesOf(this.#folders);
    }
  }

  /** Calls `told` whenever a folder that may hold plugins has changed, until `stop`. */
  listen(told: () => void): void {
    if (timesOf(this.#folders) !== this.#times) told();
    const wait = Math.max(INTERVAL, this.#folders.length * REST);
    this.#timer = setTimeout(() => this.listen(told), wait).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function timesOf(folders: readonly string[]): string {
  return folders.map((dir) => statOf(dir)?.mtimeMs ?? 'gone').join(' ');
}

/** The paths by which a plugin's folder is recognised, and those that change while they are written. */
function partsOf(dir: string): readonly string[] {
  const wazo = path.join(dir, 'wazo');
  return [dir, wazo].flatMap((folder) => [folder, ...namesIn(folder).map((name) => path.join(folder, name))]);
}

function manifestsIn(dir: string): readonly string[] {
  return MANIFESTS.map((name) => path.join(dir, name)).filter((file) => statOf(file) !== undefined);
}

function isBeingFilled(dir: string, now: number): boolean {
  return manifestsIn(dir).some((file) => statOf(file)?.size === 0 && changedWithin([file], now, FILLING));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function changedAbout(folders: readonly string[], now: number): boolean {
  return changedWithin(folders, now, STEP);
}

function changedWithin(files: readonly string[], now: number, ms: number): boolean {
  return files.some((file) => Math.abs((statOf(file)?.mtimeMs ?? 0) - now) < ms);
}
