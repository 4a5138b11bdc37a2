import { formatNumber } from './expression.ts';
import { matchInTime } from './regular-expression.ts';

/** Functions that need nothing but their arguments, as Asterisk 22 computes them. */
export const PURE_FUNCTIONS: Readonly<Record<string, (args: string) => string>> = {
  LEN: (args) => String(args.length),
  ISNULL: (args) => (args === '' ? '1' : '0'),
  EXISTS: (args) => (args === '' ? '0' : '1'),
  IF: choose,
  TOUPPER: (args) => args.replace(/[a-z]/g, (char) => char.toUpperCase()),
  TOLOWER: (args) => args.replace(/[A-Z]/g, (char) => char.toLowerCase()),
  QUOTE: (args) => `"${args.replace(/["\\]/g, '\\$&')}"`,
  URIENCODE: (args) => encodeURIComponent(args),
  URIDECODE: decode,
  BASE64_ENCODE: (args) => Buffer.from(args).toString('base64'),
  BASE64_DECODE: (args) => Buffer.from(args, 'base64').toString(),
  FILTER: filter,
  REGEX: regex,
  MATH: math,
  ABS: (args) => formatNumber(Math.abs(Number(args) || 0)),
  MIN: (args) => formatNumber(Math.min(...args.split(',').map(Number))),
  MAX: (args) => formatNumber(Math.max(...args.split(',').map(Number))),
};

/** `IF(condition?yes:no)`. */
function choose(args: string): string {
  const question = args.indexOf('?');
  const condition = (question < 0 ? args : args.slice(0, question)).trim();
  const [yes = '', ...no] = (question < 0 ? '' : args.slice(question + 1)).split(':');
  return isYes(condition) ? yes.trim() : no.join(':').trim();
}

/** A condition of GotoIf, ExecIf and IF: a number that is not zero, or a text that is not empty. */
export function isYes(condition: string): boolean {
  const text = condition.trim();
  if (text === '') return false;
  return /^[+-]?\d/.test(text) ? Number.parseInt(text, 10) !== 0 : true;
}

function decode(args: string): string {
  try {
    return decodeURIComponent(args.replaceAll('+', ' '));
  } catch {
    return args;
  }
}

/** `FILTER(0-9a,text)`: only the named characters. */
function filter(args: string): string {
  const comma = args.indexOf(',');
  const allowed = args.slice(0, comma < 0 ? undefined : comma);
  const text = comma < 0 ? '' : args.slice(comma + 1);
  const chars = new Set<string>();
  const ranges = new Map<string, string>();
  for (let at = 0; at < allowed.length; at++) {
    let char = allowed.charAt(at);
    if (char === '\\') char = allowed.charAt(++at);
    if (allowed[at + 1] === '-' && at + 2 < allowed.length) {
      const last = allowed.charAt(at + 2);
      if (last > (ranges.get(char) ?? '')) ranges.set(char, last);
      at += 2;
    } else chars.add(char);
  }
  const known = new Map<string, boolean>();
  const isAllowed = (char: string): boolean =>
    chars.has(char) || [...ranges].some(([from, to]) => from <= char && char <= to);
  return Array.from(text, (char) => {
    const allows = known.get(char) ?? isAllowed(char);
    known.set(char, allows);
    return allows ? char : '';
  }).join('');
}

/** `REGEX("expression" text)`. */
function regex(args: string): string {
  const match = /^\s*"((?:[^"\\]|\\.)*)"\s?(.*)$/s.exec(args);
  if (match === null) return '0';
  return (matchInTime(match[1] ?? '', match[2] ?? '') ?? null) === null ? '0' : '1';
}

/** `MATH(3*4,int)`; a floating number by default. */
function math(args: string): string {
  const [operation = '', kind = 'float'] = args.split(',').map((part) => part.trim());
  const match = /^\s*(-?[\d.]+)\s*(\+|-|\*|\/|%|\^|<<|>>|<=|>=|==|<|>|AND|OR|XOR)\s*(-?[\d.]+)\s*$/i.exec(
    operation,
  );
  if (match === null) return '';
  const [a, b] = [Number(match[1]), Number(match[3])];
  const compared = { '<': a < b, '>': a > b, '<=': a <= b, '>=': a >= b, '==': a === b }[match[2] ?? ''];
  if (compared !== undefined) return compared ? 'TRUE' : 'FALSE';
  const value = calculate(a, (match[2] ?? '').toUpperCase(), b);
  if (/^i/i.test(kind)) return String(Math.trunc(value));
  if (/^h/i.test(kind)) return Math.trunc(value).toString(16);
  if (/^c/i.test(kind)) return String.fromCharCode(Math.trunc(value));
  return value.toFixed(6);
}

function calculate(a: number, operator: string, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? 0 : a / b;
    case '%':
      return b === 0 ? 0 : Math.trunc(a) % Math.trunc(b);
    case '^':
      return a ** b;
    case '<<':
      return Math.trunc(a) << Math.trunc(b);
    case '>>':
      return Math.trunc(a) >> Math.trunc(b);
    case 'AND':
      return Math.trunc(a) & Math.trunc(b);
    case 'OR':
      return Math.trunc(a) | Math.trunc(b);
    default:
      return Math.trunc(a) ^ Math.trunc(b);
  }
}
