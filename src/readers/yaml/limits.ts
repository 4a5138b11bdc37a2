import { dictEntries, type YamlNode } from './node.ts';
import { Bound, type Mark } from './refusal.ts';

/** Values of a document when each alias is counted as what it stands for. */
const VALUES = 1_000_000;

/**
 * Refuses a document that is too much for those who walk over it: it holds itself, or its aliases multiply.
 * Throws a Bound.
 */
export function refuseSize(root: YamlNode): void {
  const sizes = new Map<YamlNode, number>();
  const open = new Set<YamlNode>();
  const sizeOf = (node: YamlNode): number => {
    const known = sizes.get(node);
    if (known !== undefined) return known;
    if (open.has(node)) throw new Bound('a value holds itself, by an alias', placeOf(node));
    open.add(node);
    let size = 1;
    for (const child of childrenOf(node)) size += sizeOf(child);
    open.delete(node);
    sizes.set(node, size);
    return size;
  };
  if (sizeOf(root) > VALUES) throw new Bound(`its aliases make over ${VALUES} values of it`, placeOf(root));
}

function placeOf({ start }: YamlNode): Mark {
  return { offset: start, line: 0, column: 0 };
}

function childrenOf(node: YamlNode): readonly YamlNode[] {
  if (node.kind === 'map') return dictEntries(node).map(({ value }) => value);
  return node.kind === 'list' ? node.items : [];
}
