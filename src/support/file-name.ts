import { isUtf8 } from 'node:buffer';

/**
 * File names are bytes, and not always UTF-8. In this program they are strings in which a byte that is no
 * UTF-8 stands as a lone surrogate (U+DC80 to U+DCFF), as in Python's `surrogateescape`: it survives maps,
 * regular expressions and JSON, and becomes the same byte again at the edges.
 */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    text +=
      length === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return text;
}

/** How many bytes the UTF-8 character at `at` has; 0 when there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

const ESCAPED = /(?<![\uD800-\uDBFF])([\uDC80-\uDCFF])/;

/** The bytes that a decoded name, or a text that holds such names, stands for. */
export function encodeName(text: string): Buffer {
  if (!ESCAPED.test(text)) return Buffer.from(text, 'utf8');
  const parts = text.split(ESCAPED);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 1 ? Buffer.of(part.charCodeAt(0) - 0xdc00) : Buffer.from(part, 'utf8'),
    ),
  );
}

/** The name by which the system knows a path: bytes where the string stands for more than UTF-8. */
export function systemPath(path: string): string | Buffer {
  return ESCAPED.test(path) ? encodeName(path) : path;
}
