import { dictEntries, type YamlNode } from './node.ts';

/** A value for what only compares and prints: numbers as JavaScript's, dates and bytes as Python's `str()` has them. */
export function plainValue(node: YamlNode | undefined): unknown {
  if (node === undefined) return null;
  switch (node.kind) {
    case 'null':
      return null;
    case 'map': {
      const pairs = dictEntries(node).map(({ key, value }) => [key.python, plainValue(value)]);
      return Object.fromEntries(pairs) as unknown;
    }
    case 'list':
    case 'set':
      return node.items.map(plainValue);
    case 'boolean':
      return node.python === 'True';
    case 'integer':
    case 'float':
      return Number(node.python.replace('inf', 'Infinity'));
    default:
      return node.python;
  }
}
