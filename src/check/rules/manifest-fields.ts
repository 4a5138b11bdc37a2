import { missing } from './rules-file.ts';
import { debianVersionProblem } from '../../wazo/names.ts';
import { manifest, withFiles } from '../examples.ts';
import type { Finding, FindingCode } from '../../findings/finding.ts';
import { readMetadata } from '../../kinds/plugin-metadata.ts';
import type { Hit, RuleCheck, RuleChecks } from '../rule.ts';
import type { Subject, YamlFile } from '../subject.ts';
import {
  describeNode,
  entryOf,
  isScalar,
  repeatedKeys,
  valueOf,
  type YamlNode,
  type YamlScalar,
  syntaxText,
} from '../../readers/yaml/node.ts';

const PATH = 'wazo/plugin.yml';

/** The place of a value of plugin.yml, as a finding has it. */
export function placeIn(
  { file }: YamlFile,
  node: { readonly start: number },
): {
  file: string;
  line: number;
  column: number;
} {
  return file.at(node.start);
}

/** plugin.yml as a mapping; undefined when it is none (which has its own findings). */
export function manifestMap(subject: Subject): { file: YamlFile; root: YamlNode } | undefined {
  const file = subject.manifest;
  const root = file?.document.root;
  return file !== undefined && root?.kind === 'map' ? { file, root } : undefined;
}

/** A rule over one top-level value of plugin.yml, when it is there. */
export function onValue(
  key: string,
  judge: (node: YamlNode, at: ReturnType<typeof placeIn>, file: YamlFile) => Omit<Hit, 'file'> | undefined,
): (subject: Subject) => readonly Hit[] {
  return (subject) => {
    const map = manifestMap(subject);
    const value = valueOf(map?.root, key);
    if (map === undefined || value === undefined) return [];
    const at = placeIn(map.file, value);
    const hit = judge(value, at, map.file);
    return hit === undefined ? [] : [{ ...at, ...hit }];
  };
}

/** Puts a plain scalar into double quotes. */
export function quoteEdit(node: YamlScalar): { file: string; start: number; end: number; text: string } {
  return { file: PATH, start: node.start, end: node.end, text: JSON.stringify(node.text) };
}

const READ = new WeakMap<Subject, readonly Finding[]>();

/** A check, with what wazo-plugind refuses besides: the reader that `build` asks too. */
export function asPlugind(code: FindingCode, check: RuleCheck['check']): RuleCheck['check'] {
  return (subject) => {
    const own = check(subject);
    const file = manifestMap(subject)?.file.file;
    if (file === undefined) return own;
    const known = READ.get(subject) ?? readMetadata(file.text).findings;
    READ.set(subject, known);
    const told = new Set(own.map(({ line }) => line));
    const more = known.filter((one) => one.code === code && one.level === 'error' && !told.has(one.line));
    return [
      ...own,
      ...more.map(({ message, line, column, help }): Hit => {
        return { file: PATH, line, column, message: message.replace(/\.$/, ''), ...(help && { help }) };
      }),
    ];
  };
}

function nameCheck(key: 'name' | 'namespace', pattern: RegExp, holds: string): RuleCheck {
  const bad = key === 'name' ? 'call_notes' : 'acme-corp';
  return {
    area: 'manifest',
    bad: manifest({ [key]: bad }),
    good: manifest({ [key]: key === 'name' ? 'call-notes' : 'acmecorp' }),
    check: onValue(key, (node) => {
      if (!isScalar(node) || node.kind !== 'string') {
        const fix = isScalar(node) && pattern.test(node.text) ? [quoteEdit(node)] : undefined;
        return { message: `The ${key} is ${describeNode(node)}, not text`, fix };
      }
      if (pattern.test(node.text)) return undefined;
      return { message: `Invalid ${key} ${JSON.stringify(node.text)}: only ${holds} are allowed` };
    }),
  };
}

export const MANIFEST_FIELD_CHECKS = {
  'manifest-missing': {
    area: 'manifest',
    kinds: ['stack'],
    bad: withFiles({ [PATH]: null }),
    good: manifest({}),
    check: ({ files }) => missing(PATH, files),
  },
  'manifest-syntax': {
    area: 'manifest',
    bad: manifest({ description: 'Hello: says hello: to callers' }),
    good: manifest({ description: '"Hello: says hello: to callers"' }),
    check: ({ manifest: file }) => {
      const problem = file?.document.problem;
      if (file === undefined || problem === undefined) return [];
      const at = file.file.at(problem.offset);
      return [{ ...at, message: syntaxText('plugin.yml', problem) }];
    },
  },
  'manifest-not-mapping': {
    area: 'manifest',
    bad: withFiles({ [PATH]: '- name: hello\n- namespace: acme\n' }),
    good: manifest({}),
    check: ({ manifest: file }) => {
      if (file === undefined || file.document.problem !== undefined) return [];
      const { root } = file.document;
      if (root?.kind === 'map') return [];
      const what = root === undefined ? 'empty' : describeNode(root);
      return [{ file: PATH, line: 1, message: `plugin.yml is ${what}, not a mapping` }];
    },
  },
  'manifest-field-missing': {
    area: 'manifest',
    bad: manifest({ namespace: null }),
    good: manifest({ namespace: 'acme' }),
    check: (subject) => {
      const map = manifestMap(subject);
      if (map === undefined) return [];
      const missing = ['name', 'namespace', 'version'].filter(
        (key) => (valueOf(map.root, key)?.kind ?? 'null') === 'null',
      );
      return missing.map((key) => {
        const entry = entryOf(map.root, key);
        const at = entry === undefined ? { file: PATH, line: 1 } : placeIn(map.file, entry.key);
        return { ...at, message: `plugin.yml has no "${key}"` };
      });
    },
  },
  'manifest-name-invalid': nameCheck('name', /^[a-z0-9-]+$/, 'lower-case letters, digits and hyphens'),
  'manifest-namespace-invalid': nameCheck('namespace', /^[a-z0-9]+$/, 'lower-case letters and digits'),
  'manifest-version-invalid': {
    area: 'manifest',
    bad: manifest({ version: 'v1.0' }),
    good: manifest({ version: '"1.0"' }),
    check: asPlugind('manifest-version-invalid', (subject) =>
      onValue('version', (node) => {
        if (!isScalar(node)) return { message: `The version is ${describeNode(node)}, not text` };
        if (node.kind === 'null') return undefined;
        if (node.kind === 'boolean' || node.kind === 'timestamp')
          return { message: `YAML reads the version as ${describeNode(node)}`, fix: [quoteEdit(node)] };
        const problem = debianVersionProblem(node.python);
        return problem === undefined ? undefined : { message: problem };
      })(subject),
    ),
  },
  'manifest-duplicate-key': {
    area: 'manifest',
    bad: withFiles({
      [PATH]: 'name: hello\nnamespace: acme\nversion: "1.0"\nplugin_format_version: 1\nversion: "1.1"\n',
    }),
    good: manifest({ version: '"1.1"' }),
    check: (subject) => {
      const map = manifestMap(subject);
      if (map === undefined) return [];
      return repeatedKeys(map.root).map((key) => ({
        ...placeIn(map.file, key),
        message: `Duplicate key "${key.text}" in plugin.yml; the last one wins`,
      }));
    },
  },
} satisfies RuleChecks;
