import { encodeOctets } from './octets.ts';

/** Extension names and patterns: which are the same, which comes first, which matches a number. */

/** One position of a pattern: the characters that it takes. */
interface PatternElement {
  /** `.` takes one or more of anything, `!` none or more, `set` one character of `chars`. */
  readonly kind: 'set' | 'some' | 'any' | 'end';
  readonly chars: string;
  /** Asterisk's order: fewer characters first, then the lower first character. */
  readonly weight: number;
}

const SOME: PatternElement = { kind: 'some', chars: '', weight: 0x18000 };
const ANY: PatternElement = { kind: 'any', chars: '', weight: 0x28000 };
const END: PatternElement = { kind: 'end', chars: '', weight: 0x30000 };

export function isPattern(name: string): boolean {
  return name.startsWith('_');
}

/** A name without the dashes that only serve the eye; those in brackets stay. */
export function withoutDashes(name: string): string {
  if (!name.includes('-')) return name;
  let out = '';
  let bracket = false;
  for (const char of name) {
    if (char === '[') bracket = true;
    else if (char === ']') bracket = false;
    if (char !== '-' || (bracket && isPattern(name))) out += char;
  }
  return out;
}

interface ParsedPattern {
  readonly elements: readonly PatternElement[];
  /** As extensionKey gives it. */
  readonly key: string;
}

const parsed = new Map<string, ParsedPattern>();
/** Characters of the names and keys that are kept. */
let kept = 0;
const KEPT = 8_000_000;

/** The positions of a pattern (`_` and dashes are passed over). */
function patternElements(name: string): readonly PatternElement[] {
  return parsePattern(name).elements;
}

function parsePattern(name: string): ParsedPattern {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  const read = readPattern(name);
  kept += name.length + read.key.length + 40 * read.elements.length;
  if (kept > KEPT) {
    parsed.clear();
    kept = 0;
  }
  parsed.set(name, read);
  return read;
}

function readPattern(name: string): ParsedPattern {
  const elements = readElements(name);
  return { elements, key: `_${elements.map(({ weight, chars }) => `${weight}:${chars}`).join(',')}` };
}

function readElements(name: string): readonly PatternElement[] {
  const elements: PatternElement[] = [];
  const text = asBytes(name);
  for (let at = 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '-') continue;
    if (char === '[') {
      const close = text.indexOf(']', at);
      if (close < 0) {
        elements.push({ kind: 'end', chars: '', weight: 0x40000 });
        break;
      }
      const chars = bracketChars(text.slice(at + 1, close));
      // a set without a character is passed over
      if (chars !== '') elements.push(setElement(chars));
      at = close;
    } else elements.push(plainElement(char));
  }
  return elements;
}

function plainElement(char: string): PatternElement {
  switch (char) {
    case 'X':
    case 'x':
      return setElement('0123456789');
    case 'Z':
    case 'z':
      return setElement('123456789');
    case 'N':
    case 'n':
      return setElement('23456789');
    case '.':
      return SOME;
    case '!':
      return ANY;
    default:
      return setElement(char);
  }
}

function setElement(chars: string): PatternElement {
  return { kind: 'set', chars, weight: (chars.length << 8) | chars.charCodeAt(0) };
}

/** `2-4a` → `234a`, in the order of the codes, each once. */
function bracketChars(inside: string): string {
  const chars = new Set<string>();
  for (let at = 0; at < inside.length; at++) {
    const first = inside.charCodeAt(at);
    if (inside[at + 1] === '-' && at + 2 < inside.length) {
      const last = inside.charCodeAt(at + 2);
      for (let code = first; code <= last; code++) chars.add(String.fromCharCode(code));
      at += 2;
    } else chars.add(inside.charAt(at));
  }
  return [...chars].sort().join('');
}

/** Two names with the same key are one extension to Asterisk. */
export function extensionKey(name: string): string {
  if (!isPattern(name)) return withoutDashes(name);
  return parsePattern(name).key;
}

/** Asterisk's order in a context: names by their bytes, then patterns, the more particular first. */
export function compareNames(a: string, b: string): number {
  const [left, right] = [isPattern(a), isPattern(b)];
  if (left !== right) return left ? 1 : -1;
  if (!left) return compareText(withoutDashes(a), withoutDashes(b));
  const [as, bs] = [patternElements(a), patternElements(b)];
  for (let at = 0; at < Math.max(as.length, bs.length); at++) {
    const [x, y] = [as[at] ?? END, bs[at] ?? END];
    if (x.weight !== y.weight) return x.weight - y.weight;
    if (x.chars !== y.chars) return x.chars < y.chars ? -1 : 1;
  }
  return 0;
}

/** One character for each byte: Asterisk's patterns take bytes. */
function asBytes(text: string): string {
  return isAscii(text) ? text : String.fromCharCode(...encodeOctets(text));
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}

/** C's order of strings, in which a byte above 127 is negative. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (isAscii(a) && isAscii(b)) return a < b ? -1 : 1;
  const [left, right] = [Int8Array.from(encodeOctets(a)), Int8Array.from(encodeOctets(b))];
  for (let at = 0; at < left.length || at < right.length; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Does an extension's name or pattern take this number? A dash in the number counts for nothing. */
export function matches(name: string, number: string): boolean {
  if (name === number) return true;
  if (!isPattern(name)) return withoutDashes(name) === number.replaceAll('-', '');
  return takes(parsePattern(name), dialled(number));
}

/** A number that many patterns are tried on. */
export interface Dialled {
  readonly digits: string;
  /** Of a number that is itself spelt as a pattern. */
  readonly key: string | undefined;
}

export function dialled(number: string): Dialled {
  return {
    digits: asBytes(number.replaceAll('-', '')),
    key: isPattern(number) ? extensionKey(number) : undefined,
  };
}

/** Whether a pattern that is read once takes a number. */
export function patternMatcher(name: string): (number: Dialled) => boolean {
  const pattern = readPattern(name);
  return (number) => takes(pattern, number);
}

function takes({ elements, key }: ParsedPattern, { digits, key: spelt }: Dialled): boolean {
  // a pattern takes another spelling of itself: that is how labels are looked up
  if (spelt === key) return true;
  for (let at = 0; at < elements.length; at++) {
    const element = elements[at] ?? END;
    if (element.kind === 'any') return true;
    if (element.kind === 'some') return digits.length > at;
    const char = digits[at];
    if (char === undefined || !element.chars.includes(char)) return false;
  }
  return digits.length === elements.length;
}

/** Positions of a name or a pattern; a name is a pattern of single characters. */
function positionsOf(name: string): readonly PatternElement[] {
  if (isPattern(name)) return patternElements(name);
  return Array.from(asBytes(withoutDashes(name)), setElement);
}

/** Some numbers that both extensions take: few, and as unlike as their sets allow; none when no number is. */
export function sharedNumbers(a: string, b: string): readonly string[] {
  const [left, right] = [positionsOf(a), positionsOf(b)];
  const found = CHOICES.map((choice) => sharedNumber(left, right, choice));
  return [...new Set(found)].filter((one) => one !== undefined);
}

interface Choice {
  /** Which of the characters that fit a position: the first, the last, one in between, or either in turn. */
  readonly pick: (last: number, at: number) => number;
  /** How many characters follow where any number may. */
  readonly more: number;
}

const CHOICES: readonly Choice[] = [
  { pick: () => 0, more: 1 },
  { pick: (last) => last, more: 2 },
  { pick: (last) => last >> 1, more: 3 },
  { pick: (last, at) => (at % 2 === 0 ? last : 0), more: 9 },
];

function sharedNumber(
  a: readonly PatternElement[],
  b: readonly PatternElement[],
  { pick, more }: Choice,
): string | undefined {
  let text = '';
  for (let at = 0; ; at++) {
    const [left, right] = [elementAt(a, at), elementAt(b, at)];
    // an unclosed bracket takes nothing
    if ((left?.weight ?? 0) > END.weight || (right?.weight ?? 0) > END.weight) return undefined;
    if (left === undefined || right === undefined) {
      const rest = left ?? right;
      return rest === undefined || rest.kind === 'any' ? text : undefined;
    }
    const [free, other] = left.kind === 'set' ? [right, left] : [left, right];
    if (free.kind === 'set') {
      const shared = Array.from(other.chars).filter((char) => free.chars.includes(char));
      const char = shared[pick(shared.length - 1, at)];
      if (char === undefined) return undefined;
      text += char;
    } else if (other.kind === 'set') text += other.chars.charAt(pick(other.chars.length - 1, at));
    else {
      const least = free.kind === 'any' && other.kind === 'any' ? more - 1 : more;
      return text + String(pick(9, at)).repeat(least);
    }
  }
}

/** The element at a position; `.` and `!` go on for ever, and may end behind their first or before it. */
function elementAt(elements: readonly PatternElement[], at: number): PatternElement | undefined {
  const open = elements.findIndex(({ kind }) => kind === 'some' || kind === 'any');
  if (open < 0 || at <= open) return elements[at];
  return ANY;
}

/** Does what stands behind `/` in an extension take a caller's number? A caller without one only matches nothing. */
export function matchesCaller(pattern: string, number: string): boolean {
  return number === '' ? pattern === '' : matches(pattern, number);
}
