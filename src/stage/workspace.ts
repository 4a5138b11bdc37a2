import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  symlink,
  writeFile,
  lstat,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sha256, type SourceListing } from './listing.ts';
import type { StagedFile } from './tree.ts';

/** A folder outside the author's tree with a clean copy of the sources and the tree that grows from it. */
export interface Workspace {
  readonly source: string;
  readonly pkgdir: string;
  remove(): Promise<void>;
}

/** Lays a clean copy of `sources` out in a new temporary folder. */
export async function openWorkspace(sources: SourceListing): Promise<Workspace> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'wdev-stage-'));
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
    }),
  );
  const pkgdir = path.join(source, '_pkg');
  return { source, pkgdir, remove: async () => await rm(folder, { recursive: true, force: true }) };
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
