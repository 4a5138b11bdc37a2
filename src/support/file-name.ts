import { isUtf8 } from 'node:buffer';

/**
 * File names are bytes, and not always UTF-8. In this program they are strings in which a byte that is no
 * UTF-8 stands as a lone surrogate (U+DC80 to U+DCFF), as in Python's `surrogateescape`: it survives maps,
 * regular expressions and JSON, and becomes the same byte again at the edges.
 */
export function decodeName(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  // one byte at most makes one unit: a text of such bytes is read in the time of its length
  const units = Buffer.alloc(bytes.length * 2);
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    const code = length === 0 ? 0xdc00 + (bytes[at] ?? 0) : codePointAt(bytes, at, length);
    if (code > 0xffff) end = units.writeUInt16LE(0xd7c0 + (code >> 10), end);
    end = units.writeUInt16LE(code > 0xffff ? 0xdc00 + (code & 0x3ff) : code, end);
    at += Math.max(1, length);
  }
  return units.toString('utf16le', 0, end);
}

/** The smallest code points of UTF-8 sequences, by their length. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000];

/** How many bytes the UTF-8 character at `at` has; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  for (let next = at + 1; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  const code = codePointAt(bytes, at, length);
  const isSurrogate = code >= 0xd800 && code < 0xe000;
  return code < (SMALLEST[length] ?? 0) || code > 0x10ffff || isSurrogate ? 0 : length;
}

function codePointAt(bytes: Uint8Array, at: number, length: number): number {
  let code = length === 1 ? (bytes[at] ?? 0) : (bytes[at] ?? 0) & (0xff >> (length + 1));
  for (let next = at + 1; next < at + length; next++) code = (code << 6) | ((bytes[next] ?? 0) & 0x3f);
  return code;
}

const ESCAPED = /(?<![\uD800-\uDBFF])[\uDC80-\uDCFF]/;
const EACH_ESCAPED = new RegExp(ESCAPED, 'g');

/** The bytes that a decoded name, or a text that holds such names, stands for. */
export function encodeName(text: string): Buffer {
  if (!ESCAPED.test(text)) return Buffer.from(text, 'utf8');
  const bytes = Buffer.alloc(text.length * 3);
  let end = 0;
  let from = 0;
  for (const { index } of text.matchAll(EACH_ESCAPED)) {
    end += bytes.write(text.slice(from, index), end, 'utf8');
    end = bytes.writeUInt8(text.charCodeAt(index) - 0xdc00, end);
    from = index + 1;
  }
  return bytes.subarray(0, end + bytes.write(text.slice(from), end, 'utf8'));
}

/** The name by which the system knows a path: bytes where the string stands for more than UTF-8. */
export function systemPath(path: string): string | Buffer {
  return ESCAPED.test(path) ? encodeName(path) : path;
}
