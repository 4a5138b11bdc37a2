/** A position that moves over a text as the reader of PyYAML (reader.py) moves: a port of it. */

import { Refusal, type Mark } from './refusal.ts';

const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Codes of the characters that have a meaning. */
export const CHAR = {
  end: 0,
  tab: 9,
  newline: 10,
  return: 13,
  space: 32,
  hash: 35,
  percent: 37,
  quote: 39,
  doubleQuote: 34,
  comma: 44,
  dash: 45,
  dot: 46,
  colon: 58,
  question: 63,
  backslash: 92,
  bom: 0xfeff,
} as const;

/** Refuses characters that PyYAML takes for binary. */
export function refuseUnprintable(text: string): void {
  const found = UNPRINTABLE.exec(text);
  if (found === null) return;
  const cursor = new Cursor(text);
  cursor.forward(found.index);
  const code = (found[0].codePointAt(0) ?? 0).toString(16).padStart(4, '0');
  throw new Refusal(`unacceptable character #x${code}: special characters are not allowed`, cursor.mark());
}

export class Cursor {
  readonly text: string;
  offset = 0;
  line = 0;
  column = 0;
  /** Characters so far, as Python counts them. */
  index = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Code of a character ahead; 0 at the end. */
  peek(ahead = 0): number {
    const at = this.offset + ahead;
    return at < this.text.length ? this.text.charCodeAt(at) : CHAR.end;
  }

  forward(length = 1): void {
    for (let left = length; left > 0; left -= 1) {
      const code = this.peek();
      this.offset += 1;
      if (isLowSurrogate(code)) continue;
      this.index += 1;
      if ((isBreak(code) && code !== CHAR.return) || (code === CHAR.return && this.peek() !== CHAR.newline)) {
        this.line += 1;
        this.column = 0;
      } else if (code !== CHAR.bom) {
        this.column += 1;
      }
    }
  }

  /** Steps over characters and returns them. */
  take(length: number): string {
    const taken = this.text.slice(this.offset, this.offset + length);
    this.forward(length);
    return taken;
  }

  mark(): Mark {
    return { offset: this.offset, line: this.line, column: this.column };
  }

  /** The character that stands here, as Python's `repr()` takes it; NUL at the end. */
  character(ahead = 0): string {
    const code = this.text.codePointAt(this.offset + ahead);
    return code === undefined ? '\0' : String.fromCodePoint(code);
  }

  skipSpaces(): void {
    while (this.peek() === CHAR.space) this.forward();
  }

  skipComment(): void {
    if (this.peek() !== CHAR.hash) return;
    while (!isBreakOrEnd(this.peek())) this.forward();
  }

  /** Steps over a line break and returns what it stands for; nothing where there is none. */
  lineBreak(): string {
    const code = this.peek();
    if (code === CHAR.return && this.peek(1) === CHAR.newline) {
      this.forward(2);
      return '\n';
    }
    if (!isBreak(code)) return '';
    this.forward();
    return code > 0xff ? String.fromCharCode(code) : '\n';
  }

  /** `---` or `...`, and then a blank, a break or the end. */
  isSeparator(): boolean {
    const code = this.peek();
    if (code !== CHAR.dash && code !== CHAR.dot) return false;
    return this.peek(1) === code && this.peek(2) === code && isBlankOrEnd(this.peek(3));
  }
}

export function isBreak(code: number): boolean {
  return code === CHAR.newline || code === CHAR.return || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBreakOrEnd(code: number): boolean {
  return code === CHAR.end || isBreak(code);
}

/** A space, a break or the end; no tab. */
export function isSpaceOrEnd(code: number): boolean {
  return code === CHAR.space || isBreakOrEnd(code);
}

/** A space, a tab, a break or the end. */
export function isBlankOrEnd(code: number): boolean {
  return code === CHAR.tab || isSpaceOrEnd(code);
}

/** A letter of ASCII, a digit, `-` or `_`. */
export function isWord(code: number): boolean {
  return (
    isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 95
  );
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isHexadecimal(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
