import {
  chmodSync,
  constants,
  copyFileSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { readEntries, type Entry as FolderEntry } from '../support/entries.ts';
import { decodeName, systemPath } from '../support/file-name.ts';
import type { Identity } from '../sandbox/enclose.ts';
import { ownerOfPrograms } from '../sandbox/way.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { sameFolder, temporaryFolder } from '../support/temp-folder.ts';
import { inSlices } from '../support/work.ts';
import { readSmall, withContentOf, type Content } from '../git/content.ts';
import { LARGE, hashFile, readLarge } from '../git/large-files.ts';
import { refuseManyPackaged, sizesOfPackage } from '../git/bounds.ts';
import { sha256, type SourceFile, type SourceListing } from '../git/sources.ts';
import type { StagedFile } from './tree.ts';
import { makeFolders } from '../support/make-folders.ts';

/** A folder outside the author's tree with a clean copy of the sources and the tree that grows from it. */
export interface Workspace {
  /** The folder that holds all of it. */
  readonly folder: string;
  readonly source: string;
  readonly pkgdir: string;
  /** Who the plugin's programs run as, and what they work on belongs to; undefined: as we do. */
  readonly owner?: Identity | undefined;
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
  const owner = await ownerOfPrograms();
  const { folder, release } = makeFolder(options.key);
  const source = path.join(folder, 'source');
  for (const name of foldersOf(sources)) makeOwned(path.join(source, name), owner);
  const { mtime } = options;
  await inSlices(sources.values(), (file) =>
    writeSource(path.join(source, file.path), file, { mtime, owner }),
  );
  const pkgdir = path.join(source, '_pkg');
  return { folder, source, pkgdir, owner, remove: release };
}

function makeFolder(key: string | undefined): { folder: string; release: () => void } {
  if (key !== undefined) return sameFolder('build', key);
  const folder = temporaryFolder('stage');
  return { folder, release: () => removeFolder(folder) };
}

/** Every folder that has a source in it, or below it, each behind the one around it; the first is the root, ''. */
export function foldersOf(sources: SourceListing): ReadonlySet<string> {
  const folders = new Set(['']);
  for (const name of sources.keys()) {
    const above: string[] = [];
    for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) {
      const folder = name.slice(0, at);
      if (folders.has(folder)) break;
      above.push(folder);
    }
    for (const folder of above.toReversed()) folders.add(folder);
  }
  return folders;
}

/** Makes a folder for programs that run as `owner`. */
export function makeOwned(folder: string, owner: Identity | undefined): void {
  mkdirSync(systemPath(folder));
  if (owner !== undefined) lchownSync(systemPath(folder), owner.uid, owner.gid);
}

/** Writes a file for programs that run as `owner`. */
export function writeOwned(file: string, data: string | Uint8Array, owner: Identity | undefined): void {
  writeFileSync(file, data);
  if (owner !== undefined) lchownSync(file, owner.uid, owner.gid);
}

interface Written {
  /** As in WorkspaceOptions. */
  readonly mtime?: number | undefined;
  /** Who it belongs to; us by default. */
  readonly owner?: Identity | undefined;
}

/** Writes a source where there is nothing. */
export function writeSource(full: string, file: SourceFile, { mtime, owner }: Written = {}): void {
  const place = systemPath(full);
  if (file.link !== undefined) symlinkSync(systemPath(file.link), place);
  else if (file.large === undefined) writeFileSync(place, file.bytes);
  else copyFileSync(file.large.file, place, constants.COPYFILE_FICLONE);
  if (owner !== undefined) lchownSync(place, owner.uid, owner.gid);
  if (file.link !== undefined) return;
  // the umask must not take bits away that git hands out
  chmodSync(place, file.mode);
  if (mtime !== undefined) utimesSync(place, mtime, mtime);
}

/** Makes what a plugin's programs wrote below a folder ours, with its modes: a package tells who owns its files. */
export function takeBack(folder: string, { owner }: Workspace): void {
  if (owner === undefined) return;
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  lchownSync(folder, uid, gid);
  for (const { entry, name } of everythingBelow(folder)) {
    const full = systemPath(folder + name);
    const { mode } = lstatSync(full);
    lchownSync(full, uid, gid);
    // the system takes these bits away when the owner changes
    if (entry.isFile() && (mode & 0o6000) !== 0) chmodSync(full, mode & 0o7777);
  }
}

/**
 * Reads a package's tree into memory. Byte-code is left out: Python makes it anew on the target. A file that equals
 * one of the sources has its bytes in common with it.
 * @throws UserError `too-many-files`, `too-many-bytes`
 */
export async function readTree(
  pkgdir: string,
  sources: SourceListing = new Map(),
): Promise<readonly StagedFile[]> {
  const found: StagedFile[] = [];
  const plain = [...sources.values()].filter(({ link }) => link === undefined);
  const known = new Map(plain.map((source) => [source.hash, source]));
  const sizes = sizesOfPackage();
  await inSlices(entriesBelow(pkgdir), ({ entry, name }) => {
    if (isByteCode(name)) return;
    if (entry.isFile()) sizes.add(name, lstatSync(systemPath(pkgdir + name)).size);
    const file = readOne(pkgdir, name, entry, known);
    if (file !== undefined) found.push(file);
    refuseManyPackaged(found.length);
  });
  return found;
}

/** Copies a folder: files with their modes, symbolic links with their text. */
export async function copyFolder(from: string, to: string): Promise<void> {
  makeFolders(to);
  await inSlices(entriesBelow(from), ({ entry, name }) => {
    const [source, copy] = [systemPath(from + name), systemPath(to + name)];
    if (entry.isDirectory()) makeFolders(to + name);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source, { encoding: 'buffer' }), copy);
    else if (entry.isFile()) copyFileSync(source, copy);
  });
}

interface Entry {
  readonly entry: FolderEntry['is'];
  /** `/` and the name relative to the folder. */
  readonly name: string;
}

/** The entries of a folder and of those below it, each folder before its content; without byte-code. */
function entriesBelow(folder: string): Generator<Entry> {
  return everythingBelow(folder, isByteCode);
}

function* everythingBelow(
  folder: string,
  isClosed: (name: string) => boolean = () => false,
  below = '',
): Generator<Entry> {
  for (const { name: own, is: entry } of readEntries(folder + below)) {
    const name = `${below}/${own}`;
    yield { entry, name };
    if (entry.isDirectory() && !isClosed(own)) yield* everythingBelow(folder, isClosed, name);
  }
}

function isByteCode(name: string): boolean {
  return /(?:^|\/)__pycache__$|\.pyc$/.test(name);
}

/** One entry of a package; nothing for a folder that has something in it, and for what no package holds. */
function readOne(
  pkgdir: string,
  installed: string,
  entry: FolderEntry['is'],
  known: ReadonlyMap<string, Content>,
): StagedFile | undefined {
  const full = pkgdir + installed;
  if (entry.isSymbolicLink()) {
    const text = readlinkSync(systemPath(full), { encoding: 'buffer' });
    return {
      path: installed,
      mode: 0o777,
      hash: sha256(text),
      link: decodeName(text),
      bytes: Buffer.alloc(0),
    };
  }
  const stat = lstatSync(systemPath(full));
  const mode = stat.mode & 0o7777;
  if (entry.isDirectory()) {
    const isEmpty = readEntries(full).length === 0;
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
