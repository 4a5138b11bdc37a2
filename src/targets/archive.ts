import type { StagedFile } from '../stage/tree.ts';
import { encodeName } from '../support/file-name.ts';

/** One member of an archive: a file's content under a name relative to where the archive is unpacked. */
export interface Member {
  readonly name: string;
  readonly file: Pick<StagedFile, 'mode' | 'link' | 'bytes'>;
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
  readonly content: Uint8Array;
}

const NOTHING = Buffer.alloc(0);

/**
 * A tar archive in GNU's format, owned by root. Names go as bytes, long ones in entries of their own: GNU tar
 * and busybox both read it, and no name is turned into another.
 */
export function pack(members: readonly Member[]): Uint8Array {
  const now = Math.floor(Date.now() / 1000);
  const entries = members.flatMap((one) => entriesOf(one, now));
  const size = entries.reduce((sum, { content }) => sum + BLOCK + padded(content.length), 2 * BLOCK);
  // one piece of memory: tens of thousands of small ones would stay scattered over the process
  const archive = Buffer.alloc(size);
  let at = 0;
  for (const entry of entries) {
    writeHeader(archive.subarray(at, at + BLOCK), entry);
    archive.set(entry.content, at + BLOCK);
    at += BLOCK + padded(entry.content.length);
  }
  return archive;
}

function entriesOf({ name, file }: Member, modified: number): readonly Entry[] {
  const path = encodeName(name);
  const link = file.link === undefined ? NOTHING : encodeName(file.link);
  const isLink = file.link !== undefined;
  const content = isLink ? NOTHING : file.bytes;
  const entry: Entry = { path, link, type: isLink ? '2' : '0', mode: file.mode, modified, content };
  if (path.length <= NAME && link.length <= NAME) return [entry];
  return [
    ...(path.length > NAME ? [longEntry('L', path)] : []),
    ...(link.length > NAME ? [longEntry('K', link)] : []),
    entry,
  ];
}

/** What stands before an entry whose name, or link, is too long for its header. */
function longEntry(type: 'L' | 'K', text: Buffer): Entry {
  const content = Buffer.concat([text, Buffer.alloc(1)]);
  return { path: Buffer.from('././@LongLink'), link: NOTHING, type, mode: 0, modified: 0, content };
}

function writeHeader(block: Buffer, { path, link, type, mode, modified, content }: Entry): void {
  path.copy(block, 0, 0, NAME);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(content.length, 11), 124);
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
