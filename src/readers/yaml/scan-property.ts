/** Directives, anchors, aliases and tags: a port of that part of PyYAML's scanner.py. */

import {
  CHAR,
  isBlankOrEnd,
  isBreakOrEnd,
  isDigit,
  isHexadecimal,
  isSpaceOrEnd,
  isWord,
  type Cursor,
} from './cursor.ts';
import { Refusal, pythonRepr, type Context } from './refusal.ts';
import { lengthWhile, skipRestOfLine, unexpected } from './scan-scalar.ts';
import type { DirectiveToken, TagToken, Token } from './tokens.ts';

export function scanDirective(cursor: Cursor): DirectiveToken {
  const start = cursor.mark();
  const context: Context = { doing: 'while scanning a directive', mark: start };
  cursor.forward();
  const name = scanName(cursor, context);
  if (!isSpaceOrEnd(cursor.peek()))
    throw unexpected(cursor, 'expected alphabetic or numeric character', context);
  const directive = scanDirectiveValue(cursor, name, context);
  const end = cursor.mark();
  if (directive.name === 'other') while (!isBreakOrEnd(cursor.peek())) cursor.forward();
  skipRestOfLine(cursor, context);
  return { id: '<directive>', directive, start, end };
}

function scanName(cursor: Cursor, context: Context): string {
  const length = lengthWhile(cursor, isWord);
  if (length === 0) throw unexpected(cursor, 'expected alphabetic or numeric character', context);
  return cursor.take(length);
}

function scanDirectiveValue(cursor: Cursor, name: string, context: Context): DirectiveToken['directive'] {
  if (name === 'YAML') return { name, major: scanVersion(cursor, context) };
  if (name !== 'TAG') return { name: 'other' };
  cursor.skipSpaces();
  const handle = scanTagHandle(cursor, 'directive', context);
  if (cursor.peek() !== CHAR.space) throw unexpected(cursor, "expected ' '", context);
  cursor.skipSpaces();
  const prefix = scanTagUri(cursor, 'directive', context);
  if (!isSpaceOrEnd(cursor.peek())) throw unexpected(cursor, "expected ' '", context);
  return { name, handle, prefix };
}

/** The major version of `%YAML 1.1`. */
function scanVersion(cursor: Cursor, context: Context): number {
  cursor.skipSpaces();
  const major = scanNumber(cursor, context);
  if (cursor.peek() !== CHAR.dot) throw unexpected(cursor, "expected a digit or '.'", context);
  cursor.forward();
  scanNumber(cursor, context);
  if (!isSpaceOrEnd(cursor.peek())) throw unexpected(cursor, "expected a digit or ' '", context);
  return major;
}

function scanNumber(cursor: Cursor, context: Context): number {
  const length = lengthWhile(cursor, isDigit);
  if (length === 0) throw unexpected(cursor, 'expected a digit', context);
  return Number(cursor.take(length));
}

/** `&name` and `*name`. */
export function scanAnchor(cursor: Cursor, id: '<alias>' | '<anchor>'): Token {
  const start = cursor.mark();
  const context: Context = { doing: `while scanning an ${id.slice(1, -1)}`, mark: start };
  cursor.forward();
  const name = scanName(cursor, context);
  if (!isBlankOrEnd(cursor.peek()) && !'?:,]}%@`'.includes(cursor.character()))
    throw unexpected(cursor, 'expected alphabetic or numeric character', context);
  return { id, name, start, end: cursor.mark() };
}

export function scanTag(cursor: Cursor): TagToken {
  const start = cursor.mark();
  const context: Context = { doing: 'while scanning a tag', mark: start };
  const { handle, suffix } = scanTagName(cursor, { doing: 'while parsing a tag', mark: start });
  if (!isSpaceOrEnd(cursor.peek())) throw unexpected(cursor, "expected ' '", context);
  return { id: '<tag>', handle, suffix, start, end: cursor.mark() };
}

function scanTagName(cursor: Cursor, context: Context): Pick<TagToken, 'handle' | 'suffix'> {
  if (cursor.character(1) === '<') {
    cursor.forward(2);
    const suffix = scanTagUri(cursor, 'tag', context);
    if (cursor.character() !== '>') throw unexpected(cursor, "expected '>'", context);
    cursor.forward();
    return { handle: undefined, suffix };
  }
  if (isBlankOrEnd(cursor.peek(1))) {
    cursor.forward();
    return { handle: undefined, suffix: '!' };
  }
  let length = 1;
  while (!isSpaceOrEnd(cursor.peek(length)) && cursor.peek(length) !== EXCLAMATION) length += 1;
  if (cursor.peek(length) !== EXCLAMATION) {
    cursor.forward();
    return { handle: '!', suffix: scanTagUri(cursor, 'tag', context) };
  }
  const handle = scanTagHandle(cursor, 'tag', context);
  return { handle, suffix: scanTagUri(cursor, 'tag', context) };
}

const EXCLAMATION = 33;

function scanTagHandle(cursor: Cursor, name: string, { mark }: Context): string {
  const context: Context = { doing: `while scanning a ${name}`, mark };
  if (cursor.peek() !== EXCLAMATION) throw unexpected(cursor, "expected '!'", context);
  let length = 1;
  if (cursor.peek(1) !== CHAR.space) {
    while (isWord(cursor.peek(length))) length += 1;
    if (cursor.peek(length) !== EXCLAMATION) {
      const found = pythonRepr(cursor.character(length));
      cursor.forward(length);
      throw new Refusal(`expected '!', but found ${found}`, cursor.mark(), context);
    }
    length += 1;
  }
  return cursor.take(length);
}

/** The characters of a tag, beside letters, digits and `-_`; `%` escapes one. */
const URI = new Set(Buffer.from(";/?:@&=+$,.!~*'()[]%"));

function scanTagUri(cursor: Cursor, name: string, { mark }: Context): string {
  const chunks: string[] = [];
  const isUri = (code: number): boolean => isWord(code) || URI.has(code);
  while (isUri(cursor.peek())) {
    if (cursor.peek() === CHAR.percent) {
      chunks.push(scanUriEscapes(cursor, { doing: `while scanning a ${name}`, mark }));
    } else {
      chunks.push(cursor.take(lengthWhile(cursor, (code) => isUri(code) && code !== CHAR.percent)));
    }
  }
  if (chunks.length === 0)
    throw unexpected(cursor, 'expected URI', { doing: `while parsing a ${name}`, mark });
  return chunks.join('');
}

function scanUriEscapes(cursor: Cursor, context: Context): string {
  const bytes: number[] = [];
  const start = cursor.mark();
  while (cursor.peek() === CHAR.percent) {
    cursor.forward();
    for (const at of [0, 1]) {
      if (!isHexadecimal(cursor.peek(at)))
        throw unexpected(cursor, 'expected URI escape sequence of 2 hexadecimal numbers', context, at);
    }
    bytes.push(Number.parseInt(cursor.take(2), 16));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
  } catch {
    throw new Refusal('these bytes are not UTF-8', start, context);
  }
}
