/** The language of `$[ ]`. */

import { matchInTime } from './regular-expression.ts';

type Value = string;

interface Token {
  readonly kind: 'operator' | 'text';
  readonly text: string;
}

const OPERATORS = [
  '::',
  '==',
  '!=',
  '<=',
  '>=',
  '=~',
  '~~',
  '=',
  '<',
  '>',
  '|',
  '&',
  '+',
  '-',
  '*',
  '/',
  '%',
  '?',
  ':',
  '!',
  '(',
  ')',
];
const BINARY: Readonly<Record<string, number>> = {
  '|': 2,
  '&': 3,
  '=': 4,
  '==': 4,
  '!=': 4,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
  ':': 8,
  '=~': 8,
  '~~': 9,
};

/** The value of an expression; after a syntax error, what came before it, or 0. */
export function evaluate(text: string): string {
  const tokens = tokenize(text);
  if (tokens.length === 0) return '';
  const parser = new Parser(tokens);
  try {
    return unquoted(parser.ternary());
  } catch (error) {
    if (error instanceof SyntaxError) return '0';
    throw error;
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    const operator = OPERATORS.find((one) => text.startsWith(one, at));
    if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator });
      at += operator.length;
      continue;
    }
    if (text[at] === '"') {
      const end = text.indexOf('"', at + 1);
      if (end < 0) return [{ kind: 'operator', text: ')' }];
      tokens.push({ kind: 'text', text: text.slice(at, end + 1) });
      at = end + 1;
      continue;
    }
    const word = /^[^\s"|&=!<>+*/%?:()~-]+/.exec(text.slice(at))?.[0] ?? text.charAt(at);
    // words without an operator between them are a syntax error; the parser sees two texts
    tokens.push({ kind: 'text', text: word });
    at += word.length;
  }
  return tokens;
}

/** Levels of parentheses and signs. */
const DEPTH = 200;

class Parser {
  private at = 0;
  private depth = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  ternary(): Value {
    const condition = this.binary(2);
    if (!this.take('?')) return condition;
    const yes = this.ternary();
    if (!this.take('::')) throw new SyntaxError();
    const no = this.ternary();
    return isTrue(condition) ? yes : no;
  }

  private binary(level: number): Value {
    let left = this.unary();
    for (;;) {
      const token = this.tokens[this.at];
      const strength = token?.kind === 'operator' ? BINARY[token.text] : undefined;
      if (token === undefined || strength === undefined || strength < level) return left;
      this.at++;
      left = apply(token.text, left, this.binary(strength + 1));
    }
  }

  private unary(): Value {
    if (this.depth >= DEPTH) throw new SyntaxError();
    this.depth++;
    const value = this.operand();
    this.depth--;
    return value;
  }

  private operand(): Value {
    if (this.take('-')) return formatNumber(-toNumber(this.unary()));
    if (this.take('!')) return isTrue(this.unary()) ? '0' : '1';
    if (this.take('(')) {
      const value = this.ternary();
      if (!this.take(')')) throw new SyntaxError();
      return value;
    }
    const token = this.tokens[this.at];
    if (token === undefined || token.kind === 'operator') throw new SyntaxError();
    this.at++;
    return token.text;
  }

  private take(operator: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'operator' || token.text !== operator) return false;
    this.at++;
    return true;
  }
}

function apply(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case '|':
      return isTrue(left) ? left : right;
    case '&':
      return isTrue(left) && isTrue(right) ? left : '0';
    case '~~':
      return unquoted(left) + unquoted(right);
    case ':':
    case '=~':
      return search(unquoted(left), unquoted(right), operator === ':');
    case '+':
      return formatNumber(toNumber(left) + toNumber(right));
    case '-':
      return formatNumber(toNumber(left) - toNumber(right));
    case '*':
      return formatNumber(toNumber(left) * toNumber(right));
    case '/':
      return toNumber(right) === 0 ? '0' : formatNumber(toNumber(left) / toNumber(right));
    case '%':
      return toNumber(right) === 0
        ? '0'
        : formatNumber(Math.trunc(toNumber(left)) % Math.trunc(toNumber(right)));
    default:
      return compare(operator, left, right) ? '1' : '0';
  }
}

function compare(operator: string, left: Value, right: Value): boolean {
  // quotes belong to the text: "abc" is not abc
  const order =
    isNumber(left) && isNumber(right) ? toNumber(left) - toNumber(right) : compareBytes(left, right);
  switch (operator) {
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '!=':
      return order !== 0;
    default:
      return order === 0;
  }
}

function compareBytes(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A match gives its first group, or its length; no match gives an empty text or 0. */
function search(text: string, expression: string, anchored: boolean): Value {
  const match = matchInTime(expression, text);
  if (match === undefined) throw new SyntaxError();
  const found = match !== null && (!anchored || match.index === 0);
  if (/(?<!\\)\((?!\?)/.test(expression)) return found ? (match[1] ?? '') : '';
  return found ? String(match[0].length) : '0';
}

function isTrue(value: Value): boolean {
  const text = unquoted(value);
  if (text === '') return false;
  return isNumber(text) ? toNumber(text) !== 0 : true;
}

function isNumber(text: string): boolean {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
}

function toNumber(value: Value): number {
  const text = unquoted(value);
  return isNumber(text) ? Number(text) : 0;
}

export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value === 0 ? 0 : value);
  return String(Number(value.toPrecision(15)));
}

function unquoted(value: Value): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
