/** The Python value of a scalar, as PyYAML's SafeConstructor (constructor.py) makes it, in text form. */

export type ScalarKind = 'string' | 'integer' | 'float' | 'boolean' | 'null' | 'timestamp' | 'binary';

/** Digits of a number; Python takes no more of a decimal one. */
const DIGITS = 4300;

const CONSTRUCTORS: Readonly<Record<string, (text: string) => Scalar | undefined>> = {
  null: () => ({ kind: 'null', python: 'None' }),
  bool: (text) => {
    const lower = text.toLowerCase();
    if (['yes', 'true', 'on'].includes(lower)) return { kind: 'boolean', python: 'True' };
    return ['no', 'false', 'off'].includes(lower) ? { kind: 'boolean', python: 'False' } : undefined;
  },
  int: (text) => {
    const value = integer(text);
    return value === undefined ? undefined : { kind: 'integer', python: value.toString() };
  },
  float: (text) => {
    const value = float(text);
    return value === undefined ? undefined : { kind: 'float', python: floatText(value) };
  },
  timestamp: (text) => {
    const python = timestamp(text);
    return python === undefined ? undefined : { kind: 'timestamp', python };
  },
  binary: (text) => {
    const bytes = base64(text);
    return bytes === undefined ? undefined : { kind: 'binary', python: bytesText(bytes) };
  },
  str: (text) => ({ kind: 'string', python: text }),
};

export interface Scalar {
  readonly kind: ScalarKind;
  /** `str()` of the value in Python. */
  readonly python: string;
}

/** Whether `safe_load` makes a scalar of this type (`int`, `str`, …). */
export function isScalarType(type: string): boolean {
  return Object.hasOwn(CONSTRUCTORS, type);
}

/** The value of a text as this type; undefined where PyYAML fails. */
export function scalarOf(type: string, text: string): Scalar | undefined {
  return CONSTRUCTORS[type]?.(text);
}

function integer(text: string): bigint | undefined {
  const plain = text.replaceAll('_', '');
  const sign = plain.startsWith('-') ? -1n : 1n;
  const digits = /^[-+]/.test(plain) ? plain.slice(1) : plain;
  const value = unsigned(digits);
  return value === undefined ? undefined : sign * value;
}

function unsigned(digits: string): bigint | undefined {
  if (digits.startsWith('0b')) return pythonInt(digits.slice(2), 2);
  if (digits.startsWith('0x')) return pythonInt(digits.slice(2), 16);
  if (digits === '0') return 0n;
  if (digits.startsWith('0')) return pythonInt(digits, 8);
  if (!digits.includes(':')) return pythonInt(digits, 10);
  let sum = 0n;
  for (const part of digits.split(':')) {
    const value = pythonInt(part, 10);
    if (value === undefined) return undefined;
    sum = sum * 60n + value;
  }
  return sum;
}

const BASES = {
  2: ['0b', /^[01]+$/],
  8: ['0o', /^[0-7]+$/],
  10: ['', /^[0-9]+$/],
  16: ['0x', /^[0-9a-f]+$/],
} as const;

/** `int(text, base)` in Python: blanks around it, a sign, and the base's own prefix are fine. */
function pythonInt(text: string, base: keyof typeof BASES): bigint | undefined {
  const [prefix, pattern] = BASES[base];
  const [, sign, rest = ''] = /^([-+]?)(.*)$/s.exec(asciiDigits(text.trim()).toLowerCase()) ?? [];
  const digits = prefix !== '' && rest.startsWith(prefix) ? rest.slice(2) : rest;
  if (!pattern.test(digits) || digits.length > DIGITS) return undefined;
  const value = BigInt(prefix + digits);
  return sign === '-' ? -value : value;
}

/** Digits of all scripts are digits to Python. */
function asciiDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let before = 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1;
    return String(before % 10);
  });
}

function float(text: string): number | undefined {
  const plain = text.replaceAll('_', '').toLowerCase();
  if (plain === '') return undefined;
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = /^[-+]/.test(plain) ? plain.slice(1) : plain;
  if (digits === '.inf') return sign * Infinity;
  if (digits === '.nan') return NaN;
  let sum = 0;
  let base = 1;
  for (const part of digits.split(':').toReversed()) {
    const value = pythonFloat(part);
    if (value === undefined) return undefined;
    // as PyYAML adds them up, or the last digits differ
    sum = digits.includes(':') ? sum + value * base : value;
    base *= 60;
  }
  return sign * sum;
}

function pythonFloat(text: string): number | undefined {
  const plain = asciiDigits(text.trim());
  if (/^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?$/.test(plain)) return Number(plain);
  if (/^[-+]?nan$/.test(plain)) return NaN;
  const [, sign] = /^([-+]?)inf(?:inity)?$/.exec(plain) ?? [];
  if (sign === undefined) return undefined;
  return sign === '-' ? -Infinity : Infinity;
}

/** `repr()` of a float: the shortest digits that give it back, exponents from 1e16 and below 1e-4. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    const sign = exponent.startsWith('-') ? '-' : '+';
    return `${digits}e${sign}${exponent.replace(/^[-+]/, '').padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

const TIMESTAMP =
  /^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})(?:(?:[Tt]|[ \t]+)(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.(?<fraction>[0-9]*))?(?:[ \t]*(?<zone>Z|(?<sign>[-+])(?<zoneHour>[0-9]{1,2})(?::(?<zoneMinute>[0-9]{2}))?))?)?\n?$/;

/** `2024-01-02`, or `2024-01-02 03:04:05.000006+07:08`. */
function timestamp(text: string): string | undefined {
  const found = TIMESTAMP.exec(text)?.groups;
  if (found === undefined) return undefined;
  const [year, month, day] = [Number(found['year']), Number(found['month']), Number(found['day'])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  const date = `${found['year']}-${two(month)}-${two(day)}`;
  if (found['hour'] === undefined) return date;
  const [hour, minute, second] = [Number(found['hour']), Number(found['minute']), Number(found['second'])];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const micro = Number((found['fraction'] ?? '').slice(0, 6).padEnd(6, '0'));
  const time = `${date} ${two(hour)}:${two(minute)}:${two(second)}`;
  const precise = micro === 0 ? time : `${time}.${String(micro).padStart(6, '0')}`;
  if (found['zone'] === undefined) return precise;
  const offset = Number(found['zoneHour'] ?? 0) * 60 + Number(found['zoneMinute'] ?? 0);
  if (offset >= 24 * 60) return undefined;
  const sign = found['sign'] === '-' && offset > 0 ? '-' : '+';
  return `${precise}${sign}${two(Math.floor(offset / 60))}:${two(offset % 60)}`;
}

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Python's lenient base64: what is no letter of it is skipped, and padding ends it. */
function base64(text: string): Buffer | undefined {
  // oxlint-disable-next-line no-control-regex
  if (!/^[\x00-\x7f]*$/.test(text)) return undefined;
  let letters = '';
  let pads = 0;
  for (const character of text) {
    if (character === '=') {
      pads += 1;
      if (letters.length % 4 >= 2 && (letters.length % 4) + pads >= 4) return Buffer.from(letters, 'base64');
    } else if (/[A-Za-z0-9+/]/.test(character)) {
      letters += character;
      pads = 0;
    }
  }
  return letters.length % 4 === 0 ? Buffer.from(letters, 'base64') : undefined;
}

/** `repr()` of bytes. */
function bytesText(bytes: Buffer): string {
  const escapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };
  const text = bytes.toString('latin1');
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replaceAll(/[^\x20-\x5b\x5d-\x7e]|["']/g, (one) => {
    if (one === '"' || one === "'") return one === quote ? `\\${one}` : one;
    return escapes[one] ?? `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `b${quote}${inner}${quote}`;
}
