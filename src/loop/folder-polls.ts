import path from 'node:path';
import { entriesOf } from '../support/entries.ts';
import { signatureOf } from './changes.ts';

/** Milliseconds between two looks at all files. */
const INTERVAL = 300;

/** A look may take so large a part of the time: one in so many. */
const SHARE = 10;

export interface PollsOptions {
  readonly isIgnored: (full: string) => boolean;
  /** Told of a changed file. */
  readonly onChange: (full: string) => void;
}

/** Folders whose files are looked at again and again, where the system does not tell of changes. */
export class FolderPolls {
  readonly #options: PollsOptions;
  /** Folder → its files, each with what tells it from another one. */
  readonly #seen = new Map<string, ReadonlyMap<string, string>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PollsOptions) {
    this.#options = options;
  }

  /** Watches a folder and all below it. `tells` also of what stands there already. */
  look(folder: string, tells: boolean): void {
    this.#seen.set(folder, tells ? new Map() : this.#read(folder));
    this.#timer ??= setTimeout(() => this.#poll(), INTERVAL);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#seen.clear();
  }

  #poll(): void {
    const started = performance.now();
    for (const [folder, before] of this.#seen) {
      const now = this.#read(folder);
      this.#seen.set(folder, now);
      for (const [full, signature] of now) if (before.get(full) !== signature) this.#options.onChange(full);
      for (const full of before.keys()) if (!now.has(full)) this.#options.onChange(full);
    }
    const wait = Math.max(INTERVAL, (performance.now() - started) * SHARE);
    this.#timer = setTimeout(() => this.#poll(), wait);
  }

  #read(folder: string, files = new Map<string, string>()): Map<string, string> {
    for (const { name, is } of entriesOf(folder)) {
      const full = path.join(folder, name);
      if (this.#options.isIgnored(full)) continue;
      if (is.isDirectory()) this.#read(full, files);
      else files.set(full, signatureOf(full));
    }
    return files;
  }
}
