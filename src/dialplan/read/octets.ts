/**
 * Asterisk works on bytes. Text is held as a JavaScript string that keeps every byte: UTF-8 where the bytes are
 * UTF-8, and one lone surrogate (U+DC80 to U+DCFF) for each other byte, so that widths and limits are those of C.
 */

import { decodeName, encodeName } from '../../support/file-name.ts';

export { decodeName as decodeOctets, encodeName as encodeOctets } from '../../support/file-name.ts';

export function octetLength(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) length += 1;
    else if (code < 0x800) length += 2;
    else if (code >= 0xd800 && code < 0xdc00) {
      length += 4;
      at++;
    } else length += code >= 0xdc80 && code <= 0xdcff ? 1 : 3;
  }
  return length;
}

/** The part of a text that fits into a C buffer of `limit` bytes and its terminator. */
export function takeOctets(text: string, limit: number): string {
  if (text.length * 3 <= limit || octetLength(text) <= limit) return text;
  // each character takes one octet at least; a pair of surrogates is not cut in two
  return decodeName(encodeName(text.slice(0, limit + 1)).subarray(0, limit));
}

/** `%-Ns` of printf: filled with blanks to a width in bytes. */
export function padOctets(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - octetLength(text)));
}

/** C compares without case in ASCII only. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Without the blanks and control characters at both ends, as Asterisk strips a line or a value. */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) < 33) start++;
  while (end > start && text.charCodeAt(end - 1) < 33) end--;
  return text.slice(start, end);
}

export function skipBlanks(text: string): string {
  let start = 0;
  while (start < text.length && text.charCodeAt(start) < 33) start++;
  return text.slice(start);
}
