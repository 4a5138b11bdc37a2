import { hash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { openRegular, readBytes } from '../support/read-file.ts';

/** A copy of a file that was large when it was read. Nobody changes it; it goes when nothing refers to it. */
export interface LargeFile {
  readonly file: string;
  readonly size: number;
  /** Its bytes piece by piece; each piece is overwritten by the next one. */
  pieces(): Iterable<Buffer>;
}

/** The content of a file. */
export interface Content {
  /** SHA-256, in hex. */
  readonly hash: string;
  /** Those of a large file are read from the disk each time that they are asked for. */
  readonly bytes: Buffer;
  /** Only of a large file: the copy that holds its bytes. */
  readonly large?: LargeFile;
}

export function sha256(data: string | Buffer): string {
  return hash('sha256', data);
}

/** The number of bytes, without reading them. */
export function sizeOf(file: Pick<Content, 'bytes' | 'large'>): number {
  return file.large?.size ?? file.bytes.length;
}

/** A file with other fields; a spread would read the bytes of a large one. */
export function withFields<F extends Content>(file: F, fields: Partial<Omit<F, keyof Content>>): F {
  // V8 gives each object of its own shape, 500 bytes, to a spread that adds a field
  if (file.large === undefined) return Object.assign({}, file, fields);
  return merged(file, fields) as F;
}

/** A file with the content of another one. */
export function withContentOf<F extends Content>(file: F, other: Content): F {
  if (file.large === undefined && other.large === undefined)
    return { ...file, hash: other.hash, bytes: other.bytes };
  return merged(file, other, ['hash', 'bytes', 'large']) as F;
}

/** Copies properties as they are: what is read when it is asked for stays so. */
function merged(file: object, over: object, names = Object.keys(over)): object {
  const all: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(file);
  for (const name of names) {
    const descriptor = Object.getOwnPropertyDescriptor(over, name);
    if (descriptor === undefined) delete all[name];
    else all[name] = descriptor;
  }
  return Object.defineProperties({}, all);
}

/** Where small files are read to. */
const SCRATCH = Buffer.allocUnsafe(256 * 1024);

/**
 * The content of a file that is not large. `held` answers what somebody holds with this hash already. What is small
 * lies together in memory: a piece for each of tens of thousands of files takes more than the files.
 */
export function readSmall(full: string, held: (hash: string) => Content | undefined): Content {
  const read = readToScratch(full) ?? readBytes(full);
  const sum = sha256(read);
  const before = held(sum);
  if (before !== undefined) return before;
  return { hash: sum, bytes: read.buffer === SCRATCH.buffer ? Buffer.from(read) : read };
}

/** Undefined when the file is larger. */
function readToScratch(full: string): Buffer | undefined {
  const file = openRegular(full);
  try {
    let length = 0;
    while (length < SCRATCH.length) {
      const more = readSync(file, SCRATCH, length, SCRATCH.length - length, null);
      length += more;
      if (more === 0) return SCRATCH.subarray(0, length);
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}
