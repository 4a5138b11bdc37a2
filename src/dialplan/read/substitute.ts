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

/** Replaces `${NAME}`, `${NAME:1:2}`, `${FUNCTION(args)}` and `$[expression]`, the inner ones first. */
export function substitute(text: string, from: Surroundings): string {
  let dollar = nextDollar(text, 0);
  if (dollar < 0) return text;
  let out = '';
  let start = 0;
  while (dollar >= 0) {
    out += text.slice(start, dollar);
    const open = text.charAt(dollar + 1);
    const close = open === '{' ? '}' : ']';
    const end = closingAt(text, dollar + 2, open, close);
    if (end < 0) from.report?.('dialplan-bad-expression', { value: close });
    const inner = text.slice(dollar + 2, end < 0 ? text.length : end);
    out += open === '{' ? variable(inner, from) : (from.expression?.(substitute(inner, from)) ?? '');
    start = end < 0 ? text.length : end + 1;
    dollar = nextDollar(text, start);
  }
  return out + text.slice(start);
}

function nextDollar(text: string, from: number): number {
  for (let at = text.indexOf('$', from); at >= 0; at = text.indexOf('$', at + 1)) {
    if (text[at + 1] === '{' || text[at + 1] === '[') return at;
  }
  return -1;
}

function closingAt(text: string, from: number, open: string, close: string): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === open && text[at - 1] === '$') depth++;
    else if (text[at] === open && open === '[') depth++;
    else if (text[at] === close && --depth === 0) return at;
  }
  return -1;
}

function variable(inner: string, from: Surroundings): string {
  const { name, offset, length } = cutSlice(substitute(inner, from));
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
