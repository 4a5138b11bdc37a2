import type { RejectionCode } from './rejection-table.ts';

/** Where the parts of a text come from when its `${...}` and `$[...]` are replaced. */
export interface Surroundings {
  /** The value of a variable; undefined when it is not set. */
  variable(name: string): string | undefined;
  /** The value of `NAME(args)`; undefined when there is no such function. */
  call?(name: string, args: string): string | undefined;
  /** The value of what stands in `$[ ]`. */
  expression?(text: string): string;
  /** Messages that Asterisk would log. */
  report?(code: RejectionCode, fields: Record<string, string>): void;
}

/** Characters of a text that Asterisk's own buffers hold; what is longer is cut off. */
const LONGEST = 8190;

/** Levels of `${${…}}` and `$[$[…]]` that are replaced; deeper ones give nothing. */
const DEPTH = 40;

/** Replaces `${NAME}`, `${NAME:1:2}`, `${FUNCTION(args)}` and `$[expression]`, the inner ones first. */
export function substitute(text: string, from: Surroundings): string {
  if (nextDollar(text, 0) < 0) return text;
  return replaced({ text, closings: closingsIn(text), from }, 0, text.length, 0);
}

interface Reading {
  readonly text: string;
  readonly closings: ReadonlyMap<number, number>;
  readonly from: Surroundings;
}

/** The part of the text from `start` to `end`, replaced. */
function replaced(reading: Reading, start: number, end: number, depth: number): string {
  const { text, closings, from } = reading;
  if (depth > DEPTH) return '';
  let out = '';
  let at = start;
  for (let dollar = nextDollar(text, at); dollar >= 0 && dollar + 1 < end; dollar = nextDollar(text, at)) {
    out += text.slice(at, dollar);
    const isVariable = text[dollar + 1] === '{';
    const closing = closings.get(dollar) ?? end;
    const isClosed = closing < end;
    if (!isClosed) from.report?.('dialplan-bad-expression', { value: isVariable ? '}' : ']' });
    const inner = replaced(reading, dollar + 2, Math.min(closing, end), depth + 1);
    out += isVariable ? variable(inner, from) : (from.expression?.(inner) ?? '');
    if (out.length > LONGEST) return out.slice(0, LONGEST);
    at = isClosed ? closing + 1 : end;
  }
  return out + text.slice(at, end);
}

function nextDollar(text: string, from: number): number {
  for (let at = text.indexOf('$', from); at >= 0; at = text.indexOf('$', at + 1)) {
    if (text[at + 1] === '{' || text[at + 1] === '[') return at;
  }
  return -1;
}

/** Where each `${` and `$[` is closed; braces and brackets are counted apart. */
function closingsIn(text: string): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const braces: number[] = [];
  const brackets: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{' && text[at - 1] === '$') braces.push(at - 1);
    else if (char === '[') brackets.push(at - 1);
    else if (char === '}' || char === ']') {
      const opening = (char === '}' ? braces : brackets).pop();
      if (opening !== undefined) found.set(opening, at);
    }
  }
  return found;
}

function variable(inner: string, from: Surroundings): string {
  const { name, offset, length } = cutSlice(inner);
  const open = name.indexOf('(');
  if (open < 0) return slice(from.variable(name) ?? '', offset, length);
  const close = name.lastIndexOf(')');
  if (close < open) from.report?.('dialplan-unclosed-function', { value: name });
  const args = name.slice(open + 1, close < open ? name.length : close);
  const value = from.call?.(name.slice(0, open), args);
  if (value === undefined) from.report?.('dialplan-unknown-function', { value: name.slice(0, open) });
  return slice(value ?? '', offset, length);
}

/** The offset and length of `name:offset:length`, outside of parentheses. */
function cutSlice(text: string): { name: string; offset: number; length: number | undefined } {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === ':' && depth === 0) {
      const match = /^(-?\d+)(?::(-?\d+))?/.exec(text.slice(at + 1));
      if (match === null) return { name: text.slice(0, at), offset: 0, length: undefined };
      const length = match[2] === undefined ? undefined : Number(match[2]);
      return { name: text.slice(0, at), offset: Number(match[1]), length };
    }
  }
  return { name: text, offset: 0, length: undefined };
}

/** `${NAME:offset:length}`: a negative offset counts from the end, a negative length leaves that many off. */
function slice(value: string, offset: number, length: number | undefined): string {
  if (offset === 0 && length === undefined) return value;
  const start = offset < 0 ? Math.max(0, value.length + offset) : offset;
  if (length === undefined) return value.slice(start);
  return value.slice(start, length < 0 ? Math.max(start, value.length + length) : start + length);
}
