import { manifest } from '../examples.ts';
import { nearest } from '../../support/nearest.ts';
import type { Hit, Rule } from '../rule.ts';
import { describeNode, isScalar, valueOf, type YamlNode } from '../../readers/yaml/node.ts';
import { manifestMap, onValue, placeIn } from './manifest-fields.ts';

const VALIDATION = 'wazo-plugind, validating step';

/** Keys that wazo-plugind reads, then those that the market or other tools show. */
const KNOWN_KEYS = new Set(
  (
    'name namespace version plugin_format_version min_wazo_version max_wazo_version depends debian_depends ' +
    'display_name description author homepage tags icon license color screenshots category'
  ).split(' '),
);

/** "name (>= 1.0) [arch] | other", as the field Depends of a control file has it. */
const DEBIAN_DEPENDENCY =
  /^[a-z0-9][a-z0-9+.-]+(?::[a-z0-9-]+)?(?:\s*\((?:<<|<=|=|>=|>>)\s*[^\s()]+\))?(?:\s*\|\s*[a-z0-9][a-z0-9+.-]+(?:\s*\((?:<<|<=|=|>=|>>)\s*[^\s()]+\))?)*$/;

const EDITORS = new Set(['vim', 'emacs', 'nano', 'less', 'htop', 'tmux', 'screen']);

export const MANIFEST_LIST_RULES: readonly Rule[] = [
  {
    code: 'manifest-unknown-key',
    level: 'info',
    area: 'manifest',
    title: 'plugin.yml has a key that nothing reads',
    why: 'wazo-plugind drops unknown keys without a word, so a misspelt one has no effect.',
    source: VALIDATION,
    seen: 1,
    fix: 'Correct its spelling or take it out.',
    bad: manifest({ asterisk: '"22"' }),
    good: manifest({ debian_depends: '[sox]' }),
    check: (subject) => {
      const map = manifestMap(subject);
      if (map === undefined || map.root.kind !== 'map') return [];
      return map.root.entries
        .filter(({ key }) => !KNOWN_KEYS.has(key.python))
        .map(({ key }): Hit => {
          const near = nearest(key.text, KNOWN_KEYS);
          const message = `wazo-plugind does not know the key ${key.text}${near === undefined ? '' : `; is it ${near}?`}`;
          return { ...placeIn(map.file, key), message, level: near === undefined ? 'info' : 'warning' };
        });
    },
  },
  {
    code: 'manifest-depends-shape',
    level: 'error',
    area: 'manifest',
    title: 'An entry of depends is not a plugin with namespace and name',
    why: 'depends names other plugins of the market, each as {namespace, name}; Debian packages belong in debian_depends. An entry of another shape ends the installation.',
    source: VALIDATION,
    seen: 2,
    fix: 'Write {namespace: …, name: …}, or move Debian packages to debian_depends.',
    bad: manifest({ depends: '[python3-requests]' }),
    good: manifest({ debian_depends: '[python3-requests]' }),
    check: onItems('depends', (item) => {
      if (item.kind !== 'map') {
        return {
          message: `depends holds ${describeNode(item)}, where a plugin with namespace and name is meant`,
        };
      }
      const missing = ['namespace', 'name'].filter((key) => valueOf(item, key) === undefined);
      if (missing.length === 0) return undefined;
      return { message: `An entry of depends has no ${missing.join(' and no ')}` };
    }),
  },
  {
    code: 'manifest-depends-debian',
    level: 'error',
    area: 'manifest',
    title: 'depends names a Debian package',
    why: 'The package would depend on wazo-plugind-NAME-NAMESPACE, which nobody makes, so it can never be installed.',
    source: 'wazo-plugind, packaging step (Depends)',
    seen: 2,
    fix: 'Move it to debian_depends.',
    bad: manifest({ depends: '[{namespace: debian, name: python3-requests}]' }),
    good: manifest({ debian_depends: '[python3-requests]' }),
    check: onItems('depends', (item) => {
      const [name, namespace] = [valueOf(item, 'name'), valueOf(item, 'namespace')];
      if (name === undefined || !isScalar(name)) return undefined;
      const isDebian =
        namespace !== undefined && isScalar(namespace) && /^(?:debian|apt|deb)$/.test(namespace.text);
      if (!isDebian && !/^(?:python3?-|lib[a-z]+\d)/.test(name.text)) return undefined;
      return { message: `depends names ${name.text}, which looks like a Debian package, not like a plugin` };
    }),
  },
  {
    code: 'manifest-debian-depends-shape',
    level: 'error',
    area: 'manifest',
    title: 'debian_depends is not a list of Debian packages',
    why: 'The entries are written into the field Depends as they stand; a text in place of a list is taken letter by letter.',
    source: 'Debian policy, 7.1 (relationships)',
    seen: 0,
    fix: 'Write a list: [sox, "python3-requests (>= 2.28)"].',
    bad: manifest({ debian_depends: 'sox' }),
    good: manifest({ debian_depends: '[sox]' }),
    check: (subject) => {
      const isText = onValue('debian_depends', (node) =>
        node.kind === 'list' || node.kind === 'null'
          ? undefined
          : { message: `debian_depends is ${describeNode(node)}, and must be a list` },
      )(subject);
      const wrong = onItems('debian_depends', (item) => {
        if (isScalar(item) && item.kind === 'string' && DEBIAN_DEPENDENCY.test(item.text)) return undefined;
        return { message: `debian_depends holds ${describeNode(item)}, which is no Debian package name` };
      })(subject);
      return [...isText, ...wrong];
    },
  },
  {
    code: 'manifest-depends-on-editor',
    level: 'info',
    area: 'manifest',
    title: 'debian_depends names an editor or a terminal tool',
    why: 'The plugin does not need it to run; vim is in a demo plugin that many were copied from.',
    source: 'Debian policy, 7.2 (Depends)',
    seen: 5,
    fix: 'Take it out.',
    bad: manifest({ debian_depends: '[vim]' }),
    good: manifest({ debian_depends: '[sox]' }),
    check: onItems('debian_depends', (item) =>
      isScalar(item) && EDITORS.has(item.text)
        ? { message: `debian_depends names ${item.text}, which a plugin hardly needs to run` }
        : undefined,
    ),
  },
];

function onItems(key: string, judge: (item: YamlNode) => Omit<Hit, 'file'> | undefined): Rule['check'] {
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
