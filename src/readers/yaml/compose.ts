/** Makes a tree of a text as PyYAML's Parser and Composer (parser.py, composer.py) do: a port of both. */

import type { Composed, ComposedMapping, ComposedScalar, ComposedSequence } from './composed.ts';
import { DEFAULT_HANDLES, readDirectives, readProperties, type Properties } from './properties.ts';
import { Refusal, pythonRepr, type Context, type Mark } from './refusal.ts';
import { CORE, resolveTag } from './resolve.ts';
import { Scanner } from './scanner.ts';
import type { ScalarStyle, TokenId } from './tokens.ts';

/** Levels of a document; Python's own stack ends a little above. */
const DEPTH = 450;

export class Composer {
  readonly scanner: Scanner;
  #handles: ReadonlyMap<string, string> = DEFAULT_HANDLES;
  #anchors = new Map<string, Composed>();
  #depth = 0;
  /** Offset where the last value or bracket ended. */
  #last = 0;
  #started = false;
  /** Whether a value stands in more than one place. */
  hasAliases = false;

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  /** The only document; undefined when there is none. Throws a Refusal. */
  single(): Composed | undefined {
    const node = this.next();
    if (node === undefined) return undefined;
    const mark = this.#documentStart();
    if (mark === undefined) return node;
    throw new Refusal('but found another document', mark, {
      doing: 'expected a single document in the stream',
      mark: node.mark,
    });
  }

  /** The next document; undefined at the end of the stream. Throws a Refusal. */
  next(): Composed | undefined {
    const { scanner } = this;
    let isExplicit = true;
    if (!this.#started) {
      this.#started = true;
      scanner.next();
      isExplicit = scanner.isNext('<directive>', '<document start>', '<stream end>');
    }
    if (isExplicit && this.#documentStart() === undefined) return undefined;
    const isEmpty =
      isExplicit && scanner.isNext('<directive>', '<document start>', '<document end>', '<stream end>');
    const root = isEmpty ? this.#empty(scanner.peek().start) : this.#node('block', false);
    if (scanner.isNext('<document end>')) scanner.next();
    this.#anchors = new Map();
    return root;
  }

  /** Steps over what begins a document; undefined at the end of the stream. */
  #documentStart(): Mark | undefined {
    const { scanner } = this;
    while (scanner.isNext('<document end>')) scanner.next();
    if (scanner.isNext('<stream end>')) return undefined;
    const mark = scanner.peek().start;
    this.#handles = readDirectives(scanner);
    const found = scanner.peek();
    if (found.id !== '<document start>')
      throw new Refusal(`expected '<document start>', but found ${pythonRepr(found.id)}`, found.start);
    scanner.next();
    return mark;
  }

  /** `indentless`: a list may stand at the column of its key. */
  #node(kind: 'block' | 'flow', indentless: boolean): Composed {
    const { scanner } = this;
    const first = scanner.peek();
    if (first.id === '<alias>') {
      scanner.next();
      const node = this.#anchors.get(first.name);
      if (node === undefined)
        throw new Refusal(`found undefined alias ${pythonRepr(first.name)}`, first.start);
      this.#last = first.end.offset;
      this.hasAliases = true;
      return node;
    }
    const properties = readProperties(scanner, this.#handles);
    if (this.#depth >= DEPTH) throw new Refusal('it is nested too deeply', properties.mark);
    this.#depth += 1;
    const node = this.#content(kind, indentless, properties);
    this.#depth -= 1;
    return node;
  }

  #content(kind: 'block' | 'flow', indentless: boolean, properties: Properties): Composed {
    const { scanner } = this;
    const token = scanner.peek();
    if (indentless && token.id === '-')
      return this.#sequence(properties, token.start, () => this.#indentlessItems());
    switch (token.id) {
      case '<scalar>':
        scanner.next();
        return this.#scalar(properties, token.value, token.style, token.start.offset, token.end.offset);
      case '[':
        return this.#sequence(properties, token.start, (mark) => this.#flowItems(mark));
      case '{':
        return this.#mapping(properties, token.start, (mark) => this.#flowPairs(mark));
    }
    if (kind === 'block' && token.id === '<block sequence start>')
      return this.#sequence(properties, token.start, (mark) => this.#blockItems(mark));
    if (kind === 'block' && token.id === '<block mapping start>')
      return this.#mapping(properties, token.start, (mark) => this.#blockPairs(mark));
    if (properties.written) {
      const { offset } = properties.end;
      return this.#scalar(properties, '', 'plain', offset, offset);
    }
    throw new Refusal(`expected the node content, but found ${pythonRepr(token.id)}`, token.start, {
      doing: `while parsing a ${kind} node`,
      mark: properties.mark,
    });
  }

  #scalar(
    properties: Properties,
    value: string,
    style: ScalarStyle,
    start: number,
    end: number,
  ): ComposedScalar {
    const { tag, mark } = properties;
    const isImplicit = tag === '!' || (tag === undefined && style === 'plain');
    const resolved = tag === undefined || tag === '!' ? resolveTag(value, isImplicit) : tag;
    const node: ComposedScalar = { id: 'scalar', tag: resolved, value, style, mark, start, end };
    this.#last = end;
    this.#name(properties, node);
    return node;
  }

  #empty(mark: Mark): ComposedScalar {
    const { offset } = mark;
    return {
      id: 'scalar',
      tag: resolveTag('', true),
      value: '',
      style: 'plain',
      mark,
      start: offset,
      end: offset,
    };
  }

  #sequence(
    properties: Properties,
    start: Mark,
    items: (mark: Mark) => Iterable<Composed>,
  ): ComposedSequence {
    const tag = properties.tag === undefined || properties.tag === '!' ? `${CORE}seq` : properties.tag;
    const { mark } = properties;
    const node: ComposedSequence = { id: 'sequence', tag, value: [], mark, start: start.offset, end: 0 };
    this.#name(properties, node);
    for (const item of items(start)) node.value.push(item);
    node.end = this.#last;
    return node;
  }

  #mapping(
    properties: Properties,
    start: Mark,
    pairs: (mark: Mark) => Iterable<readonly [Composed, Composed]>,
  ): ComposedMapping {
    const tag = properties.tag === undefined || properties.tag === '!' ? `${CORE}map` : properties.tag;
    const { mark } = properties;
    const node: ComposedMapping = { id: 'mapping', tag, value: [], mark, start: start.offset, end: 0 };
    this.#name(properties, node);
    for (const [key, value] of pairs(start)) node.value.push({ key, value, merged: false });
    node.end = this.#last;
    return node;
  }

  #name({ anchor, mark }: Properties, node: Composed): void {
    if (anchor === undefined) return;
    const first = this.#anchors.get(anchor);
    if (first !== undefined)
      throw new Refusal('second occurrence', mark, {
        doing: `found duplicate anchor ${pythonRepr(anchor)}; first occurrence`,
        mark: first.mark,
      });
    this.#anchors.set(anchor, node);
  }

  *#blockItems(mark: Mark): Iterable<Composed> {
    const { scanner } = this;
    scanner.next();
    while (scanner.isNext('-')) {
      const { end } = scanner.next();
      yield scanner.isNext('-', '<block end>') ? this.#empty(end) : this.#node('block', false);
    }
    this.#blockEnd({ doing: 'while parsing a block collection', mark });
  }

  *#indentlessItems(): Iterable<Composed> {
    const { scanner } = this;
    while (scanner.isNext('-')) {
      const { end } = scanner.next();
      yield scanner.isNext('-', '?', ':', '<block end>') ? this.#empty(end) : this.#node('block', false);
    }
  }

  *#blockPairs(mark: Mark): Iterable<readonly [Composed, Composed]> {
    const { scanner } = this;
    scanner.next();
    while (scanner.isNext('?')) {
      const { end } = scanner.next();
      const key = this.#orEmpty(end, ['?', ':', '<block end>'], 'block');
      yield [key, this.#valueAfter(['?', ':', '<block end>'], 'block')];
    }
    this.#blockEnd({ doing: 'while parsing a block mapping', mark });
  }

  #blockEnd(context: Context): void {
    const token = this.scanner.peek();
    if (token.id !== '<block end>')
      throw new Refusal(`expected <block end>, but found ${pythonRepr(token.id)}`, token.start, context);
    this.scanner.next();
  }

  #orEmpty(mark: Mark, ends: readonly TokenId[], kind: 'block' | 'flow'): Composed {
    return this.scanner.isNext(...ends) ? this.#empty(mark) : this.#node(kind, kind === 'block');
  }

  /** The value behind a `:`, or nothing. */
  #valueAfter(ends: readonly TokenId[], kind: 'block' | 'flow'): Composed {
    const { scanner } = this;
    if (!scanner.isNext(':')) return this.#empty(scanner.peek().start);
    const { end } = scanner.next();
    return this.#orEmpty(end, ends, kind);
  }

  *#flowItems(mark: Mark): Iterable<Composed> {
    const { scanner } = this;
    scanner.next();
    for (let isFirst = true; !scanner.isNext(']'); isFirst = false) {
      if (!isFirst) this.#comma(mark, 'sequence', ']');
      if (scanner.isNext('?')) yield this.#pairInList();
      else if (!scanner.isNext(']')) yield this.#node('flow', false);
      else break;
    }
    this.#last = scanner.next().end.offset;
  }

  /** `[key: value]`: a mapping of one pair. */
  #pairInList(): Composed {
    const { start, end } = this.scanner.next();
    const properties: Properties = {
      anchor: undefined,
      tag: undefined,
      mark: start,
      written: false,
      end: start,
    };
    return this.#mapping(properties, start, () => {
      const key = this.#orEmpty(end, [':', ',', ']'], 'flow');
      return [[key, this.#valueAfter([',', ']'], 'flow')]];
    });
  }

  *#flowPairs(mark: Mark): Iterable<readonly [Composed, Composed]> {
    const { scanner } = this;
    scanner.next();
    for (let isFirst = true; !scanner.isNext('}'); isFirst = false) {
      if (!isFirst) this.#comma(mark, 'mapping', '}');
      if (scanner.isNext('?')) {
        const { end } = scanner.next();
        const key = this.#orEmpty(end, [':', ',', '}'], 'flow');
        yield [key, this.#valueAfter([',', '}'], 'flow')];
      } else if (!scanner.isNext('}')) {
        const key = this.#node('flow', false);
        yield [key, this.#empty(scanner.peek().start)];
      } else break;
    }
    this.#last = scanner.next().end.offset;
  }

  #comma(mark: Mark, what: string, closing: string): void {
    const token = this.scanner.peek();
    if (token.id !== ',')
      throw new Refusal(`expected ',' or '${closing}', but got ${pythonRepr(token.id)}`, token.start, {
        doing: `while parsing a flow ${what}`,
        mark,
      });
    this.scanner.next();
  }
}
