/**
 * The one form in which text of others is shown: what a terminal obeys, hides or reorders stands there as an escape
 * (`\x1b`, `\n`, `\u202e`, `\u{e0001}`; a byte that is no UTF-8 as `\xe9`), so that it is seen and does nothing.
 * Credentials in an address are not shown.
 */

import { masked } from './secrets.ts';

const PLAIN = /^[\x20-\x7e]*$/;

/** Controls, format and bidi characters, separators of lines, surrogates, private and invisible characters. */
const HIDDEN = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]`;

/** Four marks on one letter are writing; more of them climb over the lines above. */
const MARKS = String.raw`(?<=\p{M}{4})\p{M}`;

/** Made when a text needs it: all of Unicode in an expression takes a millisecond. */
let unsafe: RegExp | undefined;
let unsafeInJson: RegExp | undefined;

/** U+FE0F and U+200D behind these make one picture of several characters. */
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]$/u;

const SHORT: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/**
 * A text of others in one line that is safe to show.
 * @param keep characters that the place where it is shown can take, as a tab
 */
export function visible(text: string, keep = ''): string {
  if (PLAIN.test(text)) return masked(text);
  unsafe ??= new RegExp(`${HIDDEN}|${MARKS}`, 'gu');
  return masked(text).replace(unsafe, (char, at: number, whole: string) =>
    keep.includes(char) || joinsPicture(char, whole, at) ? char : escapeOf(char),
  );
}

function joinsPicture(char: string, text: string, at: number): boolean {
  return (char === '\ufe0f' || char === '\u200d') && PICTURE.test(text.slice(Math.max(0, at - 2), at));
}

function escapeOf(char: string): string {
  const short = SHORT[char];
  if (short !== undefined) return short;
  const code = char.codePointAt(0) ?? 0;
  // a byte of a file name or of Asterisk that is no UTF-8: support/file-name.ts
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\u{${hex(code, 0)}}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** A value as JSON, in which the same characters stand as JSON's own escapes, and credentials are not shown. */
export function jsonText(value: unknown, indent?: number): string {
  const text = masked(JSON.stringify(value, undefined, indent));
  unsafeInJson ??= new RegExp(`(?!\n)${HIDDEN}`, 'gu');
  return text.replace(unsafeInJson, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${hex(char.charCodeAt(at), 4)}`).join(''),
  );
}
