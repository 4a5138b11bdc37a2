/** The files of a template, from a folder or an archive: what could surprise is refused before anything is written. */

import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readdirSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { UserError, messageOf } from '../support/errors.ts';
import { LIMITS, clash, pathProblem, unsafeTemplate as unsafe } from './safe-paths.ts';
import { openRegular, readBytes } from '../support/read-file.ts';
import { makeFolders } from '../support/make-folders.ts';

export interface StoredFile {
  /** Relative to the template's folder, with `/`. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** A template's manifest and what stands below its `files` and `parts`; all else in its folder is not of it. */
const OF_TEMPLATE = /^(template\.yml$|files\/|parts\/)/;
const LEFT_OUT = /(^|\/)(__pycache__|\.pytest_cache|\.DS_Store)(\/|$)/;
/** More than this an archive is not read: it may say of itself that it is small. */
const ARCHIVE_BYTES = 20 * LIMITS.bytes;

/**
 * Reads a template's folder.
 * @throws UserError `unsafe-template` for a link, a device, a path that is no file on other systems, or too much
 */
export function readTemplateFiles(folder: string): readonly StoredFile[] {
  const found: StoredFile[] = [];
  const visit = (relative: string): void => {
    const full = path.join(folder, relative);
    for (const name of readdirSync(full).sort()) {
      const inner = relative === '' ? name : `${relative}/${name}`;
      const stats = lstatSync(path.join(folder, inner));
      if (LEFT_OUT.test(inner)) continue;
      if (stats.isDirectory()) {
        if (OF_TEMPLATE.test(`${inner}/`)) visit(inner);
      } else if (OF_TEMPLATE.test(inner) || OF_TEMPLATE.test(`${inner}/`)) {
        if (!stats.isFile()) throw unsafe(`${inner} is ${kindOf(stats)}, not a file`);
        demandSize(inner, stats.size);
        found.push({ path: inner, content: readBytes(path.join(folder, inner)) });
        demandAmount(found);
      }
    }
  };
  visit('');
  return checked(found);
}

/**
 * As readTemplateFiles, from a tar archive (gzipped or not); `prefix` is the template's folder in it, and `whole`
 * takes everything in there.
 */
export async function readTemplateArchive(
  file: string,
  prefix: string,
  whole = false,
): Promise<readonly StoredFile[]> {
  const { extract } = await import('tar-stream');
  const entries = extract();
  const source = createReadStream(file, { fd: openRegular(file) });
  let read = 0;
  const count = (chunk: Uint8Array): void => {
    read += chunk.length;
    if (read > ARCHIVE_BYTES)
      source.destroy(unsafe(`the archive holds more than ${megabytes(ARCHIVE_BYTES)}`));
  };
  const plain = /\.(tgz|gz)$/.test(file) ? source.pipe(createGunzip()) : source;
  plain.on('data', count);
  for (const stream of [source, plain]) stream.on('error', (error: Error) => entries.destroy(error));
  plain.pipe(entries);
  const found: StoredFile[] = [];
  try {
    for await (const entry of entries) {
      const { name, type, size } = entry.header;
      const inner = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      const isOfIt = whole ? inner !== '' : OF_TEMPLATE.test(inner);
      const wanted = isOfIt && !LEFT_OUT.test(inner) && type !== 'directory';
      if (wanted && type !== 'file' && type !== 'contiguous-file')
        throw unsafe(`${inner} is a ${type}, not a file`);
      if (wanted) demandSize(inner, size ?? 0);
      const chunks: Buffer[] = [];
      for await (const chunk of entry) if (wanted) chunks.push(chunk as Buffer);
      if (wanted) found.push({ path: inner, content: new Uint8Array(Buffer.concat(chunks)) });
      demandAmount(found);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unsafe(`the archive cannot be read: ${messageOf(error)}`);
  } finally {
    source.destroy();
  }
  return checked(found);
}

/** `sha256-…` over paths and contents. */
export function hashOf(files: readonly StoredFile[]): string {
  const hash = createHash('sha256');
  for (const { path: name, content } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1)))
    hash.update(`${name}\0${content.length}\0`).update(content);
  return `sha256-${hash.digest('base64url')}`;
}

/** Puts files into a new folder of the cache, all or nothing; what another process put there first stays. */
export async function storeTemplate(folder: string, files: readonly StoredFile[]): Promise<void> {
  const parent = path.dirname(folder);
  makeFolders(parent);
  const made = await mkdtemp(path.join(parent, '.new-'));
  try {
    for (const file of files) {
      const target = path.join(made, file.path);
      makeFolders(path.dirname(target));
      await writeFile(target, file.content);
    }
    await rename(made, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

function checked(files: readonly StoredFile[]): readonly StoredFile[] {
  for (const file of files) {
    const problem = pathProblem(file.path);
    if (problem !== undefined) throw unsafe(`the path ${JSON.stringify(file.path)} ${problem}`);
  }
  const pair = clash(files.map((file) => file.path));
  if (pair !== undefined) throw unsafe(`${pair[0]} and ${pair[1]} are one file where case does not count`);
  return files;
}

function demandSize(name: string, size: number): void {
  if (size > LIMITS.bytesOfFile)
    throw unsafe(`${name} has ${megabytes(size)}; more than ${megabytes(LIMITS.bytesOfFile)} is refused`);
}

function demandAmount(files: readonly StoredFile[]): void {
  if (files.length > LIMITS.files) throw unsafe(`it has more than ${LIMITS.files} files`);
  const bytes = files.reduce((sum, file) => sum + file.content.length, 0);
  if (bytes > LIMITS.bytes) throw unsafe(`its files have more than ${megabytes(LIMITS.bytes)}`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function kindOf(stats: { isSymbolicLink(): boolean }): string {
  return stats.isSymbolicLink() ? 'a symlink' : 'a device or a pipe';
}
