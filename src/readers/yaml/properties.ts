/** Directives, tags and anchors before a value: a port of that part of PyYAML's parser.py. */

import { Refusal, pythonRepr, type Mark } from './refusal.ts';
import { CORE } from './resolve.ts';
import type { Scanner } from './scanner.ts';
import type { TagToken } from './tokens.ts';

export const DEFAULT_HANDLES: ReadonlyMap<string, string> = new Map([
  ['!', '!'],
  ['!!', CORE],
]);

export interface Properties {
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
  readonly mark: Mark;
  /** Whether there is a tag or an anchor. */
  readonly written: boolean;
  /** Where they end. */
  readonly end: Mark;
}

/** Reads directives; the prefixes of tags that hold from there. */
export function readDirectives(scanner: Scanner): ReadonlyMap<string, string> {
  const handles = new Map<string, string>();
  let hasVersion = false;
  for (let token = scanner.peek(); token.id === '<directive>'; token = scanner.peek()) {
    scanner.next();
    const { directive } = token;
    if (directive.name === 'YAML') {
      if (hasVersion) throw new Refusal('found duplicate YAML directive', token.start);
      if (directive.major !== 1)
        throw new Refusal('found incompatible YAML document (version 1.* is required)', token.start);
      hasVersion = true;
    } else if (directive.name === 'TAG') {
      if (handles.has(directive.handle))
        throw new Refusal(`duplicate tag handle ${pythonRepr(directive.handle)}`, token.start);
      handles.set(directive.handle, directive.prefix);
    }
  }
  return new Map([...DEFAULT_HANDLES, ...handles]);
}

/** Reads the tag and the anchor of a value. */
export function readProperties(scanner: Scanner, handles: ReadonlyMap<string, string>): Properties {
  const start = scanner.peek().start;
  let anchor: string | undefined;
  let tag: TagToken | undefined;
  let end = start;
  // at most one of each: nothing behind them is read before the tag is known
  for (let left = 2; left > 0; left -= 1) {
    const token = scanner.peek();
    if (token.id === '<anchor>' && anchor === undefined) anchor = token.name;
    else if (token.id === '<tag>' && tag === undefined) tag = token;
    else break;
    end = token.end;
    scanner.next();
  }
  const written = tag !== undefined || anchor !== undefined;
  if (tag?.handle === undefined) return { anchor, tag: tag?.suffix, mark: start, written, end };
  const prefix = handles.get(tag.handle);
  if (prefix === undefined)
    throw new Refusal(`found undefined tag handle ${pythonRepr(tag.handle)}`, tag.start, {
      doing: 'while parsing a node',
      mark: start,
    });
  return { anchor, tag: prefix + tag.suffix, mark: start, written, end };
}
