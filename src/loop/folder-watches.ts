import { watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import { entriesOf } from '../support/entries.ts';
import { decodeName, systemPath } from '../support/file-name.ts';
import { lstatOf } from '../support/stat.ts';

export interface WatchesOptions {
  readonly isIgnored: (full: string) => boolean;
  /** Told of a changed file, or of a folder that is gone. */
  readonly onChange: (full: string) => void;
  readonly onError: (error: NodeJS.ErrnoException) => void;
}

/**
 * Folders that are watched by Linux's events. There a watch stays with its folder wherever that is moved, and
 * tells of its files only: so each folder has one, each event is a reason to look what stands there now, and a watch
 * counts only for the folder that it was set on. Files need none, which would be tens of thousands.
 */
export class FolderWatches {
  readonly #options: WatchesOptions;
  /** Folder → its watch, and which folder that was set on. */
  readonly #watches = new Map<string, { readonly watcher: FSWatcher; readonly id: string }>();
  #isClosed = false;

  constructor(options: WatchesOptions) {
    this.#options = options;
  }

  /** Watches a folder and all below it. `tells` also of what stands there already. */
  look(folder: string, tells: boolean): void {
    if (this.#isClosed) return;
    const id = identityOf(folder);
    if (id === undefined) return this.#drop(folder);
    // before it is read, so that nothing comes unseen
    if (!this.#isWatched(folder, id) && !this.#watch(folder, id)) return;
    for (const { name, is } of entriesOf(folder)) {
      const full = path.join(folder, name);
      if (this.#options.isIgnored(full)) continue;
      if (is.isDirectory()) this.look(full, tells);
      else if (tells) this.#options.onChange(full);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { watcher } of this.#watches.values()) watcher.close();
    this.#watches.clear();
  }

  #isWatched(folder: string, id: string): boolean {
    return this.#watches.get(folder)?.id === id;
  }

  /** Whether it could be done. */
  #watch(folder: string, id: string): boolean {
    this.#watches.get(folder)?.watcher.close();
    try {
      const watcher = watch(systemPath(folder), { encoding: 'buffer' });
      watcher.on('change', (type, name) => this.#hear(folder, type, name));
      watcher.on('error', (error) => this.#options.onError(error));
      this.#watches.set(folder, { watcher, id });
      return true;
    } catch (error) {
      this.#watches.delete(folder);
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') this.#options.onError(error as NodeJS.ErrnoException);
      return false;
    }
  }

  #hear(folder: string, type: string, bytes: Buffer | string | null): void {
    if (bytes === null) return this.look(folder, true);
    const name = typeof bytes === 'string' ? bytes : decodeName(bytes);
    // what becomes of a folder itself is told under its own name: another one may stand in its place
    if (type === 'rename' && name === path.basename(folder) && !this.#renew(folder)) return;
    const full = path.join(folder, name);
    if (this.#options.isIgnored(full)) return;
    const stat = lstatOf(full);
    if (stat?.isDirectory() === true) {
      // it came, or came back, with whatever files
      if (type === 'rename') this.#drop(full);
      this.look(full, !this.#watches.has(full));
    } else if (stat !== undefined || type === 'rename') {
      this.#drop(full);
      this.#options.onChange(full);
    }
  }

  /** Watches the folder that stands at a path now; false when there is none any more. */
  #renew(folder: string): boolean {
    this.#watches.get(folder)?.watcher.close();
    this.#watches.delete(folder);
    this.look(folder, false);
    const isThere = this.#watches.has(folder);
    if (!isThere) this.#options.onChange(folder);
    return isThere;
  }

  /** Forgets a folder that is gone, and those below it. */
  #drop(folder: string): void {
    if (!this.#watches.has(folder)) return;
    for (const [at, { watcher }] of this.#watches) {
      if (at !== folder && !at.startsWith(`${folder}${path.sep}`)) continue;
      watcher.close();
      this.#watches.delete(at);
    }
  }
}

/** Tells a folder from another one in its place; undefined when there is none. */
function identityOf(folder: string): string | undefined {
  const stat = lstatOf(folder);
  return stat?.isDirectory() === true ? `${stat.dev} ${stat.ino}` : undefined;
}
