import { manifest } from '../examples.ts';
import { readFormatVersion } from '../../kinds/format-version.ts';
import type { Example, Hit, Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { describeNode, isScalar, valueOf, type YamlScalar } from '../../readers/yaml/node.ts';
import { manifestMap, onValue, placeIn, quoteEdit } from './manifest-fields.ts';

const VALIDATION = 'wazo-plugind, validating step';
const VERSION_KEYS = ['version', 'min_wazo_version', 'max_wazo_version'] as const;

type VersionKey = (typeof VERSION_KEYS)[number];

interface VersionValue {
  readonly key: VersionKey;
  readonly node: YamlScalar;
  readonly at: ReturnType<typeof placeIn>;
}

function versionsOf(subject: Subject): readonly VersionValue[] {
  const map = manifestMap(subject);
  if (map === undefined) return [];
  return VERSION_KEYS.flatMap((key) => {
    const node = valueOf(map.root, key);
    if (node === undefined || !isScalar(node)) return [];
    return [{ key, node, at: placeIn(map.file, node) }];
  });
}

function isNumber(node: YamlScalar): boolean {
  return node.kind === 'float' || node.kind === 'integer';
}

function bound(subject: Subject, key: VersionKey): string | undefined {
  return versionsOf(subject).find((value) => value.key === key && value.node.kind !== 'null')?.node.python;
}

function onEngine(example: Example, engine: string): Example {
  return { ...example, engine };
}

export const MANIFEST_VERSION_RULES: readonly Rule[] = [
  {
    code: 'manifest-version-number',
    level: 'info',
    area: 'manifest',
    title: 'A version without quotes is a number',
    why: 'YAML reads 24.11 as a number, and wazo-plugind turns it into text again. Here nothing is lost; the day it becomes 24.10 a digit is.',
    source: 'PyYAML, YAML 1.1 floats',
    seen: 76,
    fix: 'Put it in quotes.',
    bad: manifest({ min_wazo_version: '24.11' }),
    good: manifest({ min_wazo_version: '"24.11"' }),
    check: (subject) =>
      versionsOf(subject)
        .filter(({ node }) => isNumber(node) && node.python === node.text)
        .map(({ key, node, at }) => ({
          ...at,
          message: `${key}: ${node.text} without quotes is a number to YAML`,
          fix: [quoteEdit(node)],
        })),
  },
  {
    code: 'manifest-version-digits-lost',
    level: 'warning',
    area: 'manifest',
    title: 'A version without quotes loses digits',
    why: 'YAML reads 1.10 as the number 1.1 and 017 as 15, and wazo-plugind goes on with that: the package gets another version than the one written.',
    source: 'PyYAML, YAML 1.1 numbers',
    seen: 5,
    fix: 'Put it in quotes.',
    bad: manifest({ version: '1.10' }),
    good: manifest({ version: '"1.10"' }),
    check: (subject) =>
      versionsOf(subject)
        .filter(({ node }) => isNumber(node) && node.python !== node.text)
        .map(({ key, node, at }) => ({
          ...at,
          message: `${key}: ${node.text} without quotes becomes "${node.python}"`,
          fix: [quoteEdit(node)],
        })),
  },
  {
    code: 'manifest-max-refuses-itself',
    level: 'error',
    area: 'manifest',
    title: 'max_wazo_version refuses the very release that it names',
    why: 'wazo-plugind compares versions as text: 24.10 without quotes becomes "24.1", and "24.10" comes after that.',
    source: VALIDATION,
    seen: 0,
    fix: 'Put it in quotes.',
    bad: manifest({ max_wazo_version: '24.10' }),
    good: manifest({ max_wazo_version: '"24.10"' }),
    check: onValue('max_wazo_version', (node) => {
      if (!isScalar(node) || !isNumber(node) || node.python >= node.text) return undefined;
      const message = `max_wazo_version: ${node.text} becomes "${node.python}", which refuses Wazo ${node.text} itself`;
      return { message, fix: [quoteEdit(node)] };
    }),
  },
  {
    code: 'manifest-bound-format',
    level: 'warning',
    area: 'manifest',
    title: 'A Wazo version is not written as year.month with two digits each',
    why: 'wazo-plugind compares versions as text, so "9.1" counts as later than "26.05".',
    source: VALIDATION,
    seen: 0,
    fix: 'Write it as Wazo names its releases, in quotes: "24.01".',
    bad: manifest({ min_wazo_version: '"9.1"' }),
    good: manifest({ min_wazo_version: '"19.01"' }),
    check: (subject) =>
      versionsOf(subject)
        .filter(
          ({ key, node }) => key !== 'version' && node.kind !== 'null' && !/^\d\d\.\d\d$/.test(node.text),
        )
        .map(({ key, node, at }): Hit => ({
          ...at,
          message: `${key} ${JSON.stringify(node.text)} is not a Wazo release like "24.01", and is compared as text`,
        })),
  },
  {
    code: 'manifest-bounds-crossed',
    level: 'error',
    area: 'manifest',
    title: 'min_wazo_version is later than max_wazo_version',
    why: 'No release of Wazo passes both.',
    source: VALIDATION,
    seen: 0,
    fix: 'Swap or widen them.',
    bad: manifest({ min_wazo_version: '"25.01"', max_wazo_version: '"24.01"' }),
    good: manifest({ min_wazo_version: '"24.01"', max_wazo_version: '"25.01"' }),
    check: (subject) => {
      const [min, max] = [bound(subject, 'min_wazo_version'), bound(subject, 'max_wazo_version')];
      const at = versionsOf(subject).find((value) => value.key === 'max_wazo_version')?.at;
      if (min === undefined || max === undefined || at === undefined || min <= max) return [];
      return [{ ...at, message: `No release is at least "${min}" and at most "${max}" (compared as text)` }];
    },
  },
  {
    code: 'manifest-engine-refused',
    level: 'error',
    area: 'manifest',
    title: 'The version bounds refuse the Wazo release asked for',
    why: 'wazo-plugind compares the bounds with its own release as text, and ends the installation.',
    source: VALIDATION,
    fix: 'Widen the bounds, or name another release with --engine.',
    bad: onEngine(manifest({ max_wazo_version: '"24.10"' }), '26.05'),
    good: onEngine(manifest({ max_wazo_version: '"26.10"' }), '26.05'),
    check: (subject) => {
      const { engine } = subject;
      if (engine === undefined) return [];
      return versionsOf(subject)
        .filter(({ node }) => node.kind !== 'null')
        .filter(
          ({ key, node }) =>
            (key === 'min_wazo_version' && engine < node.python) ||
            (key === 'max_wazo_version' && engine > node.python),
        )
        .map(({ key, node, at }) => ({ ...at, message: `${key} "${node.python}" refuses Wazo ${engine}` }));
    },
  },
  {
    code: 'manifest-format-version-text',
    level: 'error',
    area: 'manifest',
    title: 'plugin_format_version is text or empty',
    why: 'It passes the validation, and then breaks the postrm script, where text is compared with a number.',
    source: 'wazo-plugind, packaging step (postrm template)',
    seen: 0,
    fix: 'Write it without quotes.',
    bad: manifest({ plugin_format_version: '"1"' }),
    good: manifest({ plugin_format_version: '1' }),
    check: onValue('plugin_format_version', (node, at) => {
      if (!isScalar(node) || (node.kind !== 'string' && node.kind !== 'null')) return undefined;
      const digit = /^[012]$/.test(node.text);
      return {
        message: `plugin_format_version is ${describeNode(node)}, and must be the number 0, 1 or 2`,
        fix: digit ? [{ file: at.file, start: node.start, end: node.end, text: node.text }] : undefined,
      };
    }),
  },
  {
    code: 'manifest-format-version-unknown',
    level: 'error',
    area: 'manifest',
    title: 'plugin_format_version is not 0, 1 or 2',
    why: 'wazo-plugind knows three formats: 1 adds postrm, 2 lets depends name versions.',
    source: VALIDATION,
    seen: 0,
    fix: 'Write 1, or 2 when an entry of depends has a version.',
    bad: manifest({ plugin_format_version: '3' }),
    good: manifest({ plugin_format_version: '2' }),
    check: onValue('plugin_format_version', (node) => {
      if (isScalar(node) && (node.kind === 'string' || node.kind === 'null')) return undefined;
      const number = readFormatVersion(node);
      const is = `plugin_format_version is ${describeNode(node)}`;
      if (number === undefined) return { message: `${is}; wazo-plugind knows 0, 1 and 2` };
      if (Number.isInteger(number)) return undefined;
      return { level: 'warning', message: `${is}, which wazo-plugind takes for ${Math.trunc(number)}` };
    }),
  },
];
