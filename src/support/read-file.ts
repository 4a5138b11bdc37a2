/**
 * The one way to read files that somebody else wrote: regular files only, up to a size. A named pipe, a device or a
 * socket, and a link to one, is refused before it is read: none of them has an end that we could wait for.
 */

import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { UserError } from './errors.ts';
import { systemPath } from './file-name.ts';

/** The most that is read of a file into memory, in bytes. */
export const MOST = 64 * 2 ** 20;

/** No pipe, terminal or tape keeps us waiting, were one put there after it was looked at. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Opens a regular file, or a link to one; the caller closes it.
 * @throws UserError `not-a-file`, or the system's own error
 */
export function openRegular(file: string): number {
  // some devices do something when they are opened
  refuseOther(file, statSync(systemPath(file)));
  const descriptor = openSync(systemPath(file), FLAGS);
  try {
    refuseOther(file, fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/**
 * The bytes of a regular file.
 * @throws UserError `not-a-file` or `file-too-large`, or the system's own error (ENOENT, EACCES)
 */
export function readBytes(file: string, most: number = MOST): Buffer {
  const descriptor = openRegular(file);
  try {
    return readToEnd(file, descriptor, most);
  } finally {
    closeSync(descriptor);
  }
}

/** The text of a regular file, in UTF-8. Throws as readBytes. */
export function readText(file: string, most: number = MOST): string {
  return readBytes(file, most).toString('utf8');
}

/** As readText; undefined when there is no such file. */
export function readTextIfThere(file: string, most: number = MOST): string | undefined {
  try {
    return readText(file, most);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** As readText; undefined when it cannot be read, whatever the reason. */
export function readTextIfPossible(file: string, most: number = MOST): string | undefined {
  return readBytesIfPossible(file, most)?.toString('utf8');
}

export function readBytesIfPossible(file: string, most: number = MOST): Buffer | undefined {
  try {
    return readBytes(file, most);
  } catch {
    return undefined;
  }
}

/**
 * The bytes of what a person named on the command line, which may be a pipe of the shell: `--answers <(command)`; `-` is standard input.
 * Throws as readBytes, but not `not-a-file`.
 */
export function readGiven(file: string, most: number = MOST): Buffer {
  const descriptor = file === '-' ? 0 : openGiven(file);
  try {
    return readToEnd(file, descriptor, most);
  } finally {
    closeSync(descriptor);
  }
}

function openGiven(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw Object.assign(new Error('there is no such file'), { code: 'ENOENT' });
  }
}

function readToEnd(file: string, descriptor: number, most: number): Buffer {
  // the files of /proc say that they have no size
  const { size } = fstatSync(descriptor);
  if (size > most) throw tooLarge(file, most);
  let bytes = Buffer.allocUnsafe(Math.max(size + 1, 4096));
  let length = 0;
  for (;;) {
    const more = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (more === 0) return bytes.subarray(0, length);
    length += more;
    if (length > most) throw tooLarge(file, most);
    if (length === bytes.length) bytes = Buffer.concat([bytes], bytes.length * 2);
  }
}

function refuseOther(file: string, stat: Stats): void {
  if (stat.isFile()) return;
  throw new UserError('not-a-file', `${file} is ${kindOf(stat)}, not a file`, {
    help: 'Only regular files are read, and links to them.',
  });
}

function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return 'a folder';
  if (stat.isFIFO()) return 'a named pipe';
  return stat.isSocket() ? 'a socket' : 'a device';
}

function tooLarge(file: string, most: number): UserError {
  return new UserError('file-too-large', `${file} has more than ${Math.round(most / 2 ** 20)} MB`, {
    help: 'wdev reads no larger ones of its kind.',
  });
}
