/**
 * How PyYAML's SafeLoader types a plain scalar: YAML 1.1 with PyYAML's own choices (`y` and `n` stay text, a
 * float needs a point). Source: PyYAML, implicit resolvers.
 */

export type ScalarKind = 'string' | 'integer' | 'float' | 'boolean' | 'null' | 'timestamp';

const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

/** The type that PyYAML gives a scalar without quotes. */
export function plainKind(text: string): ScalarKind {
  if (NULL.test(text)) return 'null';
  if (BOOLEAN.test(text)) return 'boolean';
  if (FLOAT.test(text)) return 'float';
  if (INTEGER.test(text)) return 'integer';
  return TIMESTAMP.test(text) ? 'timestamp' : 'string';
}

/** What Python's `str()` makes of the value that PyYAML reads from a plain scalar. */
export function pythonText(kind: ScalarKind, text: string): string {
  switch (kind) {
    case 'null':
      return 'None';
    case 'boolean':
      return /^(?:yes|true|on)$/i.test(text) ? 'True' : 'False';
    case 'float':
      return floatText(text);
    case 'integer':
      return integerValue(text).toString();
    default:
      return text;
  }
}

function integerValue(text: string): bigint {
  const plain = text.replaceAll('_', '');
  const sign = plain.startsWith('-') ? -1n : 1n;
  const digits = plain.replace(/^[-+]/, '');
  if (digits.startsWith('0b')) return sign * BigInt(digits);
  if (digits.startsWith('0x')) return sign * BigInt(digits);
  if (/^0\d/.test(digits)) return sign * BigInt(`0o${digits.slice(1)}`);
  if (!digits.includes(':')) return sign * BigInt(digits === '' ? 0 : digits);
  return sign * digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
}

function floatText(text: string): string {
  const plain = text.replaceAll('_', '').toLowerCase();
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = plain.replace(/^[-+]/, '');
  if (digits === '.inf') return sign < 0 ? '-inf' : 'inf';
  if (digits === '.nan') return 'nan';
  const value = digits.includes(':')
    ? digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
    : Number(digits);
  return pythonFloat(sign * value);
}

/** `repr()` of a float: the shortest digits that give it back, exponents from 1e16 and below 1e-4. */
function pythonFloat(value: number): string {
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
