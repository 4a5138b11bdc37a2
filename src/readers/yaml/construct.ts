/** Makes values of a composed tree, in the order of PyYAML's SafeConstructor (constructor.py): a port of it. */

import type { Composed, ComposedMapping, ComposedPair } from './composed.ts';
import { isScalar, type YamlEntry, type YamlNode, type YamlScalar } from './node.ts';
import { Bound, Refusal, pythonRepr, type Mark } from './refusal.ts';
import { CORE } from './resolve.ts';
import { isScalarType, scalarOf } from './scalar.ts';
import { append } from '../../support/append.ts';

/** Pairs that `<<` may copy in one document: 10 levels of 10 would be 10 milliards. */
const MERGED = 100_000;

export class Constructor {
  readonly #tags: ReadonlySet<string>;
  readonly #made = new Map<Composed, YamlNode>();
  /** The steps that fill collections: PyYAML fills them level by level. */
  #filling: (() => void)[] = [];
  #merged = 0;

  /** `tags`: what the reader of the file knows beside the standard tags. */
  constructor(tags: readonly string[]) {
    this.#tags = new Set(tags);
  }

  /** Throws a Refusal. */
  document(root: Composed): YamlNode {
    const made = this.#make(root);
    while (this.#filling.length > 0) {
      const filling = this.#filling;
      this.#filling = [];
      for (const fill of filling) fill();
    }
    return made;
  }

  #make(node: Composed): YamlNode {
    if (node.id === 'scalar') return this.#construct(node);
    const known = this.#made.get(node);
    if (known !== undefined) return known;
    const made = this.#construct(node);
    this.#made.set(node, made);
    return made;
  }

  #construct(node: Composed): YamlNode {
    const type = node.tag.startsWith(CORE) ? node.tag.slice(CORE.length) : '';
    const { start, end } = node;
    switch (type) {
      case 'map':
        return this.#map(node, {});
      case 'seq':
        return this.#list(node, {});
      case 'set': {
        const items: YamlScalar[] = [];
        this.#filling.push(() =>
          append(
            items,
            this.#entries(node).map(({ key }) => key),
          ),
        );
        return { kind: 'set', items, start, end };
      }
      case 'omap':
        return this.#pairs(node, 'an ordered map');
      case 'pairs':
        return this.#pairs(node, 'pairs');
    }
    if (isScalarType(type)) return scalarNode(node, type, scalarText(node));
    if (!this.#tags.has(node.tag))
      throw new Refusal(`could not determine a constructor for the tag ${pythonRepr(node.tag)}`, node.mark);
    const { tag } = node;
    if (node.id === 'mapping') return this.#map(node, { tag });
    if (node.id === 'sequence') return this.#list(node, { tag });
    return { ...scalarNode(node, 'str', node.value), tag };
  }

  #map(node: Composed, tag: { readonly tag?: string }): YamlNode {
    const entries: YamlEntry[] = [];
    this.#filling.push(() => append(entries, this.#entries(node)));
    return { kind: 'map', entries, start: node.start, end: node.end, ...tag };
  }

  #list(node: Composed, tag: { readonly tag?: string }): YamlNode {
    const items: YamlNode[] = [];
    this.#filling.push(() => {
      if (node.id !== 'sequence') throw expected('a sequence node', node);
      for (const item of node.value) items.push(this.#make(item));
    });
    return { kind: 'list', items, start: node.start, end: node.end, ...tag };
  }

  #entries(node: Composed): readonly YamlEntry[] {
    if (node.id !== 'mapping') throw expected('a mapping node', node);
    this.#flatten(node);
    return node.value.map(({ key, value, merged }) => {
      const made = this.#make(key);
      if (!isScalar(made))
        throw new Refusal('found unhashable key', key.mark, {
          doing: 'while constructing a mapping',
          mark: node.mark,
        });
      return { key: made, value: this.#make(value), merged };
    });
  }

  /** Puts what `<<` names before the mapping's own pairs. */
  #flatten(node: ComposedMapping): void {
    const brought: ComposedPair[] = [];
    for (let index = 0; index < node.value.length;) {
      const pair = node.value[index];
      if (pair === undefined) break;
      if (pair.key.tag !== `${CORE}merge`) {
        if (pair.key.tag === `${CORE}value`) pair.key.tag = `${CORE}str`;
        index += 1;
        continue;
      }
      node.value.splice(index, 1);
      for (const source of this.#mergeSources(pair.value, node.mark)) append(brought, source);
      this.#merged += brought.length;
      if (this.#merged > MERGED) throw new Bound(`<< copies more than ${MERGED} pairs`, pair.key.mark);
    }
    if (brought.length > 0)
      node.value = [...brought.map((pair) => ({ ...pair, merged: true })), ...node.value];
  }

  /** Earlier mappings of a list win, so they come last. */
  #mergeSources(value: Composed, mark: Mark): readonly (readonly ComposedPair[])[] {
    const context = { doing: 'while constructing a mapping', mark };
    if (value.id === 'mapping') {
      this.#flatten(value);
      return [value.value];
    }
    if (value.id === 'scalar')
      throw new Refusal(
        'expected a mapping or list of mappings for merging, but found scalar',
        value.mark,
        context,
      );
    const sources = value.value.map((item) => {
      if (item.id !== 'mapping')
        throw new Refusal(`expected a mapping for merging, but found ${item.id}`, item.mark, context);
      this.#flatten(item);
      return item.value;
    });
    return sources.toReversed();
  }

  /** `!!omap` and `!!pairs`: a list of tuples of two. */
  #pairs(node: Composed, what: string): YamlNode {
    const items: YamlNode[] = [];
    const { start, end } = node;
    const context = { doing: `while constructing ${what}`, mark: node.mark };
    this.#filling.push(() => {
      if (node.id !== 'sequence')
        throw new Refusal(`expected a sequence, but found ${node.id}`, node.mark, context);
      for (const item of node.value) {
        if (item.id !== 'mapping')
          throw new Refusal(`expected a mapping of length 1, but found ${item.id}`, item.mark, context);
        const [pair] = item.value;
        if (pair === undefined || item.value.length !== 1)
          throw new Refusal(
            `expected a single mapping item, but found ${item.value.length} items`,
            item.mark,
            context,
          );
        const two = [this.#make(pair.key), this.#make(pair.value)];
        items.push({ kind: 'list', items: two, tuple: true, start: item.start, end: item.end });
      }
    });
    return { kind: 'list', items, start, end };
  }
}

/** The text of a scalar; of a mapping, the one under its key `=`. */
function scalarText(node: Composed, depth = 0): string {
  if (node.id === 'scalar') return node.value;
  const under =
    node.id === 'mapping' ? node.value.find(({ key }) => key.tag === `${CORE}value`)?.value : undefined;
  if (under === undefined || depth > 900) throw expected('a scalar node', node);
  return scalarText(under, depth + 1);
}

function scalarNode(node: Composed, type: string, text: string): YamlScalar {
  const value = scalarOf(type, text);
  if (value === undefined) {
    const name = { int: 'a whole number', float: 'a number', bool: 'a truth value' }[type] ?? `a ${type}`;
    throw new Refusal(`${JSON.stringify(text)} is not ${name}`, node.mark);
  }
  const plain = node.id === 'scalar' && node.style === 'plain';
  return { kind: value.kind, text, python: value.python, plain, start: node.start, end: node.end };
}

function expected(what: string, node: Composed): Refusal {
  return new Refusal(`expected ${what}, but found ${node.id}`, node.mark);
}
