import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  readSync,
  renameSync,
  rmSync,
  type BigIntStats,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { messageOf, UserError } from '../support/errors.ts';
import { systemPath } from '../support/file-name.ts';
import { openRegular, readBytes } from '../support/read-file.ts';
import { giveBackMemory } from '../support/memory.ts';
import { lstatOf } from '../support/stat.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import type { Content, LargeFile } from './content.ts';
import { makeFolders } from '../support/make-folders.ts';

/** Files of more bytes than this are not held in memory. */
export const LARGE = 4 * 2 ** 20;

/** How much of a large file is in memory at a time, in bytes. */
const PIECE = 2 ** 20;

/**
 * Nanoseconds that must lie between the last change of a file and its reading for the same times to mean the same
 * bytes: file systems count time in steps.
 */
const STEP = 3_000_000_000n;

let folder: string | undefined;
let copies = 0;

/** Hash → the copy of these bytes, while somebody needs it. */
const known = new Map<string, WeakRef<LargeFile>>();
/** Path → what was there when it was read. */
const read = new Map<string, { readonly signature: string; readonly hash: string }>();
const unused = new FinalizationRegistry((hash: string) => {
  if (known.get(hash)?.deref() !== undefined) return;
  known.delete(hash);
  rmSync(path.join(folder ?? '', hash), { force: true });
});

/** The content of a large file, copied as it is now. Copies nothing when it has not changed since the last time. */
export function readLarge(full: string): Content {
  const before = read.get(full);
  const stat = lstatSync(systemPath(full), { bigint: true });
  const same = before?.signature === signatureOf(stat) ? known.get(before.hash)?.deref() : undefined;
  if (before !== undefined && same !== undefined) return largeContent(before.hash, same);
  const copy = path.join(copiesFolder(), `new-${(copies += 1)}`);
  copyFileSync(systemPath(full), copy, constants.COPYFILE_FICLONE);
  const now = BigInt(Date.now()) * 1_000_000n;
  const content = keep(copy);
  if (now - stat.ctimeNs > STEP) read.set(full, { signature: signatureOf(stat), hash: content.hash });
  else read.delete(full);
  return content;
}

/**
 * The content of a large file for who only looks at it: copied when its hash, its bytes or its copy are asked for.
 * Until then its pieces are those of the file itself; none once it is gone.
 * @throws UserError `file-unreadable` where it is to be copied, and is gone
 */
export function lookAtLarge(full: string): Content {
  const { size } = lstatSync(systemPath(full));
  let kept: Content | undefined;
  const keptNow = (): Content => (kept ??= unlessGone(full, () => readLarge(full)));
  const large: LargeFile = {
    get file() {
      return keptNow().large?.file ?? full;
    },
    get size() {
      return kept?.large?.size ?? size;
    },
    pieces: () => kept?.large?.pieces() ?? (lstatOf(full)?.isFile() === true ? piecesOf(full) : []),
  };
  return {
    get hash() {
      return keptNow().hash;
    },
    large,
    get bytes() {
      return keptNow().bytes;
    },
  };
}

function unlessGone<Result>(full: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new UserError('file-unreadable', `${full} cannot be read (${messageOf(error)})`);
  }
}

/** Makes a file of our own the copy that holds its content. */
function keep(copy: string): Content {
  const { hash, size } = hashFile(copy);
  const file = path.join(copiesFolder(), hash);
  const before = known.get(hash)?.deref();
  if (before !== undefined && existsSync(file)) {
    rmSync(copy);
    return largeContent(hash, before);
  }
  renameSync(copy, file);
  const large: LargeFile = { file, size, pieces: () => piecesOf(file) };
  known.set(hash, new WeakRef(large));
  unused.register(large, hash);
  // only then the copies that it takes the place of are let go
  setTimeout(giveBackMemory, STEP_MS).unref();
  return largeContent(hash, large);
}

const STEP_MS = Number(STEP) / 1_000_000;

function largeContent(hash: string, large: LargeFile): Content {
  return {
    hash,
    large,
    get bytes() {
      return readBytes(large.file, large.size);
    },
  };
}

/** SHA-256 and size of a file, read piece by piece. */
export function hashFile(full: string): { readonly hash: string; readonly size: number } {
  const digest = createHash('sha256');
  let size = 0;
  for (const piece of piecesOf(full)) {
    digest.update(piece);
    size += piece.length;
  }
  return { hash: digest.digest('hex'), size };
}

function* piecesOf(full: string): Generator<Buffer> {
  const piece = Buffer.allocUnsafe(PIECE);
  const file = openRegular(full);
  try {
    for (;;) {
      const count = readSync(file, piece, 0, PIECE, null);
      if (count === 0) return;
      yield piece.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}

function signatureOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/** On the disk, where `/tmp` may be memory. */
function copiesFolder(): string {
  if (folder !== undefined && existsSync(folder)) return folder;
  const base = process.env['TMPDIR'] === undefined && existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir();
  makeFolders(base);
  const made = temporaryFolder('large', base);
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
}
