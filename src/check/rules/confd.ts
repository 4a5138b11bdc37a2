import { entryPointsOf } from '../entry-points.ts';
import type { DeclaredEntryPoint } from '../../readers/python/packaging.ts';
import { withFiles } from '../examples.ts';
import type { Example, Hit, Rule } from '../rule.ts';
import {
  enablingKey,
  groupOf,
  PLUGIN_GROUPS,
  type EnablingKey,
  type PluginGroup,
} from '../../wazo/groups.ts';
import type { Subject, YamlFile } from '../subject.ts';
import { describeNode, isScalar, repeatedKeys, valueOf, type YamlNode } from '../../readers/yaml/node.ts';
import { calldPlugin, placeOf } from './python-code.ts';

const CONFD = /(?:^|\/)etc\/((?:wazo|xivo)-[a-z-]+)\/conf\.d\/([^/]+)$/;
const MERGING = 'Wazo services, configuration merging';
const LOADING = 'xivo-lib-python, plugin loading';

interface ConfdFile {
  readonly path: string;
  readonly service: string;
  readonly name: string;
}

function confdFiles(subject: Subject): readonly ConfdFile[] {
  return [...subject.files.keys()].flatMap((path) => {
    const match = CONFD.exec(path);
    return match === null ? [] : [{ path, service: match[1] ?? '', name: match[2] ?? '' }];
  });
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

export const CONFD_RULES: readonly Rule[] = [
  {
    code: 'confd-syntax',
    level: 'error',
    area: 'confd',
    title: 'A configuration file is not YAML that PyYAML can read',
    why: 'The service says so in its journal, leaves the file out, and starts without the plugin.',
    source: MERGING,
    fix: 'Mend the line.',
    bad: confd('enabled_plugins:\n  acme_hello: true\n  greeting: "hello\n'),
    good: confd('enabled_plugins:\n  acme_hello: true\ngreeting: "hello"\n'),
    check: (subject) =>
      readFiles(subject).flatMap(({ yaml: { file, document } }) =>
        document.problem === undefined
          ? []
          : [
              {
                ...file.at(document.problem.offset),
                message: `PyYAML cannot read on here: ${document.problem.message}`,
              },
            ],
      ),
  },
  {
    code: 'confd-duplicate-key',
    level: 'warning',
    area: 'confd',
    title: 'A key stands twice in a mapping of a configuration file',
    why: 'PyYAML takes the last one and says nothing; what stands below the first is lost.',
    source: 'PyYAML, mappings',
    fix: 'Keep one, with all that belongs below it.',
    bad: confd('enabled_plugins:\n  acme_hello: true\nenabled_plugins:\n  acme_more: true\n'),
    good: confd('enabled_plugins:\n  acme_hello: true\n  acme_more: true\n'),
    check: (subject) =>
      readFiles(subject).flatMap(({ yaml: { file, document } }) =>
        repeatedKeys(document.root).map((key) => ({
          ...file.at(key.start),
          message: `${key.text} stands twice here; this last one counts`,
        })),
      ),
  },
  {
    code: 'confd-not-mapping',
    level: 'error',
    area: 'confd',
    title: 'A configuration file holds a list or a single value',
    why: 'Merging it raises AttributeError, and the service does not start.',
    source: MERGING,
    fix: 'Write "key: value" at the top.',
    bad: confd('- acme_hello\n'),
    good: confd('enabled_plugins:\n  acme_hello: true\n'),
    check: (subject) =>
      readFiles(subject).flatMap(({ service, yaml: { file, document } }) =>
        document.root === undefined || document.root.kind === 'map' || document.root.kind === 'null'
          ? []
          : [
              {
                ...file.at(document.root.start),
                message: `It is ${describeNode(document.root)}, and ${service} does not start then`,
              },
            ],
      ),
  },
  {
    code: 'confd-null',
    level: 'error',
    area: 'confd',
    title: 'A key that enables plugins has nothing under it',
    why: 'The null hides the stock list: the merged value is None, and the service does not start.',
    source: LOADING,
    fix: 'Name a plugin under it, or take the key out.',
    bad: confd('enabled_plugins:\n'),
    good: confd('enabled_plugins:\n  acme_hello: true\n'),
    check: (subject) =>
      enablers(subject).flatMap(({ service, group, yaml, path, node }): readonly Hit[] =>
        node.kind === 'null' && group.shape !== 'name'
          ? [
              {
                ...yaml.file.at(node.start),
                message: `${path} is empty, which hides the stock list: ${service} does not start`,
              },
            ]
          : [],
      ),
  },
  {
    code: 'confd-enabled-wrongly',
    level: 'error',
    area: 'confd',
    title: 'A plugin is enabled in a form that the service does not take',
    why: 'Plugins are enabled by "NAME: true" in a mapping. A list makes the service fail at start; the text "false" counts as true; identity providers and connectors need a mapping.',
    source: LOADING,
    fix: 'Write enabled_plugins: {NAME: true}.',
    bad: confd('enabled_plugins:\n  - acme_hello\n'),
    good: confd('enabled_plugins:\n  acme_hello: true\n'),
    check: (subject) =>
      enablers(subject).flatMap(({ service, group, yaml, path, node }) =>
        wrongForms(group, node).map(({ at, why }) => ({
          ...yaml.file.at(at.start),
          message: `${path} ${why.replaceAll('SERVICE', service)}`,
        })),
      ),
  },
  {
    code: 'confd-not-yml',
    level: 'error',
    area: 'confd',
    title: 'A file in conf.d has a name that no service reads',
    why: 'Services read *.yml only, and no hidden files: .yaml, .conf and others have no effect.',
    source: MERGING,
    fix: 'Name it NN-NAMESPACE-NAME.yml.',
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
          message: `${service} reads *.yml only, and leaves this file out`,
        })),
  },
  {
    code: 'confd-no-priority',
    level: 'info',
    area: 'confd',
    title: 'A configuration file has no number in front',
    why: 'Files count in the order of their names, the first one wins: without a number this one comes after all that have one, and an administrator cannot tell where.',
    source: MERGING,
    fix: 'Begin its name with 50-, so that an administrator can override it with 01-.',
    bad: confd('enabled_plugins:\n  acme_hello: true\n', 'acme-hello.yml'),
    good: confd('enabled_plugins:\n  acme_hello: true\n'),
    check: (subject) =>
      confdFiles(subject)
        .filter(({ name }) => name.endsWith('.yml') && !/^\d{2,}-/.test(name))
        .map(({ path, name }) => ({
          file: path,
          message: `${name} sorts after every file with a number, and loses to them`,
        })),
  },
  {
    code: 'entry-point-not-enabled',
    level: 'error',
    area: 'confd',
    title: 'An entry point is enabled in no configuration file of the plugin',
    why: 'Services load only plugins that their configuration enables: without it nothing is loaded, and nothing is logged.',
    source: LOADING,
    seen: 2,
    needsPython: true,
    fix: 'Ship /etc/SERVICE/conf.d/50-NAME.yml with enabled_plugins: {NAME: true}.',
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
        return [notEnabled(point, key, group.shape)];
      }),
  },
];

function notEnabled(
  point: DeclaredEntryPoint,
  { service, keys, value }: EnablingKey,
  shape: PluginGroup['shape'],
): Hit {
  const message = `No configuration file of the plugin enables ${point.name} in ${service}`;
  const last = shape === 'list' ? `[${value}]` : (value ?? 'true');
  const line = keys.reduceRight(
    (inner, key, at) => (at === 0 ? `${key}: ${inner}` : `{${key}: ${inner}}`),
    last,
  );
  const help = `Ship etc/${service}/conf.d/50-${point.name.replaceAll('_', '-')}.yml with ${line}.`;
  return { ...placeOf(point), message, help };
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
      if (group.service !== service) continue;
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
    return [{ at: node, why: `is ${describeNode(node)}, where a mapping is needed: SERVICE does not start` }];
  return node.entries.flatMap(({ key, value }) => {
    if (group.shape === 'settings') {
      if (value.kind === 'map') return [];
      return [
        {
          at: value,
          why: `gives ${key.text} ${describeNode(value)}, where {enabled: true} is needed: SERVICE fails at start`,
        },
      ];
    }
    if (isScalar(value) && value.kind === 'boolean') return [];
    if (isScalar(value) && value.kind === 'string' && /^(?:false|no|off)$/i.test(value.text))
      return [{ at: value, why: `gives ${key.text} ${describeNode(value)}, which counts as true` }];
    return [{ at: value, why: `gives ${key.text} ${describeNode(value)}; true or false is meant` }];
  });
}

function isEnabled(subject: Subject, group: PluginGroup, name: string): boolean {
  return readFiles(subject)
    .filter(({ service }) => service === group.service)
    .some(({ yaml }) => {
      const node = group.keys.reduce<YamlNode | undefined>((at, key) => valueOf(at, key), yaml.document.root);
      if (node === undefined) return false;
      if (group.shape === 'name') return isScalar(node) && node.text === name;
      if (node.kind === 'list') return node.items.some((item) => isScalar(item) && item.text === name);
      return valueOf(node, name) !== undefined;
    });
}
