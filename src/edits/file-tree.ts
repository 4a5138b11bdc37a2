import { lstat, readlink } from 'node:fs/promises';
import path from 'node:path';
import { UserError, messageOf } from '../support/errors.ts';
import { readBytes } from '../support/read-file.ts';

/** The file at a path. */
export interface FileState {
  /** Its text; of a file that is no UTF-8 text its bytes in base64, of a link where it leads. */
  readonly text: string;
  /** Permission bits, like 0o644. */
  readonly mode: number;
  readonly encoding?: 'base64' | 'link';
}

/** Files by their path below a folder, with `/`. */
export type FileTree = ReadonlyMap<string, FileState>;

/** One file before and after; undefined where there is none. */
export interface FileEdit {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly before?: FileState;
  readonly after?: FileState;
}

export function stateOf(content: string | Uint8Array, mode: number): FileState {
  if (typeof content === 'string') return { text: content, mode };
  const bytes = Buffer.from(content);
  const text = bytes.toString('utf8');
  // a zero byte is in no text that a person merges
  if (!bytes.includes(0) && Buffer.from(text, 'utf8').equals(bytes)) return { text, mode };
  return { text: bytes.toString('base64'), mode, encoding: 'base64' };
}

export function bytesOf({ text, encoding }: FileState): Buffer {
  return Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
}

export function sameContent(a: FileState | undefined, b: FileState | undefined): boolean {
  return a?.text === b?.text && a?.encoding === b?.encoding;
}

export function sameState(a: FileState | undefined, b: FileState | undefined): boolean {
  return sameContent(a, b) && a?.mode === b?.mode;
}

export function edit(path: string, before: FileState | undefined, after: FileState | undefined): FileEdit {
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** The edits that make one tree of another, by path. */
export function editsBetween(before: FileTree, after: FileTree): readonly FileEdit[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths
    .filter((path) => !sameState(before.get(path), after.get(path)))
    .map((path) => edit(path, before.get(path), after.get(path)));
}

/** The file at a path now; undefined when there is none. Throws for a folder or a device. */
export async function readState(folder: string, name: string): Promise<FileState | undefined> {
  const full = path.join(folder, name);
  const found = await lstat(full).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  const mode = found.mode & 0o7777;
  if (found.isSymbolicLink()) return { text: await readlink(full), mode, encoding: 'link' };
  if (found.isDirectory()) throw new Error(`${name} is a folder`);
  if (!found.isFile()) throw new Error(`${name} is not a file`);
  return stateOf(readBytes(full), mode);
}

/**
 * The files of these paths, as far as they exist.
 * @throws UserError `file-unreadable`
 */
export async function readTree(folder: string, names: Iterable<string>): Promise<FileTree> {
  const found = new Map<string, FileState>();
  for (const name of new Set(names)) {
    try {
      const state = await readState(folder, name);
      if (state !== undefined) found.set(name, state);
    } catch (error) {
      throw new UserError('file-unreadable', `${folder}: ${messageOf(error)}`, { cause: error });
    }
  }
  return found;
}
