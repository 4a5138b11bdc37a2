import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  type Dirent,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inSlices } from '../support/work.ts';
import { readSmall, withContentOf, type Content } from '../git/content.ts';
import { LARGE, hashFile, readLarge } from '../git/large-files.ts';
import { sha256, type SourceFile, type SourceListing } from '../git/sources.ts';
import type { StagedFile } from './tree.ts';
import { lstatOf } from '../support/stat.ts';
import { append } from '../support/append.ts';

/** A folder outside the author's tree with a clean copy of the sources and the tree that grows from it. */
export interface Workspace {
  /** The folder that holds all of it. */
  readonly folder: string;
  readonly source: string;
  readonly pkgdir: string;
  /** Whether `remove` leaves the folder for the next time. */
  readonly isKept?: true;
  remove(): void;
}

export interface WorkspaceOptions {
  /** Word that names the folder, so that paths in what is built come out the same each time. */
  readonly key?: string;
  /** Time of last change of every source, in seconds since 1970; now by default. */
  readonly mtime?: number;
}

/** Lays a clean copy of `sources` out in a new temporary folder. */
export async function openWorkspace(
  sources: SourceListing,
  options: WorkspaceOptions = {},
): Promise<Workspace> {
  const folder = makeFolder(options.key);
  const source = path.join(folder, 'source');
  mkdirSync(source);
  const folders = new Set([...sources.keys()].map((name) => path.dirname(name)));
  for (const name of folders) mkdirSync(path.join(source, name), { recursive: true });
  await inSlices(sources.values(), (file) => writeSource(path.join(source, file.path), file, options.mtime));
  const pkgdir = path.join(source, '_pkg');
  return { folder, source, pkgdir, remove: () => removeFolder(folder) };
}

/** Writes a source where there is nothing; `mtime` as in WorkspaceOptions. */
export function writeSource(full: string, file: SourceFile, mtime?: number): void {
  if (file.link !== undefined) return symlinkSync(file.link, full);
  if (file.large === undefined) writeFileSync(full, file.bytes);
  else copyFileSync(file.large.file, full, constants.COPYFILE_FICLONE);
  // the umask must not take bits away that git hands out
  chmodSync(full, file.mode);
  if (mtime !== undefined) utimesSync(full, mtime, mtime);
}

/** Milliseconds after which a folder of the same key is what a killed run left. */
const STALE = 3_600_000;

function makeFolder(key: string | undefined): string {
  if (key === undefined) return mkdtempSync(path.join(os.tmpdir(), 'wdev-stage-'));
  const folder = path.join(os.tmpdir(), `wdev-build-${key}`);
  const old = lstatOf(folder);
  if (old !== undefined && Date.now() - old.mtimeMs > STALE) removeFolder(folder);
  try {
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  } catch {
    // another run of the same sources is at it: a folder of its own
    return mkdtempSync(`${folder}-`);
  }
}

/** Removes a folder, and folders in it that a plugin made read-only. */
export function removeFolder(folder: string): void {
  try {
    removeBelow(folder);
  } catch {
    for (const closed of closedFolders(folder).toReversed()) chmodSync(closed, 0o700);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** rmSync of Node.js 20 asks three times as much of the system. */
function removeBelow(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) removeBelow(full);
    else unlinkSync(full);
  }
  rmdirSync(folder);
}

/** Folders at and below one whose files nobody but root could remove. */
export function closedFolders(folder: string): readonly string[] {
  const found: string[] = [];
  const { mode } = lstatSync(folder);
  const closed = (mode & 0o300) !== 0o300;
  if (closed && process.getuid?.() !== 0) chmodSync(folder, mode | 0o700);
  const entries = readdirSync(folder, { withFileTypes: true });
  if (closed && entries.length > 0) found.push(folder);
  for (const entry of entries) {
    if (entry.isDirectory()) append(found, closedFolders(path.join(folder, entry.name)));
  }
  return found;
}

/**
 * Reads a package's tree into memory. Byte-code is left out: Python makes it anew on the target. A file that equals
 * one of the sources has its bytes in common with it.
 */
export async function readTree(
  pkgdir: string,
  sources: SourceListing = new Map(),
): Promise<readonly StagedFile[]> {
  const found: StagedFile[] = [];
  const plain = [...sources.values()].filter(({ link }) => link === undefined);
  const known = new Map(plain.map((source) => [source.hash, source]));
  await inSlices(entriesBelow(pkgdir), ({ entry, name }) => {
    const file = isByteCode(entry.name) ? undefined : readOne(pkgdir, name, entry, known);
    if (file !== undefined) found.push(file);
  });
  return found;
}

/** Copies a folder: files with their modes, symbolic links with their text. */
export async function copyFolder(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  await inSlices(entriesBelow(from), ({ entry, name }) => {
    const [source, copy] = [from + name, to + name];
    if (entry.isDirectory()) mkdirSync(copy, { recursive: true });
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), copy);
    else if (entry.isFile()) copyFileSync(source, copy);
  });
}

interface Entry {
  readonly entry: Dirent;
  /** `/` and the name relative to the folder. */
  readonly name: string;
}

/** The entries of a folder and of those below it, each folder before its content. */
function* entriesBelow(folder: string, below = ''): Generator<Entry> {
  for (const entry of readdirSync(folder + below, { withFileTypes: true })) {
    const name = `${below}/${entry.name}`;
    yield { entry, name };
    if (entry.isDirectory() && !isByteCode(entry.name)) yield* entriesBelow(folder, name);
  }
}

function isByteCode(name: string): boolean {
  return name === '__pycache__' || name.endsWith('.pyc');
}

/** One entry of a package; nothing for a folder that has something in it, and for what no package holds. */
function readOne(
  pkgdir: string,
  installed: string,
  entry: Dirent,
  known: ReadonlyMap<string, Content>,
): StagedFile | undefined {
  const full = pkgdir + installed;
  if (entry.isSymbolicLink()) {
    const link = readlinkSync(full);
    return { path: installed, mode: 0o777, hash: sha256(link), link, bytes: Buffer.alloc(0) };
  }
  const stat = lstatSync(full);
  const mode = stat.mode & 0o7777;
  if (entry.isDirectory()) {
    const isEmpty = readdirSync(full).length === 0;
    return isEmpty
      ? { path: installed, mode, hash: 'folder', folder: true, bytes: Buffer.alloc(0) }
      : undefined;
  }
  if (!entry.isFile()) return undefined;
  const content =
    stat.size > LARGE
      ? (known.get(hashFile(full).hash) ?? readLarge(full))
      : readSmall(full, (hash) => known.get(hash));
  return withContentOf({ path: installed, mode, ...NOTHING }, content);
}

const NOTHING: Content = { hash: '', bytes: Buffer.alloc(0) };
