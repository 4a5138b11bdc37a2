import { sizeOf } from '../git/content.ts';
import type { StagedFile } from '../stage/tree.ts';
import { encodeName } from '../support/file-name.ts';

/** One member of an archive: a file's content under a name relative to where the archive is unpacked. */
export interface Member {
  readonly name: string;
  readonly file: Pick<StagedFile, 'mode' | 'link' | 'bytes' | 'large'>;
}

/** A plain file as a member. */
export function member(name: string, mode: number, bytes: Buffer): Member {
  return { name, file: { mode, bytes } };
}

const BLOCK = 512;
const NAME = 100;

/** One entry of the archive: a header, and what stands behind it. */
interface Entry {
  readonly path: Buffer;
  readonly link: Buffer;
  readonly type: '0' | '2' | 'L' | 'K';
  readonly mode: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly size: number;
  /** The content, piece by piece. */
  readonly pieces: () => Iterable<Uint8Array>;
}

const NOTHING = Buffer.alloc(0);

/** How much of an archive is made at a time, in bytes. */
const PIECE = 1 << 20;

/** An archive that is made while it is sent. */
export interface Archive {
  readonly size: number;
  /** Its bytes; each piece is overwritten by the next one. */
  pieces(): Iterable<Uint8Array>;
}

/**
 * A tar archive in GNU's format, owned by root. Names go as bytes, long ones in entries of their own: GNU tar
 * and busybox both read it, and no name is turned into another.
 */
export function pack(members: readonly Member[]): Archive {
  const now = Math.floor(Date.now() / 1000);
  let size = 2 * BLOCK;
  for (const one of members) for (const entry of entriesOf(one, now)) size += BLOCK + padded(entry.size);
  return { size, pieces: () => inPieces(blocks(members, now), Math.min(size, PIECE)) };
}

/** All of an archive. */
export function packed(members: readonly Member[]): Uint8Array {
  return Buffer.concat([...pack(members).pieces()].map((piece) => Buffer.from(piece)));
}

/** Headers, contents, and what fills them up to whole blocks. */
function* blocks(members: readonly Member[], now: number): Generator<Uint8Array> {
  const header = Buffer.alloc(BLOCK);
  for (const one of members) {
    for (const entry of entriesOf(one, now)) {
      writeHeader(header.fill(0), entry);
      yield header;
      yield* entry.pieces();
      yield NOTHINGS.subarray(0, padded(entry.size) - entry.size);
    }
  }
  yield NOTHINGS;
}

const NOTHINGS = Buffer.alloc(2 * BLOCK);

/** Gathers what is small, so that it is sent together. */
function* inPieces(all: Iterable<Uint8Array>, size: number): Generator<Uint8Array> {
  const piece = Buffer.allocUnsafe(size);
  let length = 0;
  for (const one of all) {
    for (let from = 0; from < one.length;) {
      const part = one.subarray(from, from + size - length);
      piece.set(part, length);
      length += part.length;
      from += part.length;
      if (length < size) continue;
      yield piece;
      length = 0;
    }
  }
  if (length > 0) yield piece.subarray(0, length);
}

function entriesOf({ name, file }: Member, modified: number): readonly Entry[] {
  const path = encodeName(name);
  const link = file.link === undefined ? NOTHING : encodeName(file.link);
  const isLink = file.link !== undefined;
  const size = isLink ? 0 : sizeOf(file);
  const pieces = (): Iterable<Uint8Array> => (isLink ? [] : (file.large?.pieces() ?? [file.bytes]));
  const entry: Entry = { path, link, type: isLink ? '2' : '0', mode: file.mode, modified, size, pieces };
  if (path.length <= NAME && link.length <= NAME) return [entry];
  return [
    ...(path.length > NAME ? [longEntry('L', path)] : []),
    ...(link.length > NAME ? [longEntry('K', link)] : []),
    entry,
  ];
}

/** The entry before one whose name, or link, is too long for its header. */
function longEntry(type: 'L' | 'K', text: Buffer): Entry {
  const content = Buffer.concat([text, Buffer.alloc(1)]);
  return {
    path: Buffer.from('././@LongLink'),
    link: NOTHING,
    type,
    mode: 0,
    modified: 0,
    size: content.length,
    pieces: () => [content],
  };
}

function writeHeader(block: Buffer, { path, link, type, mode, modified, size }: Entry): void {
  path.copy(block, 0, 0, NAME);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(modified, 11), 136);
  block.write('        ', 148);
  block.write(type, 156);
  link.copy(block, 157, 0, NAME);
  block.write('ustar  ', 257);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${octal(sum, 6)}\0 `, 148);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}
