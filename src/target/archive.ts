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

/**
 * A tar archive in GNU's format, owned by root. Names go as bytes, long ones in entries of their own: GNU tar
 * and busybox both read it, and no name is turned into another.
 */
export function pack(members: readonly Member[]): Uint8Array {
  const now = Math.floor(Date.now() / 1000);
  const parts: Buffer[] = [];
  for (const { name, file } of members) {
    const path = encodeName(name);
    const link = encodeName(file.link ?? '');
    if (path.length > NAME) parts.push(...longEntry('L', path));
    if (link.length > NAME) parts.push(...longEntry('K', link));
    const type = file.link === undefined ? '0' : '2';
    const size = file.link === undefined ? file.bytes.length : 0;
    parts.push(header({ path, link, type, size, mode: file.mode, modified: now }));
    if (size > 0) parts.push(file.bytes, padding(size));
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}

/** What stands before an entry whose name, or link, is too long for its header. */
function longEntry(type: 'L' | 'K', text: Buffer): readonly Buffer[] {
  const size = text.length + 1;
  const path = Buffer.from('././@LongLink');
  const head = header({ path, link: Buffer.alloc(0), type, size, mode: 0, modified: 0 });
  return [head, text, Buffer.alloc(1), padding(size)];
}

interface Header {
  readonly path: Buffer;
  readonly link: Buffer;
  readonly type: string;
  readonly size: number;
  readonly mode: number;
  /** Seconds since 1970. */
  readonly modified: number;
}

function header({ path, link, type, size, mode, modified }: Header): Buffer {
  const block = Buffer.alloc(BLOCK);
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
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
