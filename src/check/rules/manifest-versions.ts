import { entryPointsOf } from '../entry-points.ts';
import { manifest } from '../examples.ts';
import { neededSince } from '../../wazo/since.ts';
import { atLeast } from '../../wazo/versions.ts';
import { calldPlugin } from './python-code.ts';
import { readFormatVersion } from '../../kinds/format-version.ts';
import type { Example, Hit, RuleChecks } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { describeNode, isScalar, valueOf, type YamlScalar } from '../../readers/yaml/node.ts';
import { manifestMap, onValue, placeIn, quoteEdit } from './manifest-fields.ts';

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

function quoteIt(node: YamlScalar): string {
  return `Quote it: "${node.text}"`;
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

/** A plugin of wazo-chatd that has a connector. */
function connector(version: string | null): Example {
  const line = "'wazo_chatd.connectors': ['acme_hello = acme_hello.plugin:Plugin']";
  const files = calldPlugin({}, '', line).files;
  const rules = (files['wazo/rules'] ?? '').replaceAll('wazo-calld', 'wazo-chatd');
  const bound = manifest({ min_wazo_version: version });
  return {
    files: {
      ...files,
      ...bound.files,
      'wazo/rules': rules,
      'etc/wazo-calld/conf.d/50-acme-hello.yml': null,
      'etc/wazo-chatd/conf.d/50-acme-hello.yml': 'connectors:\n  acme_hello:\n    enabled: true\n',
    },
    shown: `# setup.py\n${line}\n# wazo/plugin.yml\n${version === null ? '(no min_wazo_version)' : `min_wazo_version: ${version}`}`,
  };
}

export const MANIFEST_VERSION_CHECKS = {
  'manifest-min-wazo-too-low': {
    area: 'manifest',
    compat: 'engine',
    needsPython: true,
    bad: connector(null),
    good: connector('"26.05"'),
    check: (subject) => {
      const map = manifestMap(subject);
      if (map === undefined) return [];
      const groups = entryPointsOf(subject).map(({ group }) => group);
      const needed = neededSince(groups, new Map([...subject.files].map(([path, { text }]) => [path, text])));
      const said = bound(subject, 'min_wazo_version');
      if (needed === undefined || (said !== undefined && atLeast(said, needed.version))) return [];
      const node = valueOf(map.root, 'min_wazo_version');
      const lacks = subject.engine !== undefined && !atLeast(subject.engine, needed.version);
      return [
        {
          ...(node === undefined ? { file: map.file.file.path, line: 1 } : placeIn(map.file, node)),
          ...(lacks ? { level: 'error' as const } : {}),
          message: `min_wazo_version is ${said === undefined ? 'not set' : `"${said}"`}, but ${needed.what} need Wazo ${needed.version}`,
          help: `Set min_wazo_version: "${needed.version}"`,
        },
      ];
    },
  },
  'manifest-version-number': {
    area: 'manifest',
    bad: manifest({ min_wazo_version: '24.11' }),
    good: manifest({ min_wazo_version: '"24.11"' }),
    check: (subject) =>
      versionsOf(subject)
        .filter(({ node }) => isNumber(node) && node.python === node.text)
        .map(({ key, node, at }) => ({
          ...at,
          message: `YAML reads ${key}: ${node.text} as a number, and would read 24.10 as 24.1`,
          help: quoteIt(node),
          fix: [quoteEdit(node)],
        })),
  },
  'manifest-version-digits-lost': {
    area: 'manifest',
    bad: manifest({ version: '1.10' }),
    good: manifest({ version: '"1.10"' }),
    check: (subject) =>
      versionsOf(subject)
        .filter(({ node }) => isNumber(node) && node.python !== node.text)
        .map(({ key, node, at }) => ({
          ...at,
          message: `${key}: ${node.text} becomes "${node.python}": YAML reads it as a number`,
          help: quoteIt(node),
          fix: [quoteEdit(node)],
        })),
  },
  'manifest-max-refuses-itself': {
    area: 'manifest',
    bad: manifest({ max_wazo_version: '24.10' }),
    good: manifest({ max_wazo_version: '"24.10"' }),
    check: onValue('max_wazo_version', (node) => {
      if (!isScalar(node) || !isNumber(node) || node.python >= node.text) return undefined;
      const message = `max_wazo_version: ${node.text} becomes "${node.python}", which excludes Wazo ${node.text} itself`;
      return { message, help: quoteIt(node), fix: [quoteEdit(node)] };
    }),
  },
  'manifest-bound-format': {
    area: 'manifest',
    bad: manifest({ min_wazo_version: '"9.1"' }),
    good: manifest({ min_wazo_version: '"19.01"' }),
    check: (subject) =>
      versionsOf(subject)
        .filter(
          ({ key, node }) => key !== 'version' && node.kind !== 'null' && !/^\d\d\.\d\d$/.test(node.text),
        )
        .map(({ key, node, at }): Hit => ({
          ...at,
          message: `${key} ${JSON.stringify(node.text)} is not a Wazo version like "24.01"; wazo-plugind compares it as text, so "9.1" is later than "24.01"`,
        })),
  },
  'manifest-bounds-crossed': {
    area: 'manifest',
    bad: manifest({ min_wazo_version: '"25.01"', max_wazo_version: '"24.01"' }),
    good: manifest({ min_wazo_version: '"24.01"', max_wazo_version: '"25.01"' }),
    check: (subject) => {
      const [min, max] = [bound(subject, 'min_wazo_version'), bound(subject, 'max_wazo_version')];
      const at = versionsOf(subject).find((value) => value.key === 'max_wazo_version')?.at;
      if (min === undefined || max === undefined || at === undefined || min <= max) return [];
      return [
        {
          ...at,
          message: `min_wazo_version "${min}" is above max_wazo_version "${max}" (wazo-plugind compares them as text)`,
        },
      ];
    },
  },
  'manifest-engine-refused': {
    area: 'manifest',
    compat: 'engine',
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
        .map(({ key, node, at }): Hit => {
          const read =
            node.python === node.text ? '' : ` (written ${node.text}, which YAML reads as a number)`;
          return {
            ...at,
            message: `${key} "${node.python}"${read} excludes Wazo ${engine}`,
            help:
              key === 'max_wazo_version'
                ? 'Raise max_wazo_version, or remove it.'
                : 'Lower min_wazo_version, or remove it.',
          };
        });
    },
  },
  'manifest-format-version-text': {
    area: 'manifest',
    bad: manifest({ plugin_format_version: '"1"' }),
    good: manifest({ plugin_format_version: '1' }),
    check: onValue('plugin_format_version', (node, at) => {
      if (!isScalar(node) || (node.kind !== 'string' && node.kind !== 'null')) return undefined;
      const digit = /^[012]$/.test(node.text);
      return {
        message: `plugin_format_version is ${describeNode(node)}, not a number`,
        fix: digit ? [{ file: at.file, start: node.start, end: node.end, text: node.text }] : undefined,
      };
    }),
  },
  'manifest-format-version-unknown': {
    area: 'manifest',
    bad: manifest({ plugin_format_version: '3' }),
    good: manifest({ plugin_format_version: '2' }),
    check: onValue('plugin_format_version', (node) => {
      if (isScalar(node) && (node.kind === 'string' || node.kind === 'null')) return undefined;
      const number = readFormatVersion(node);
      const is = `plugin_format_version is ${describeNode(node)}`;
      if (number === undefined)
        return {
          message: `Unknown plugin_format_version ${isScalar(node) ? node.text : describeNode(node)}`,
        };
      if (Number.isInteger(number)) return undefined;
      return { level: 'warning', message: `${is}, which wazo-plugind reads as ${Math.trunc(number)}` };
    }),
  },
} satisfies RuleChecks;
