/** Block, quoted and plain scalars: a port of that part of PyYAML's scanner.py. */

import {
  CHAR,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isDigit,
  isHexadecimal,
  isSpaceOrEnd,
  type Cursor,
} from './cursor.ts';
import { Refusal, pythonRepr, type Context, type Mark } from './refusal.ts';
import type { ScalarToken } from './tokens.ts';
import { append } from '../../support/append.ts';

/** `|` and `>`; `parentIndent` is the indentation of the collection around it. */
export function scanBlockScalar(cursor: Cursor, style: '|' | '>', parentIndent: number): ScalarToken {
  const start = cursor.mark();
  const context: Context = { doing: 'while scanning a block scalar', mark: start };
  cursor.forward();
  const { chomping, increment } = scanIndicators(cursor, context);
  skipRestOfLine(cursor, context);
  const least = Math.max(parentIndent + 1, 1);
  let indent: number;
  let tail: Breaks;
  if (increment === undefined) {
    const { widest, ...breaks } = scanIndentation(cursor);
    indent = Math.max(least, widest);
    tail = breaks;
  } else {
    indent = least + increment - 1;
    tail = scanBlockBreaks(cursor, indent);
  }
  const chunks: string[] = [];
  let lineBreak = '';
  while (cursor.column === indent && cursor.peek() !== CHAR.end) {
    append(chunks, tail.breaks);
    const leadsWithText = !isSpaceOrTab(cursor.peek());
    chunks.push(cursor.take(lengthWhile(cursor, (code) => !isBreakOrEnd(code))));
    lineBreak = cursor.lineBreak();
    tail = scanBlockBreaks(cursor, indent);
    if (cursor.column !== indent || cursor.peek() === CHAR.end) break;
    if (style === '>' && lineBreak === '\n' && leadsWithText && !isSpaceOrTab(cursor.peek())) {
      if (tail.breaks.length === 0) chunks.push(' ');
    } else {
      chunks.push(lineBreak);
    }
  }
  if (chomping !== '-') chunks.push(lineBreak);
  if (chomping === '+') append(chunks, tail.breaks);
  return { id: '<scalar>', value: chunks.join(''), style, start, end: tail.end };
}

interface Breaks {
  readonly breaks: readonly string[];
  readonly end: Mark;
}

interface Indicators {
  readonly chomping: '+' | '-' | undefined;
  readonly increment: number | undefined;
}

function scanIndicators(cursor: Cursor, context: Context): Indicators {
  let chomping = scanChomping(cursor);
  const increment = scanIncrement(cursor, context);
  if (chomping === undefined && increment !== undefined) chomping = scanChomping(cursor);
  if (!isSpaceOrEnd(cursor.peek()))
    throw unexpected(cursor, 'expected chomping or indentation indicators', context);
  return { chomping, increment };
}

function scanChomping(cursor: Cursor): '+' | '-' | undefined {
  const character = cursor.character();
  if (character !== '+' && character !== '-') return undefined;
  cursor.forward();
  return character;
}

function scanIncrement(cursor: Cursor, context: Context): number | undefined {
  if (!isDigit(cursor.peek())) return undefined;
  const increment = Number(cursor.character());
  if (increment === 0)
    throw new Refusal('expected indentation indicator in the range 1-9, but found 0', cursor.mark(), context);
  cursor.forward();
  return increment;
}

/** Steps over blanks, a comment and the end of the line. */
export function skipRestOfLine(cursor: Cursor, context: Context): void {
  cursor.skipSpaces();
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.peek())) throw unexpected(cursor, 'expected a comment or a line break', context);
  cursor.lineBreak();
}

function scanIndentation(cursor: Cursor): Breaks & { readonly widest: number } {
  const breaks: string[] = [];
  let widest = 0;
  let end = cursor.mark();
  while (cursor.peek() === CHAR.space || isBreak(cursor.peek())) {
    if (cursor.peek() === CHAR.space) {
      cursor.forward();
      widest = Math.max(widest, cursor.column);
    } else {
      breaks.push(cursor.lineBreak());
      end = cursor.mark();
    }
  }
  return { breaks, widest, end };
}

function scanBlockBreaks(cursor: Cursor, indent: number): Breaks {
  const breaks: string[] = [];
  let end = cursor.mark();
  const skipIndent = (): void => {
    while (cursor.column < indent && cursor.peek() === CHAR.space) cursor.forward();
  };
  skipIndent();
  while (isBreak(cursor.peek())) {
    breaks.push(cursor.lineBreak());
    end = cursor.mark();
    skipIndent();
  }
  return { breaks, end };
}

/** `'…'` and `"…"`. */
export function scanQuoted(cursor: Cursor, style: "'" | '"'): ScalarToken {
  const start = cursor.mark();
  const quote = cursor.peek();
  const chunks: string[] = [];
  cursor.forward();
  scanQuotedText(cursor, style, start, chunks);
  while (cursor.peek() !== quote) {
    scanQuotedSpaces(cursor, start, chunks);
    scanQuotedText(cursor, style, start, chunks);
  }
  cursor.forward();
  return { id: '<scalar>', value: chunks.join(''), style, start, end: cursor.mark() };
}

function scanQuotedText(cursor: Cursor, style: "'" | '"', start: Mark, chunks: string[]): void {
  for (;;) {
    const length = lengthWhile(
      cursor,
      (code) =>
        code !== CHAR.quote && code !== CHAR.doubleQuote && code !== CHAR.backslash && !isBlankOrEnd(code),
    );
    if (length > 0) chunks.push(cursor.take(length));
    const code = cursor.peek();
    if (style === "'" && code === CHAR.quote && cursor.peek(1) === CHAR.quote) {
      chunks.push("'");
      cursor.forward(2);
    } else if (style === '"' ? code === CHAR.quote : code === CHAR.doubleQuote || code === CHAR.backslash) {
      chunks.push(cursor.take(1));
    } else if (style === '"' && code === CHAR.backslash) {
      scanEscape(cursor, start, chunks);
    } else {
      return;
    }
  }
}

const REPLACEMENTS: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '\\': '\\',
  '/': '/',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const CODE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function scanEscape(cursor: Cursor, start: Mark, chunks: string[]): void {
  const context: Context = { doing: 'while scanning a double-quoted scalar', mark: start };
  cursor.forward();
  const character = cursor.character();
  const replacement = REPLACEMENTS[character];
  const length = CODE_LENGTHS[character];
  if (replacement !== undefined) {
    chunks.push(replacement);
    cursor.forward();
  } else if (length !== undefined) {
    cursor.forward();
    for (let at = 0; at < length; at += 1) {
      if (!isHexadecimal(cursor.peek(at)))
        throw new Refusal(
          `expected escape sequence of ${length} hexadecimal numbers, but found ${pythonRepr(cursor.character(at))}`,
          cursor.mark(),
          context,
        );
    }
    const code = Number.parseInt(cursor.text.slice(cursor.offset, cursor.offset + length), 16);
    if (code > 0x10ffff) throw new Refusal('there is no such character', undefined, context);
    chunks.push(String.fromCodePoint(code));
    cursor.forward(length);
  } else if (isBreak(cursor.peek())) {
    cursor.lineBreak();
    scanQuotedBreaks(cursor, start, chunks);
  } else {
    throw new Refusal(`found unknown escape character ${pythonRepr(character)}`, cursor.mark(), context);
  }
}

function scanQuotedSpaces(cursor: Cursor, start: Mark, chunks: string[]): void {
  const blanks = cursor.take(lengthWhile(cursor, isSpaceOrTab));
  if (cursor.peek() === CHAR.end)
    throw new Refusal('found unexpected end of stream', cursor.mark(), quotedContext(start));
  if (!isBreak(cursor.peek())) {
    chunks.push(blanks);
    return;
  }
  const lineBreak = cursor.lineBreak();
  const breaks: string[] = [];
  scanQuotedBreaks(cursor, start, breaks);
  if (lineBreak !== '\n') chunks.push(lineBreak);
  else if (breaks.length === 0) chunks.push(' ');
  append(chunks, breaks);
}

function scanQuotedBreaks(cursor: Cursor, start: Mark, chunks: string[]): void {
  for (;;) {
    if (cursor.isSeparator())
      throw new Refusal('found unexpected document separator', cursor.mark(), quotedContext(start));
    while (isSpaceOrTab(cursor.peek())) cursor.forward();
    if (!isBreak(cursor.peek())) return;
    chunks.push(cursor.lineBreak());
  }
}

function quotedContext(mark: Mark): Context {
  return { doing: 'while scanning a quoted scalar', mark };
}

/** A scalar without quotes; `broken` says that a line ended in or after it. */
export function scanPlain(
  cursor: Cursor,
  indent: number,
  inFlow: boolean,
): { readonly token: ScalarToken; readonly broken: boolean } {
  const start = cursor.mark();
  let end = start;
  let broken = false;
  const chunks: string[] = [];
  let spaces: readonly string[] = [];
  for (;;) {
    if (cursor.peek() === CHAR.hash) break;
    const length = plainLength(cursor, inFlow);
    if (length === 0) break;
    broken = false;
    append(chunks, spaces);
    chunks.push(cursor.take(length));
    end = cursor.mark();
    const gap = scanPlainSpaces(cursor);
    broken = gap.broken;
    spaces = gap.chunks;
    if (spaces.length === 0 || cursor.peek() === CHAR.hash || (!inFlow && cursor.column < indent)) break;
  }
  return { token: { id: '<scalar>', value: chunks.join(''), style: 'plain', start, end }, broken };
}

function plainLength(cursor: Cursor, inFlow: boolean): number {
  for (let length = 0; ; length += 1) {
    const code = cursor.peek(length);
    if (isBlankOrEnd(code)) return length;
    if (code === CHAR.colon) {
      const next = cursor.peek(length + 1);
      if (isBlankOrEnd(next) || (inFlow && (next === CHAR.comma || isBracket(next)))) return length;
    }
    if (inFlow && (code === CHAR.comma || code === CHAR.question || isBracket(code))) return length;
  }
}

function scanPlainSpaces(cursor: Cursor): { readonly chunks: readonly string[]; readonly broken: boolean } {
  const blanks = cursor.take(lengthWhile(cursor, (code) => code === CHAR.space));
  if (!isBreak(cursor.peek())) return { chunks: blanks === '' ? [] : [blanks], broken: false };
  const lineBreak = cursor.lineBreak();
  if (cursor.isSeparator()) return { chunks: [], broken: true };
  const breaks: string[] = [];
  while (cursor.peek() === CHAR.space || isBreak(cursor.peek())) {
    if (cursor.peek() === CHAR.space) {
      cursor.forward();
    } else {
      breaks.push(cursor.lineBreak());
      if (cursor.isSeparator()) return { chunks: [], broken: true };
    }
  }
  if (lineBreak !== '\n') return { chunks: [lineBreak, ...breaks], broken: true };
  return { chunks: breaks.length === 0 ? [' '] : breaks, broken: true };
}

/** `expectation, but found CHARACTER`. */
export function unexpected(cursor: Cursor, expectation: string, context: Context, ahead = 0): Refusal {
  return new Refusal(
    `${expectation}, but found ${pythonRepr(cursor.character(ahead))}`,
    cursor.mark(),
    context,
  );
}

function isSpaceOrTab(code: number): boolean {
  return code === CHAR.space || code === CHAR.tab;
}

/** One of `[]{}`. */
function isBracket(code: number): boolean {
  return code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

export function lengthWhile(cursor: Cursor, holds: (code: number) => boolean): number {
  let length = 0;
  while (holds(cursor.peek(length))) length += 1;
  return length;
}
