import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  symlink,
  utimes,
  writeFile,
  lstat,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sha256, type SourceListing } from './listing.ts';
import type { StagedFile } from './tree.ts';

/** A folder outside the author's tree with a clean copy of the sources and the tree that grows from it. */
export interface Workspace {
  /** The folder that holds all of it. */
  readonly folder: string;
  readonly source: string;
  readonly pkgdir: string;
  remove(): Promise<void>;
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
  const folder = await makeFolder(options.key);
  const source = path.join(folder, 'source');
  await mkdir(source);
  const folders = new Set([...sources.keys()].map((name) => path.dirname(name)));
  for (const name of folders) await mkdir(path.join(source, name), { recursive: true });
  await Promise.all(
    [...sources.values()].map(async (file) => {
      const full = path.join(source, file.path);
      if (file.link !== undefined) return await symlink(file.link, full);
      await writeFile(full, file.bytes);
      // the umask must not take bits away that git hands out
      await chmod(full, file.mode);
      if (options.mtime !== undefined) await utimes(full, options.mtime, options.mtime);
    }),
  );
  const pkgdir = path.join(source, '_pkg');
  return { folder, source, pkgdir, remove: async () => await removeFolder(folder) };
}

/** Milliseconds after which a folder of the same key is what a killed run left. */
const STALE = 3_600_000;

async function makeFolder(key: string | undefined): Promise<string> {
  if (key === undefined) return await mkdtemp(path.join(os.tmpdir(), 'wdev-stage-'));
  const folder = path.join(os.tmpdir(), `wdev-build-${key}`);
  const old = await lstat(folder).catch(() => undefined);
  if (old !== undefined && Date.now() - old.mtimeMs > STALE) await removeFolder(folder);
  const made = await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    () => false,
  );
  // another run of the same sources is at it: a folder of its own
  return made ? folder : await mkdtemp(`${folder}-`);
}

/** Also folders that a plugin made read-only. */
async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    for (const closed of (await closedFolders(folder)).toReversed()) await chmod(closed, 0o700);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Folders at and below one whose files nobody but root could remove. */
export async function closedFolders(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const { mode } = await lstat(folder);
  const closed = (mode & 0o300) !== 0o300;
  if (closed && process.getuid?.() !== 0) await chmod(folder, mode | 0o700);
  const entries = await readdir(folder, { withFileTypes: true });
  if (closed && entries.length > 0) found.push(folder);
  for (const entry of entries) {
    if (entry.isDirectory()) found.push(...(await closedFolders(path.join(folder, entry.name))));
  }
  return found;
}

/** Reads a package's tree into memory. Byte-code is left out: Python makes it anew on the target. */
export async function readTree(pkgdir: string): Promise<readonly StagedFile[]> {
  const found: StagedFile[] = [];
  await readFolder(pkgdir, '', found);
  return found;
}

async function readFolder(pkgdir: string, below: string, found: StagedFile[]): Promise<void> {
  const entries = await readdir(path.join(pkgdir, below), { withFileTypes: true });
  const kept = entries.filter((entry) => entry.name !== '__pycache__' && !entry.name.endsWith('.pyc'));
  if (kept.length === 0 && entries.length === 0 && below !== '') {
    const { mode } = await lstat(path.join(pkgdir, below));
    found.push({ path: below, mode: mode & 0o7777, hash: 'folder', folder: true, bytes: Buffer.alloc(0) });
  }
  for (const entry of kept) {
    const installed = `${below}/${entry.name}`;
    if (entry.isDirectory()) await readFolder(pkgdir, installed, found);
    else if (entry.isSymbolicLink()) found.push(await readLink(pkgdir, installed));
    else if (entry.isFile()) found.push(await readOne(pkgdir, installed));
  }
}

async function readOne(pkgdir: string, installed: string): Promise<StagedFile> {
  const full = path.join(pkgdir, installed);
  const [bytes, { mode }] = await Promise.all([readFile(full), lstat(full)]);
  return { path: installed, mode: mode & 0o7777, hash: sha256(bytes), bytes };
}

async function readLink(pkgdir: string, installed: string): Promise<StagedFile> {
  const link = await readlink(path.join(pkgdir, installed));
  return { path: installed, mode: 0o777, hash: sha256(link), link, bytes: Buffer.alloc(0) };
}
