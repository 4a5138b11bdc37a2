import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { YamlDocument, YamlEntry, YamlNode, YamlScalar } from './node.ts';
import { plainKind, pythonText, type ScalarKind } from './scalar.ts';

const CORE_TAG = 'tag:yaml.org,2002:';

/** Tags that `safe_load` constructs. */
const KNOWN_TAGS = new Set(
  'null bool int float binary timestamp omap pairs set str seq map'.split(' ').map((tag) => CORE_TAG + tag),
);

class Refused extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Reads YAML as PyYAML's `safe_load` does: YAML 1.1 types, the last of two equal keys, merge keys.
 * `tags` are tags that the reader of the file knows beside the standard ones (`!exec`).
 */
export function readYaml(text: string, tags: readonly string[] = []): YamlDocument {
  const document = parseDocument(text, {
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    logLevel: 'error',
    prettyErrors: false,
    keepSourceTokens: true,
  });
  const [error] = document.errors;
  if (error !== undefined)
    return { problem: { message: firstSentence(error.message), offset: error.pos[0] } };
  try {
    if (document.contents === null) return {};
    return { root: convert(document.contents, document, new Set(tags), 0) };
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    return { problem: { message: refused.message, offset: refused.offset } };
  }
}

function convert(node: Node, document: Document, tags: ReadonlySet<string>, depth: number): YamlNode {
  const [start, , end] = node.range ?? [0, 0, 0];
  if (depth > 200) throw new Refused('it is nested too deeply', start);
  if (isAlias(node)) {
    const target = node.resolve(document);
    if (target === undefined) throw new Refused(`there is no anchor &${node.source}`, start);
    return convert(target, document, tags, depth + 1);
  }
  const { tag } = node;
  if (tag !== undefined && tag !== '!' && !KNOWN_TAGS.has(tag) && !tags.has(tag))
    throw new Refused(`safe_load has no constructor for the tag ${tag}`, start);
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(asNode(item, start), document, tags, depth + 1));
    return { kind: 'list', items, start, end };
  }
  if (isMap(node)) return { kind: 'map', entries: entriesOf(node, document, tags, depth), start, end };
  if (isScalar(node)) return scalar(node);
  throw new Refused('it is not YAML that safe_load reads', start);
}

function entriesOf(
  map: YAMLMap,
  document: Document,
  tags: ReadonlySet<string>,
  depth: number,
): readonly YamlEntry[] {
  const [mapStart] = map.range ?? [0, 0, 0];
  const own: YamlEntry[] = [];
  const merged: YamlEntry[] = [];
  for (const pair of map.items) {
    const node = asNode(pair.key, mapStart);
    if (isMergeKey(node)) {
      const value = asNode(pair.value, node.range?.[1] ?? mapStart);
      merged.push(...mergeEntries(convert(value, document, tags, depth + 1)));
      continue;
    }
    const key = convert(node, document, tags, depth + 1);
    const value = convert(asNode(pair.value, key.end), document, tags, depth + 1);
    if (key.kind === 'map' || key.kind === 'list')
      throw new Refused('a mapping or list cannot be a key', key.start);
    own.push({ key, value });
  }
  return [...merged, ...own];
}

function isMergeKey(node: Node): boolean {
  return isScalar(node) && node.type === 'PLAIN' && node.value === '<<' && node.tag === undefined;
}

/** What `<<: VALUE` brings in: earlier mappings of a list win, so they come last. */
function mergeEntries(value: YamlNode): readonly YamlEntry[] {
  if (value.kind === 'map') return value.entries;
  if (value.kind !== 'list') throw new Refused('only a mapping can be merged with <<', value.start);
  return value.items.toReversed().flatMap((item) => mergeEntries(item));
}

function scalar(node: Scalar): YamlScalar {
  const [start, end] = node.range ?? [0, 0, 0];
  const text = typeof node.value === 'string' ? node.value : '';
  const plain = node.type === 'PLAIN' || node.type === undefined || node.value === null;
  if (plain && (text === '=' || text === '<<') && node.tag === undefined)
    throw new Refused(`safe_load has no constructor for a plain ${text}`, start);
  const kind = kindOf(node.tag, plain, text);
  return { kind, text, python: pythonText(kind, text), plain, start, end };
}

function kindOf(tag: string | undefined, plain: boolean, text: string): ScalarKind {
  const tagged: Readonly<Record<string, ScalarKind>> = {
    [`${CORE_TAG}str`]: 'string',
    [`${CORE_TAG}int`]: 'integer',
    [`${CORE_TAG}float`]: 'float',
    [`${CORE_TAG}bool`]: 'boolean',
    [`${CORE_TAG}null`]: 'null',
  };
  if (tag !== undefined && tag !== '!') return tagged[tag] ?? 'string';
  return plain && tag !== '!' ? plainKind(text) : 'string';
}

/** A key or value that is not there is an empty plain scalar. */
function asNode(value: unknown, offset: number): Node {
  if (value !== null && typeof value === 'object') return value as Node;
  return { value: null, type: 'PLAIN', range: [offset, offset, offset] } as unknown as Node;
}

function firstSentence(message: string): string {
  return message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? message;
}
