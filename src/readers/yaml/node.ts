import type { ScalarKind } from './scalar.ts';

/** A YAML value with its place in the file. */
export type YamlNode = YamlScalar | YamlMap | YamlList | YamlSet;

interface Placed {
  /** Offset of its first character, behind tag and anchor. */
  readonly start: number;
  readonly end: number;
  /** A tag that the reader of the file knows beside the standard ones (`!exec`). */
  readonly tag?: string;
}

export interface YamlScalar extends Placed {
  readonly kind: ScalarKind;
  /** As written, without quotes. */
  readonly text: string;
  /** `str()` of the value in Python. */
  readonly python: string;
  /** Written without quotes. */
  readonly plain: boolean;
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
  /** Comes from another mapping, by `<<`. */
  readonly merged: boolean;
}

export interface YamlMap extends Placed {
  readonly kind: 'map';
  /** In the order in which they are set: of equal keys the last one counts. */
  readonly entries: readonly YamlEntry[];
}

export interface YamlList extends Placed {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  /** A pair of `!!omap` or `!!pairs`. */
  readonly tuple?: true;
}

export interface YamlSet extends Placed {
  readonly kind: 'set';
  readonly items: readonly YamlScalar[];
}

/** Why a text is refused. */
export interface YamlProblem {
  readonly message: string;
  /** Where it went wrong: at the opening of what is not closed, else where PyYAML stops. */
  readonly offset: number;
  /** PyYAML's own words and the line (from 0) where it stops; absent for a bound that PyYAML does not have. */
  readonly pyyaml?: { readonly said: string; readonly line?: number };
}

/** A sentence about a text with a syntax error whose place is known, or that is more than wdev reads. */
export function syntaxText(file: string, { message, pyyaml }: YamlProblem): string {
  return pyyaml === undefined ? `wdev cannot read ${file}: ${message}` : `YAML syntax error: ${message}`;
}

export interface YamlDocument {
  /** Absent when the text could not be read, and for an empty document. */
  readonly root?: YamlNode;
  readonly problem?: YamlProblem;
}

/** The value of a text key; of the last one where the key stands twice, as in PyYAML. */
export function valueOf(map: YamlNode | undefined, key: string): YamlNode | undefined {
  return entryOf(map, key)?.value;
}

export function entryOf(map: YamlNode | undefined, key: string): YamlEntry | undefined {
  if (map?.kind !== 'map') return undefined;
  return map.entries.findLast((entry) => entry.key.kind === 'string' && entry.key.text === key);
}

/**
 * The entries as Python's dict keeps them: of equal keys the first one stays and gets the last value; `1`, `1.0` and
 * `true` are equal.
 */
export function dictEntries({ entries }: YamlMap): readonly Pick<YamlEntry, 'key' | 'value'>[] {
  const kept = new Map<string, Pick<YamlEntry, 'key' | 'value'>>();
  for (const { key, value } of entries) {
    const identity = identityOf(key);
    kept.set(identity, { key: kept.get(identity)?.key ?? key, value });
  }
  return [...kept.values()];
}

function identityOf({ kind, python }: YamlScalar): string {
  if (kind === 'boolean') return python === 'True' ? 'number 1' : 'number 0';
  if (kind === 'integer' || kind === 'float') return `number ${Number(python)}`;
  return `${kind} ${python}`;
}

/** The keys that stand in a mapping once more, at any depth; what `<<` brings does not count. */
export function repeatedKeys(root: YamlNode | undefined): readonly YamlScalar[] {
  const repeated = new Set<YamlScalar>();
  const visited = new Set<YamlNode>();
  const visit = (node: YamlNode): void => {
    if (visited.has(node) || isScalar(node)) return;
    visited.add(node);
    if (node.kind !== 'map') return node.items.forEach(visit);
    const seen = new Set<string>();
    for (const { key, value, merged } of node.entries) {
      if (!merged && seen.has(identityOf(key))) repeated.add(key);
      if (!merged) seen.add(identityOf(key));
      visit(value);
    }
  };
  if (root !== undefined) visit(root);
  return [...repeated];
}

export function isScalar(node: YamlNode): node is YamlScalar {
  return node.kind !== 'map' && node.kind !== 'list' && node.kind !== 'set';
}

/** How a value is called in a sentence: "a list", "the number 1.1". */
export function describeNode(node: YamlNode): string {
  switch (node.kind) {
    case 'map':
      return 'a mapping';
    case 'list':
      return 'a list';
    case 'set':
      return 'a set';
    case 'null':
      return 'nothing (null)';
    case 'boolean':
      return `the boolean ${node.python}`;
    case 'integer':
    case 'float':
      return `the number ${node.python}`;
    case 'timestamp':
      return `the date ${node.text}`;
    case 'binary':
      return 'binary data';
    case 'string':
      return `the text ${JSON.stringify(node.text)}`;
  }
}
