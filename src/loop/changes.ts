import path from 'node:path';
import { lstatOf } from '../support/stat.ts';

/** The changed files of one plugin that wait for a batch, and those that batches took. */
export class Changes {
  readonly #waiting = new Map<string, number>();
  readonly #taken = new Map<string, string>();
  #since: number | undefined;

  /** Changed paths that wait, with the time of their last event (performance.now). */
  get waiting(): ReadonlyMap<string, number> {
    return this.#waiting;
  }

  /** When the first event of the next batch came. */
  get since(): number | undefined {
    return this.#since;
  }

  /** Whether a batch took the file just so: a repeated event of one save is dropped. */
  took(file: string, signature: string): boolean {
    return this.#taken.get(file) === signature;
  }

  add(file: string, at: number): void {
    this.#waiting.set(file, Math.max(at, this.#waiting.get(file) ?? 0));
    this.#since = Math.min(at, this.#since ?? at);
  }

  /** All that waits goes into a batch, with the files' signatures as they are then. */
  take(signatures: ReadonlyMap<string, string>): void {
    this.#clearWaiting();
    for (const [file, signature] of signatures) this.#taken.set(file, signature);
  }

  clear(): void {
    this.#clearWaiting();
    this.#taken.clear();
  }

  #clearWaiting(): void {
    this.#waiting.clear();
    this.#since = undefined;
  }
}

/** Tells two states of a file apart without reading it. */
export function signature(dir: string, file: string): string {
  return signatureOf(path.join(dir, file));
}

/** As `signature`. Programs can give a file any time of its last change, but not that of its inode. */
export function signatureOf(full: string): string {
  const stat = lstatOf(full);
  if (stat === undefined) return 'gone';
  const { dev, ino, size, mode, mtimeMs, ctimeMs } = stat;
  return [dev, ino, size, mode, mtimeMs, ctimeMs].join(' ');
}
