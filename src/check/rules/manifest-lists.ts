import { isDebianPackage } from '../../wazo/debian.ts';
import { manifest } from '../examples.ts';
import { isWazoPackage } from '../../wazo/python-modules.ts';
import { nearest } from '../../support/nearest.ts';
import type { Hit, RuleCheck, RuleChecks } from '../rule.ts';
import { describeNode, isScalar, valueOf, type YamlNode } from '../../readers/yaml/node.ts';
import { asPlugind, manifestMap, onValue, placeIn } from './manifest-fields.ts';

/** Keys that wazo-plugind reads, then those that the market or other tools show. */
const KNOWN_KEYS = new Set(
  (
    'name namespace version plugin_format_version min_wazo_version max_wazo_version depends debian_depends ' +
    'display_name description author homepage tags icon license color screenshots category'
  ).split(' '),
);

/**
 * One package of the field Depends, as dpkg-deb reads it. Run on dpkg 1.21: blanks are free, several stand between commas,
 * and `<` and `>` are old words for `<=` and `>=`.
 */
const DEBIAN_PACKAGE =
  /^(?<name>[A-Za-z0-9][A-Za-z0-9+.-]+)(?::[a-z0-9-]+)?(?:\s*\(\s*(?<operator><<|<=|=|>=|>>|<|>)\s*[^\s()]+\s*\))?$/;

/** Faults of an entry of debian_depends; its packages stand between commas and bars. */
function debianFault(text: string): Omit<Hit, 'file'> | undefined {
  const packages = text.split(/[,|]/).map((one) => DEBIAN_PACKAGE.exec(one.trim())?.groups);
  if (packages.includes(undefined)) {
    return { message: `Invalid entry "${text}" in debian_depends: not a Debian package name` };
  }
  const upper = packages.flatMap((one) => one?.['name'] ?? []).find((name) => /[A-Z]/.test(name));
  if (upper !== undefined) {
    return {
      message: `Invalid entry "${upper}" in debian_depends: Debian package names are lower case`,
      help: `Write ${upper.toLowerCase()}.`,
    };
  }
  const old = packages.flatMap((one) => one?.['operator'] ?? []).find((operator) => /^[<>]$/.test(operator));
  if (old === undefined) return undefined;
  const message = `"${text}" in debian_depends: ${old} is deprecated and means ${old}=`;
  return { message, level: 'warning', help: `Write ${old}=, or ${old}${old} to exclude that version.` };
}

const EDITORS = new Set(['vim', 'emacs', 'nano', 'less', 'htop', 'tmux', 'screen']);

export const MANIFEST_LIST_CHECKS = {
  'manifest-unknown-key': {
    area: 'manifest',
    bad: manifest({ asterisk: '"22"' }),
    good: manifest({ debian_depends: '[sox]' }),
    check: (subject) => {
      const map = manifestMap(subject);
      if (map === undefined || map.root.kind !== 'map') return [];
      return map.root.entries
        .filter(({ key }) => !KNOWN_KEYS.has(key.python))
        .map(({ key }): Hit => {
          const near = nearest(key.text, KNOWN_KEYS);
          const message = `Unknown key "${key.text}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
          return { ...placeIn(map.file, key), message, level: near === undefined ? 'info' : 'warning' };
        });
    },
  },
  'manifest-depends-shape': {
    area: 'manifest',
    bad: manifest({ depends: '[python3-requests]' }),
    good: manifest({ debian_depends: '[python3-requests]' }),
    check: asPlugind('manifest-depends-shape', (subject) =>
      onItems('depends', (item) => {
        if (item.kind !== 'map') {
          return {
            message: `An entry of depends is ${describeNode(item)}, not {namespace: …, name: …}`,
          };
        }
        const missing = ['namespace', 'name'].filter((key) => valueOf(item, key) === undefined);
        if (missing.length === 0) return undefined;
        return { message: `An entry of depends has no ${missing.map((key) => `"${key}"`).join(' and no ')}` };
      })(subject),
    ),
  },
  'manifest-depends-debian': {
    area: 'manifest',
    bad: manifest({ depends: '[{namespace: debian, name: python3-requests}]' }),
    good: manifest({ debian_depends: '[python3-requests]' }),
    check: onItems('depends', (item) => {
      const [name, namespace] = [valueOf(item, 'name'), valueOf(item, 'namespace')];
      if (name === undefined || !isScalar(name)) return undefined;
      const isDebian =
        namespace !== undefined && isScalar(namespace) && /^(?:debian|apt|deb)$/.test(namespace.text);
      const isPackage =
        /^(?:python3?-|lib[a-z]+\d)/.test(name.text) ||
        isWazoPackage(name.text.replaceAll('-', '_')) ||
        isDebianPackage(name.text);
      if (!isDebian && !isPackage) return undefined;
      return { message: `"${name.text}" in depends looks like a Debian package, not a plugin` };
    }),
  },
  'manifest-debian-depends-shape': {
    area: 'manifest',
    bad: manifest({ debian_depends: 'sox' }),
    good: manifest({ debian_depends: '[sox]' }),
    check: asPlugind('manifest-debian-depends-shape', (subject) => {
      const isText = onValue('debian_depends', (node) =>
        node.kind === 'list' || node.kind === 'null'
          ? undefined
          : { message: `debian_depends is ${describeNode(node)}, not a list` },
      )(subject);
      const wrong = onItems('debian_depends', (item) => {
        if (isScalar(item) && item.kind === 'string') return debianFault(item.text);
        return {
          message: `Invalid entry in debian_depends: ${describeNode(item)} is not a Debian package name`,
        };
      })(subject);
      return [...isText, ...wrong];
    }),
  },
  'manifest-depends-on-editor': {
    area: 'manifest',
    bad: manifest({ debian_depends: '[vim]' }),
    good: manifest({ debian_depends: '[sox]' }),
    check: onItems('debian_depends', (item) =>
      isScalar(item) && EDITORS.has(item.text)
        ? { message: `"${item.text}" is not a runtime dependency` }
        : undefined,
    ),
  },
} satisfies RuleChecks;

function onItems(key: string, judge: (item: YamlNode) => Omit<Hit, 'file'> | undefined): RuleCheck['check'] {
  return (subject) => {
    const map = manifestMap(subject);
    const list = valueOf(map?.root, key);
    if (map === undefined || list?.kind !== 'list') return [];
    return list.items.flatMap((item) => {
      const hit = judge(item);
      return hit === undefined ? [] : [{ ...placeIn(map.file, item), ...hit }];
    });
  };
}
