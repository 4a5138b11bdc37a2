import { entryPointsOf } from '../entry-points.ts';
import type { DeclaredEntryPoint } from '../../readers/python/packaging.ts';
import { withFiles } from '../examples.ts';
import { nearest } from '../../support/nearest.ts';
import type { Example, Hit, RuleChecks } from '../rule.ts';
import {
  enablingKey,
  groupOf,
  PLUGIN_GROUPS,
  type EnablingKey,
  type PluginGroup,
} from '../../wazo/groups.ts';
import type { Subject, YamlFile } from '../subject.ts';
import {
  describeNode,
  isScalar,
  repeatedKeys,
  valueOf,
  type YamlNode,
  type YamlScalar,
  syntaxText,
} from '../../readers/yaml/node.ts';
import { placeIn } from './manifest-fields.ts';
import { calldPlugin, placeOf } from './python-code.ts';

const CONFD = /(?:^|\/)etc\/((?:wazo|xivo)-[a-z-]+)\/conf\.d\/([^/]+)$/;

interface ConfdFile {
  readonly path: string;
  readonly service: string;
  readonly name: string;
}

/** Those whose path in the source says so, and what `package` installs under such a path. */
function confdFiles(subject: Subject): readonly ConfdFile[] {
  const found = new Map<string, ConfdFile>();
  const take = (path: string, as: string): void => {
    const match = CONFD.exec(as);
    if (match !== null && !found.has(path))
      found.set(path, { path, service: match[1] ?? '', name: match[2] ?? '' });
  };
  for (const path of subject.files.keys()) take(path, path);
  for (const [as, path] of subject.package.files) if (path !== undefined) take(path, as);
  return [...found.values()];
}

/** Whether the package may have settings of a service that are not read here: made while building, or beyond understanding. */
function mayHaveMore({ package: { certain, files, gaps } }: Subject, service: string): boolean {
  // a place that is not there brings nothing
  if (!certain && gaps.length === 0) return true;
  return [...files].some(([as, path]) => path === undefined && CONFD.exec(as)?.[1] === service);
}

/** Files that the service reads, as YAML. */
function readFiles(subject: Subject): readonly { service: string; yaml: YamlFile }[] {
  return confdFiles(subject)
    .filter(({ name }) => name.endsWith('.yml') && !name.startsWith('.'))
    .flatMap(({ path, service }) => {
      const yaml = subject.yaml(path);
      return yaml === undefined ? [] : [{ service, yaml }];
    });
}

function confd(text: string, name = '50-acme-hello.yml'): Example {
  const path = `etc/wazo-calld/conf.d/${name}`;
  const example = calldPlugin({ 'etc/wazo-calld/conf.d/50-acme-hello.yml': null, [path]: text });
  return { ...example, shown: withFiles({ [path]: text }).shown };
}

export const CONFD_CHECKS = {
  'confd-syntax': {
    area: 'confd',
    bad: confd('enabled_plugins:\n  acme_hello: true\n  greeting: "hello\n'),
    good: confd('enabled_plugins:\n  acme_hello: true\ngreeting: "hello"\n'),
    check: (subject) =>
      readFiles(subject).flatMap(({ yaml: { file, document } }) =>
        document.problem === undefined
          ? []
          : [
              {
                ...file.at(document.problem.offset),
                message: syntaxText(file.path, document.problem),
              },
            ],
      ),
  },
  'confd-duplicate-key': {
    area: 'confd',
    bad: confd('enabled_plugins:\n  acme_hello: true\nenabled_plugins:\n  acme_more: true\n'),
    good: confd('enabled_plugins:\n  acme_hello: true\n  acme_more: true\n'),
    check: (subject) =>
      readFiles(subject).flatMap(({ yaml: { file, document } }) =>
        repeatedKeys(document.root).map((key) => ({
          ...file.at(key.start),
          message: `Duplicate key "${key.text}"; the last one wins`,
        })),
      ),
  },
  'confd-not-mapping': {
    area: 'confd',
    bad: confd('- acme_hello\n'),
    good: confd('enabled_plugins:\n  acme_hello: true\n'),
    check: (subject) =>
      readFiles(subject).flatMap(({ service, yaml: { file, document } }) =>
        document.root === undefined || document.root.kind === 'map' || document.root.kind === 'null'
          ? []
          : [
              {
                ...file.at(document.root.start),
                message: `The file is ${describeNode(document.root)}, not a mapping: ${service} will not start`,
              },
            ],
      ),
  },
  'confd-null': {
    area: 'confd',
    bad: confd('enabled_plugins:\n'),
    good: confd('enabled_plugins:\n  acme_hello: true\n'),
    check: (subject) =>
      enablers(subject).flatMap(({ service, group, yaml, path, node }): readonly Hit[] =>
        node.kind === 'null' && group.shape !== 'name'
          ? [
              {
                ...yaml.file.at(node.start),
                message: `"${path}" is empty and hides the service's own: ${service} will not start`,
              },
            ]
          : [],
      ),
  },
  'confd-enabled-wrongly': {
    area: 'confd',
    bad: confd('enabled_plugins:\n  - acme_hello\n'),
    good: confd('enabled_plugins:\n  acme_hello: true\n'),
    check: (subject) =>
      enablers(subject).flatMap(({ service, group, yaml, path, node }) =>
        wrongForms(group, node).map(({ at, why }) => ({
          ...yaml.file.at(at.start),
          message: `"${path}" ${why.replaceAll('SERVICE', service)}`,
        })),
      ),
  },
  'confd-not-yml': {
    area: 'confd',
    bad: confd('enabled_plugins:\n  acme_hello: true\n', '50-acme-hello.yaml'),
    good: confd('enabled_plugins:\n  acme_hello: true\n'),
    check: (subject) =>
      confdFiles(subject)
        .filter(
          ({ name }) =>
            (!name.endsWith('.yml') || name.startsWith('.')) &&
            !/^(?:\.git(?:keep|ignore)|README.*)$/.test(name),
        )
        .map(({ path, service }) => ({
          file: path,
          message: `${service} does not read this file: only *.yml`,
        })),
  },
  'confd-no-priority': {
    area: 'confd',
    bad: confd('enabled_plugins:\n  acme_hello: true\n', 'acme-hello.yml'),
    good: confd('enabled_plugins:\n  acme_hello: true\n'),
    check: (subject) =>
      confdFiles(subject)
        .filter(({ name }) => name.endsWith('.yml') && !/^\d{2,}-/.test(name))
        .map(({ path, name }) => ({
          file: path,
          message: `"${name}" has no number, so each file that begins with one overrides it (the first file wins)`,
          help: `Rename it to 50-${name}: then only a file that sorts before it overrides it, as an administrator's 01-….yml.`,
        })),
  },
  'entry-point-not-enabled': {
    area: 'confd',
    needsPython: true,
    bad: calldPlugin(
      { 'etc/wazo-calld/conf.d/50-acme-hello.yml': 'enabled_plugins:\n  acme_helo: true\n' },
      '# setup.py\nacme_hello = acme_hello.plugin:Plugin\n# etc/wazo-calld/conf.d/50-acme-hello.yml\nenabled_plugins:\n  acme_helo: true',
    ),
    good: calldPlugin(
      {},
      '# setup.py\nacme_hello = acme_hello.plugin:Plugin\n# etc/wazo-calld/conf.d/50-acme-hello.yml\nenabled_plugins:\n  acme_hello: true',
    ),
    check: (subject) =>
      entryPointsOf(subject).flatMap((point): readonly Hit[] => {
        const group = groupOf(point.group);
        const key = enablingKey(point);
        if (group === undefined || key === undefined || isEnabled(subject, group, point.name)) return [];
        const near = misnamed(subject, group, point);
        if (near === undefined && mayHaveMore(subject, group.service)) return [];
        return [near ?? notEnabled(point, key, group.shape)];
      }),
  },
} satisfies RuleChecks;

function notEnabled(
  point: DeclaredEntryPoint,
  { service, keys, value }: EnablingKey,
  shape: PluginGroup['shape'],
): Hit {
  const message = `No configuration file of the plugin enables "${point.name}" in ${service}`;
  const last = shape === 'list' ? `[${value}]` : (value ?? 'true');
  const line = keys.reduceRight(
    (inner, key, at) => (at === 0 ? `${key}: ${inner}` : `{${key}: ${inner}}`),
    last,
  );
  const help = `Ship etc/${service}/conf.d/50-${point.name.replaceAll('_', '-')}.yml with ${line}.`;
  return { ...placeOf(point), message, help };
}

/** The place where settings enable what the plugin does not have, which is meant to be the entry point. */
function misnamed(subject: Subject, group: PluginGroup, point: DeclaredEntryPoint): Hit | undefined {
  const own = new Set(
    entryPointsOf(subject)
      .filter((other) => other.group === point.group)
      .map(({ name }) => name),
  );
  const others = readFiles(subject)
    .filter(({ service }) => service === group.service)
    .flatMap(({ yaml }) => {
      const node = enabledIn(group, yaml.document.root);
      return node === undefined ? [] : namesOf(group, node).map((at) => ({ yaml, at }));
    })
    // of many that a service has beside it, one with a like name is meant
    .filter(({ at: { text } }) => !own.has(text) && (group.shape === 'name' || isNear(text, point.name)));
  const [only] = others;
  if (only === undefined || others.length > 1) return undefined;
  const message = `This enables "${only.at.text}", but the plugin's entry point is "${point.name}"`;
  return { ...placeIn(only.yaml, only.at), message, help: `Write ${point.name}.` };
}

function isNear(text: string, name: string): boolean {
  return nearest(text, [name]) !== undefined;
}

/** The names of plugins that a place of the settings enables. */
function namesOf(group: PluginGroup, node: YamlNode): readonly YamlScalar[] {
  if (group.shape === 'name') return isScalar(node) ? [node] : [];
  if (node.kind === 'list') return node.items.filter(isScalar);
  return node.kind === 'map' ? node.entries.map(({ key }) => key).filter(isScalar) : [];
}

interface Enabler {
  readonly service: string;
  readonly group: PluginGroup;
  readonly yaml: YamlFile;
  readonly path: string;
  readonly node: YamlNode;
}

/** Every place of the plugin's configuration that enables plugins of a group. */
function enablers(subject: Subject): readonly Enabler[] {
  const found = new Map<YamlNode, Enabler>();
  for (const { service, yaml } of readFiles(subject)) {
    for (const group of PLUGIN_GROUPS) {
      if (group.service !== service || group.keys.length === 0) continue;
      let node = yaml.document.root;
      for (const [depth, key] of group.keys.entries()) {
        node = valueOf(node, key);
        // a parent that is null hides its children too
        if (
          node === undefined ||
          (depth < group.keys.length - 1 && node.kind !== 'map' && node.kind !== 'null')
        )
          break;
        if (node.kind === 'null') break;
      }
      if (node !== undefined && !found.has(node))
        found.set(node, { service, group, yaml, path: group.keys.join('.'), node });
    }
  }
  return [...found.values()];
}

function wrongForms(group: PluginGroup, node: YamlNode): readonly { at: YamlNode; why: string }[] {
  if (node.kind === 'null' || group.shape === 'list' || group.shape === 'name') return [];
  if (node.kind !== 'map')
    return [{ at: node, why: `is ${describeNode(node)}, not a mapping: SERVICE will not start` }];
  return node.entries.flatMap(({ key, value }) => {
    const name = key.text;
    if (group.shape === 'settings') {
      if (value.kind === 'map') return [];
      return [
        {
          at: value,
          why: `has ${describeNode(value)} for "${name}", not {enabled: true}: SERVICE will not start`,
        },
      ];
    }
    if (isScalar(value) && value.kind === 'boolean') return [];
    if (isScalar(value) && value.kind === 'string' && /^(?:false|no|off)$/i.test(value.text))
      return [{ at: value, why: `has ${describeNode(value)} for "${name}", which counts as true` }];
    return [{ at: value, why: `has ${describeNode(value)} for "${name}", not true or false` }];
  });
}

/** The value of the key under which a group's plugins are enabled. */
function enabledIn(group: PluginGroup, root: YamlNode | undefined): YamlNode | undefined {
  return group.keys.reduce<YamlNode | undefined>((at, key) => valueOf(at, key), root);
}

function isEnabled(subject: Subject, group: PluginGroup, name: string): boolean {
  return readFiles(subject)
    .filter(({ service }) => service === group.service)
    .some(({ yaml }) => {
      const node = enabledIn(group, yaml.document.root);
      if (node === undefined) return false;
      if (group.shape === 'name') return isScalar(node) && node.text === name;
      if (node.kind === 'list') return node.items.some((item) => isScalar(item) && item.text === name);
      return valueOf(node, name) !== undefined;
    });
}
