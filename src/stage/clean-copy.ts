import { chmodSync, lstatSync, readlinkSync, unlinkSync, type BigIntStats } from 'node:fs';
import path from 'node:path';
import { hashFile } from '../git/large-files.ts';
import type { SourceFile, SourceListing } from '../git/sources.ts';
import { readEntries } from '../support/entries.ts';
import { decodeName, systemPath } from '../support/file-name.ts';
import { lstatOf } from '../support/stat.ts';
import { inSlices } from '../support/work.ts';
import type { Identity } from '../sandbox/enclose.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { foldersOf, makeOwned, writeSource } from './workspace.ts';

/** A file as it was laid out. */
interface LaidOut {
  readonly hash: string;
  readonly mode: number;
  readonly stamp: string;
  /** Whether a change of it after that must have changed its stamp. */
  readonly isSure: boolean;
}

/**
 * Nanoseconds between a change of a file and its stamp, from which on another change gives it another stamp: file
 * systems count time in steps.
 */
const STEP = 2_000_000_000n;

/**
 * A clean copy of sources that stays, while programs do to it what they like: `lay` makes it clean again, and
 * writes only what changed. All files have the same time, so that none is newer for having been written later.
 */
export class CleanCopy {
  readonly #root: string;
  readonly #folderMode: number;
  readonly #time = Math.floor(Date.now() / 1000);
  readonly #owner: Identity | undefined;
  #files = new Map<string, LaidOut>();

  /** Makes the folder `root` for it, for programs that run as `owner`. */
  constructor(root: string, owner?: Identity) {
    this.#root = root;
    this.#owner = owner;
    makeOwned(root, owner);
    this.#folderMode = lstatSync(root).mode & 0o7777;
  }

  /** Lays the sources out, and nothing beside them. Answers how many files were written for that. */
  async lay(sources: SourceListing): Promise<number> {
    const folders = foldersOf(sources);
    const standing = new Set<string>();
    const known = this.#files;
    // what is cut off in the middle is not known any more
    this.#files = new Map();
    await inSlices(this.#entriesBelow('', folders), (name) => {
      const source = sources.get(name);
      if (source !== undefined && this.#stands(source, known.get(name))) standing.add(name);
      else removeAny(path.join(this.#root, name));
    });
    for (const name of folders) this.#layFolder(name);
    const missing = [...sources.values()].filter((source) => !standing.has(source.path));
    const written = { mtime: this.#time, owner: this.#owner };
    await inSlices(missing, (source) => writeSource(path.join(this.#root, source.path), source, written));
    await this.#note(sources);
    return missing.length;
  }

  /** Entries in the folders of the sources that are no sources. */
  *#entriesBelow(below: string, folders: ReadonlySet<string>): Generator<string> {
    const full = path.join(this.#root, below);
    openFolder(full);
    for (const { name: own, is } of readEntries(full)) {
      const name = below === '' ? own : `${below}/${own}`;
      if (is.isDirectory() && folders.has(name)) yield* this.#entriesBelow(name, folders);
      else yield name;
    }
  }

  #stands({ path: name, hash, mode, link }: SourceFile, known: LaidOut | undefined): boolean {
    if (known?.hash !== hash || known.mode !== mode) return false;
    const full = path.join(this.#root, name);
    if (stampOf(lstatSync(systemPath(full), { bigint: true })) !== known.stamp) return false;
    return (
      known.isSure ||
      (link === undefined
        ? hashFile(full).hash === hash
        : decodeName(readlinkSync(systemPath(full), { encoding: 'buffer' })) === link)
    );
  }

  #layFolder(name: string): void {
    const full = path.join(this.#root, name);
    if (lstatOf(full) === undefined) makeOwned(full, this.#owner);
    chmodSync(systemPath(full), this.#folderMode);
  }

  /** Nothing changes the files between this and the start of a program. */
  async #note(sources: SourceListing): Promise<void> {
    const now = BigInt(Date.now()) * 1_000_000n;
    await inSlices(sources.values(), ({ path: name, hash, mode }) => {
      const stat = lstatSync(systemPath(path.join(this.#root, name)), { bigint: true });
      this.#files.set(name, { hash, mode, stamp: stampOf(stat), isSure: now - stat.ctimeNs > STEP });
    });
  }
}

/** Also what a program made unreadable. */
function openFolder(full: string): void {
  const { mode } = lstatSync(systemPath(full));
  if ((mode & 0o700) !== 0o700) chmodSync(systemPath(full), 0o700);
}

function removeAny(full: string): void {
  if (lstatSync(systemPath(full)).isDirectory()) removeFolder(full);
  else unlinkSync(systemPath(full));
}

function stampOf({ ino, size, mode, uid, nlink, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mode, uid, nlink, mtimeNs, ctimeNs].join(' ');
}
