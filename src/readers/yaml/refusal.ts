/** A place in a text: `column` counts characters as Python does, `offset` those of a JavaScript string. */
export interface Mark {
  readonly offset: number;
  /** From 0. */
  readonly line: number;
  readonly column: number;
}

/** The reader's place when it gave up. */
export interface Context {
  readonly doing: string;
  readonly mark: Mark;
}

/** Why PyYAML refuses a text, in PyYAML's words; without a mark where PyYAML names no place. */
export class Refusal extends Error {
  readonly mark: Mark | undefined;
  readonly context: Context | undefined;
  /** A bound of ours, that PyYAML does not have. */
  readonly isBound: boolean = false;

  constructor(message: string, mark: Mark | undefined, context?: Context) {
    super(message);
    this.mark = mark;
    this.context = context;
  }
}

/** Why we refuse what PyYAML would read, at the cost of memory without bound. */
export class Bound extends Refusal {
  override readonly isBound = true;
}

/** `repr()` of a string in Python. */
export function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replaceAll(/[\\'"]|[\p{C}\p{Z}]/gu, (one) => {
    if (one === ' ' || ((one === "'" || one === '"') && one !== quote)) return one;
    return (
      ESCAPES[one] ?? (one === '\\' || one === quote ? `\\${one}` : hexadecimal(one.codePointAt(0) ?? 0))
    );
  });
  return quote + inner + quote;
}

const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function hexadecimal(code: number): string {
  const digits = code.toString(16);
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
