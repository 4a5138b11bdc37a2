/** The parts of a line behind `exten =>` and `same =>`. */

/** Cuts at the next comma that is neither escaped nor in brackets; the rest is undefined when there is none. */
export function cutAtComma(text: string): [first: string, rest: string | undefined] {
  let comma = text.indexOf(',');
  if (comma < 0) return [text, undefined];
  // escapes and brackets are rare: only they make the slow way worth it
  const bracket = text.indexOf('[');
  const backslash = text.indexOf('\\');
  if ((bracket >= 0 && bracket < comma) || (backslash >= 0 && backslash < comma))
    comma = protectedComma(text);
  return comma < 0 ? [text, undefined] : [text.slice(0, comma), text.slice(comma + 1)];
}

function protectedComma(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '[') depth++;
    else if (char === ']') depth = Math.max(0, depth - 1);
    else if (char === ',' && depth === 0) return at;
  }
  return -1;
}

/** A caller's number as Asterisk shrinks it: without blanks, parentheses, dashes, and dots that are not at the end. */
export function shrinkNumber(text: string): string {
  let out = '';
  let depth = 0;
  for (const [at, char] of Array.from(text).entries()) {
    if (char === '[') depth++;
    else if (char === ']') depth--;
    const dropped =
      /[ ()]/.test(char) || (char === '.' && at < text.length - 1) || (char === '-' && depth <= 0);
    if (!dropped) out += char;
  }
  return out;
}

export interface PriorityText {
  /** Without label and addition, e.g. `n`, `1`, `hint`. */
  readonly text: string;
  readonly label?: string;
  /** The number behind `+`. */
  readonly plus?: number;
  /** The `)` of the label is missing. */
  readonly unclosed: boolean;
}

/** `n+2(label)`, `5`, `hint`; what stands behind the label is passed over. */
export function parsePriority(text: string): PriorityText {
  const open = text.indexOf('(');
  if (open < 0)
    return text.includes('+') ? { ...cutAtPlus(text), unclosed: false } : { text, unclosed: false };
  const close = text.indexOf(')', open);
  if (close < 0) return { text, unclosed: true };
  const label = text.slice(open + 1, close);
  const head = cutAtPlus(text.slice(0, open));
  return { ...head, unclosed: false, ...(label === '' ? {} : { label }) };
}

function cutAtPlus(text: string): { text: string; plus?: number } {
  const plus = text.indexOf('+');
  return plus < 0 ? { text } : { text: text.slice(0, plus), plus: toInteger(text.slice(plus + 1)) ?? 0 };
}

/** A number at the start of a text, as C reads it into 32 bits: `1x` is 1, `99999999999` wraps around. */
export function toInteger(text: string): number | undefined {
  const digits = /^[\t-\r ]*([+-]?\d{1,30})/.exec(text)?.[1];
  if (digits === undefined) return undefined;
  if (digits.length < 10) return Number(digits);
  const value = BigInt(digits.replace(/^\+/, ''));
  const limit = 2n ** 63n;
  const clamped = value >= limit ? limit - 1n : value < -limit ? -limit : value;
  return Number(BigInt.asIntN(32, clamped));
}

export interface ApplicationText {
  readonly app: string;
  readonly data: string;
  /** The `)` is missing. */
  readonly unclosed: boolean;
}

/**
 * `App(data)`; what stands behind the last `)` is dropped. Where a variable begins before the first `(`, as in the old
 * `App,data ${CALLERID(num)}`, Asterisk takes the whole text for the name.
 */
export function parseApplication(text: string): ApplicationText {
  const open = text.indexOf('(');
  if (open < 0) return { app: text, data: '', unclosed: false };
  const close = text.lastIndexOf(')');
  const app = text.slice(0, open);
  if (/\$[{[]/.test(app)) return { app: text, data: '', unclosed: false };
  if (close < open) return { app, data: text.slice(open + 1), unclosed: true };
  return { app, data: text.slice(open + 1, close), unclosed: false };
}
