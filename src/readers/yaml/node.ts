import type { ScalarKind } from './scalar.ts';

/** A YAML value as PyYAML's `safe_load` gives it, with its place in the file. */
export type YamlNode = YamlScalar | YamlMap | YamlList;

interface Place {
  /** Offset of its first character. */
  readonly start: number;
  readonly end: number;
}

export interface YamlScalar extends Place {
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
}

interface YamlMap extends Place {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
}

interface YamlList extends Place {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlDocument {
  /** Absent when the text could not be read, and for an empty document. */
  readonly root?: YamlNode;
  /** Why PyYAML refuses the text. */
  readonly problem?: { readonly message: string; readonly offset: number };
}

/** The value of a key; of the last one where the key stands twice, as in PyYAML. */
export function valueOf(map: YamlNode | undefined, key: string): YamlNode | undefined {
  return entryOf(map, key)?.value;
}

export function entryOf(map: YamlNode | undefined, key: string): YamlEntry | undefined {
  return map?.kind === 'map' ? map.entries.findLast((entry) => entry.key.python === key) : undefined;
}

export function isScalar(node: YamlNode): node is YamlScalar {
  return node.kind !== 'map' && node.kind !== 'list';
}

/** How a value is called in a sentence: "a list", "the number 1.1". */
export function describeNode(node: YamlNode): string {
  switch (node.kind) {
    case 'map':
      return 'a mapping';
    case 'list':
      return 'a list';
    case 'null':
      return 'nothing (null)';
    case 'boolean':
      return `the boolean ${node.python}`;
    case 'integer':
    case 'float':
      return `the number ${node.python}`;
    case 'timestamp':
      return `the date ${node.text}`;
    default:
      return `the text ${JSON.stringify(node.text)}`;
  }
}
