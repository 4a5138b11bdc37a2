import { watch, type FSWatcher } from 'chokidar';
import { entriesOf } from '../support/entries.ts';
import path from 'node:path';
import { lstatOf } from '../support/stat.ts';
import type { WatchesOptions } from './folder-watches.ts';

/** A file's time may be that of the clock's last tick. Milliseconds. */
const CLOCK = 10;

/**
 * Folders that are watched by chokidar, with all below them: where the system is not Linux, each has its own way to tell
 * of changes, and chokidar knows them.
 */
export class TreeWatches {
  readonly #options: WatchesOptions;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(options: WatchesOptions) {
    this.#options = options;
  }

  /** Watches a folder and all below it. `tells` also of what stands there already. */
  look(folder: string, tells: boolean): void {
    void this.#watchers.get(folder)?.close();
    const since = tells ? 0 : Date.now() - CLOCK;
    const { isIgnored, onChange, onError } = this.#options;
    const watcher = watch(folder, {
      ignoreInitial: true,
      followSymlinks: false,
      atomic: false,
      ignored: (full) => isIgnored(full),
    });
    watcher.on('error', (error) => onError(error as NodeJS.ErrnoException));
    watcher.on('all', (event, full) => {
      if (event !== 'addDir') onChange(full);
    });
    this.#watchers.set(folder, watcher);
    // what is saved while the watches are being set is told by nobody else
    watcher.once('ready', () => this.#tell(folder, since));
  }

  close(): void {
    for (const watcher of this.#watchers.values()) void watcher.close();
    this.#watchers.clear();
  }

  /** Tells of the files that changed at a time or later. */
  #tell(folder: string, since: number): void {
    for (const { name, is } of entriesOf(folder)) {
      const full = path.join(folder, name);
      if (this.#options.isIgnored(full)) continue;
      if (is.isDirectory()) this.#tell(full, since);
      else if ((lstatOf(full)?.ctimeMs ?? 0) >= since) this.#options.onChange(full);
    }
  }
}
