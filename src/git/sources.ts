import { lstatSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { decodeName, systemPath } from '../support/file-name.ts';
import { readBytes } from '../support/read-file.ts';
import { inSlices } from '../support/work.ts';
import { readSmall, sha256, withContentOf, withFields, type Content } from './content.ts';
import { readHandedOut } from './handed-out.ts';
import { refuseMany, refuseManyTogether, sizesOfSources } from './bounds.ts';
import { LARGE, lookAtLarge, readLarge } from './large-files.ts';
import { gitNames, type GitNames } from './listing.ts';
import { during } from '../support/doing.ts';

export { sha256 } from './content.ts';
export { isPassing } from './passing.ts';

/** A source file as git would hand it out. */
export interface SourceFile extends Content {
  /** Relative to the plugin's folder, with `/`. */
  readonly path: string;
  /** 0o755 or 0o644, as git keeps them; 0o777 for a symbolic link. */
  readonly mode: number;
  readonly link?: string;
  /** Of a file that lies on the disk with other bytes than git hands out: their hash, and whether line ends are all the difference. */
  readonly disk?: { readonly hash: string; readonly onlyEnds: boolean };
}

export type SourceListing = ReadonlyMap<string, SourceFile>;

const LINK = 0o777;
const NOTHING: Content = { hash: '', bytes: Buffer.alloc(0) };

/**
 * The files of a plugin's folder that git has: tracked, and untracked but not ignored (nor left there
 * for a moment by an editor), with git's exec bits. The folder need not be a git repository. What is as it was `before` is not held twice.
 */
export async function listSources(dir: string, before?: SourceListing): Promise<SourceListing> {
  const names = await gitNames([dir]);
  return await readSources(dir, names.get(dir) ?? new Map(), before);
}

/**
 * The same for many folders, with one git for all folders of a repository, for who looks at them once: a large file
 * is copied when its hash or its bytes are asked for.
 */
export async function listAllSources(dirs: readonly string[]): Promise<ReadonlyMap<string, SourceListing>> {
  const names = await gitNames(dirs);
  const listings = new Map<string, SourceListing>();
  refuseManyTogether(names);
  const room = new Room(true);
  await during('reading the plugins', async (say) => {
    for (const dir of dirs) {
      say([listings.size + 1, dirs.length]);
      listings.set(dir, await readSources(dir, names.get(dir) ?? new Map(), undefined, room));
    }
  });
  return listings;
}

/** Lists the sources in a plugin's folder; `before` as in listSources. */
export type Lister = (dir: string, before?: SourceListing) => Promise<SourceListing>;

/** Asks git for the files of all folders at once, when the first one is listed. */
export function sharedLister(dirs: readonly string[]): Lister {
  let asked: Promise<ReadonlyMap<string, GitNames>> | undefined;
  const room = new Room();
  return async (dir, before) => {
    asked ??= gitNames(dirs);
    // where one folder is not to be listed, each is asked for by itself
    const names = await asked.catch(async () => await gitNames([dir]));
    return await readSources(dir, names.get(dir) ?? new Map(), before, room);
  };
}

/** As sharedLister, for who asks more than once for what stands there now: each folder is read once. */
export function listOnce(dirs: readonly string[]): Lister {
  const list = sharedLister(dirs);
  const read = new Map<string, Promise<SourceListing>>();
  return async (dir) => {
    const listing = read.get(dir) ?? list(dir);
    read.set(dir, listing);
    return await listing;
  };
}

/** Bytes of all files of a run that are held in memory; the larger ones of what is beyond lie on the disk meanwhile. */
const HELD = 64 * 2 ** 20;

/** Bytes of a file that is held wherever there are that many: a copy of it would cost more than its place. */
const SMALL = 16 * 1024;

/** The memory that the files of one run have. */
class Room {
  #left = HELD;
  /** Whether a file that is not held is only looked at, not kept as it is now. */
  readonly isLookedAt: boolean;

  constructor(isLookedAt = false) {
    this.isLookedAt = isLookedAt;
  }

  /** Whether a file of so many bytes is to be held; it takes its place then. */
  holds(bytes: number): boolean {
    if (bytes > LARGE || (bytes > SMALL && bytes > this.#left)) return false;
    this.#left -= bytes;
    return true;
  }
}

/**
 * Reads the files that git named; those that are gone meanwhile are skipped.
 * @throws UserError `too-many-files`, `too-many-bytes`
 */
export async function readSources(
  dir: string,
  names: GitNames,
  before?: SourceListing,
  room: Room = new Room(),
): Promise<SourceListing> {
  refuseMany(dir, names);
  const files = new Map<string, SourceFile>();
  const sizes = sizesOfSources(dir);
  await inSlices(names, ([name, mode]) => {
    const file = readSource(dir, name, mode, before?.get(name), room, (size) => sizes.add(name, size));
    if (file !== undefined) files.set(name, file);
  });
  await readHandedOut(dir, files.values(), (name, copy) => {
    const file = files.get(name);
    if (file === undefined) return;
    const content = contentOf(copy, room.holds(lstatSync(systemPath(copy)).size), before?.get(name));
    if (content.hash === file.hash) return;
    const onlyEnds = content.large === undefined && sameButForEnds(file.bytes, content.bytes);
    files.set(name, withFields(withContentOf(file, content), { disk: { hash: file.hash, onlyEnds } }));
  });
  return files;
}

/** Whether the first text is the second one, with CRLF in place of each LF. */
function sameButForEnds(disk: Buffer, handedOut: Buffer): boolean {
  return disk.toString('latin1').replaceAll('\r\n', '\n') === handedOut.toString('latin1');
}

/** The hash of the bytes on the disk. */
export function diskHash({ hash, disk }: SourceFile): string {
  return disk?.hash ?? hash;
}

/** Reads one source file as it lies on the disk; nothing when it is gone, a folder, or a socket. */
export function readSource(
  dir: string,
  name: string,
  gitMode?: number,
  before?: SourceFile,
  room: Room = new Room(),
  admit: (size: number) => void = () => {},
): SourceFile | undefined {
  const full = path.join(dir, name);
  try {
    const stat = lstatSync(systemPath(full));
    if (stat.isSymbolicLink()) {
      const text = readlinkSync(systemPath(full), { encoding: 'buffer' });
      return { path: name, mode: LINK, link: decodeName(text), bytes: Buffer.alloc(0), hash: sha256(text) };
    }
    if (!stat.isFile()) return undefined;
    if (gitMode === LINK) {
      const text = readBytes(full);
      return { path: name, mode: LINK, link: decodeName(text), bytes: Buffer.alloc(0), hash: sha256(text) };
    }
    admit(stat.size);
    const mode = gitMode ?? ((stat.mode & 0o100) === 0 ? 0o644 : 0o755);
    const isHeld = room.holds(stat.size);
    const content = room.isLookedAt && !isHeld ? lookAtLarge(full) : contentOf(full, isHeld, before);
    return withContentOf({ path: name, mode, ...NOTHING }, content);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError('file-unreadable', `${full} cannot be read (${code ?? 'unknown reason'})`);
  }
}

/** The content of a file; that which is held before, where it is the same. */
function contentOf(full: string, isHeld: boolean, before: SourceFile | undefined): Content {
  if (!isHeld) return readLarge(full);
  return readSmall(full, (hash) => (hash === before?.hash && before.link === undefined ? before : undefined));
}

/** Whether two listings hand out the same files. */
export function sameListing(a: SourceListing, b: SourceListing): boolean {
  if (a.size !== b.size) return false;
  return [...a.values()].every((file) => {
    const other = b.get(file.path);
    return other !== undefined && other.hash === file.hash && other.mode === file.mode;
  });
}

/** The text of `wazo/rules`; empty when there is none. */
export function rulesOf(sources: SourceListing): string {
  return sources.get('wazo/rules')?.bytes.toString('utf8') ?? '';
}
