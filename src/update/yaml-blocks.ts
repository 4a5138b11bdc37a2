/** Takes YAML apart by its keys and items, as it is laid out in lines. Pure. */

import type { Block, Splitter } from './keyed-merge.ts';
import { groupLines } from './line-blocks.ts';
import { lines } from './text-merge.ts';

/** `  key:` with what may follow; undefined for a line that begins no key. */
function keyOf(line: string): { readonly indent: number; readonly key: string } | undefined {
  const indent = line.length - line.replace(/^ */, '').length;
  const first = line.charAt(indent);
  if (first === '"' || first === "'") {
    const end = line.indexOf(first, indent + 1);
    const isKey = end > 0 && /^\s*:(?:\s|$)/.test(line.slice(end + 1));
    return isKey ? { indent, key: line.slice(indent + 1, end) } : undefined;
  }
  if (/^[\s#[\]{}&*!|>%@`,]?$/.test(first) || /^-(?:[\s#]|$)/.test(line.slice(indent, indent + 2)))
    return undefined;
  const comment = line.indexOf('#', indent);
  const colon = line.slice(0, comment < 0 ? undefined : comment + 1).search(/:(?:\s|$)/);
  return colon <= indent ? undefined : { indent, key: line.slice(indent, colon).trimEnd() };
}

/** A blank line or a comment. */
function isGap(line: string): boolean {
  return /^(?:#|$)/.test(line.trim());
}

/** The keys of a mapping; undefined when the text is no mapping in block style. */
export const yamlMapping: Splitter = (text) => {
  if (text.includes('\t')) return undefined;
  const content = lines(text).filter((line) => !isGap(line) && line.trimEnd() !== '---');
  const [first] = content;
  if (first === undefined) return groupLines(text, () => undefined);
  const indent = indentOf(first);
  if (keyOf(first) === undefined || content.some((line) => indentOf(line) < indent)) return undefined;
  return groupLines(text, (line) => {
    const found = keyOf(line);
    return found?.indent === indent ? { key: found.key, inside: yamlValue } : undefined;
  });
};

/** A key's own line, and what stands below it. */
const yamlValue: Splitter = (text) => {
  const [head = '', ...rest] = lines(text);
  if (!hasNoValue(head)) return undefined;
  const below = rest.join('');
  const header: Block = { key: '', text: head };
  if (below === '') return [header];
  const first = rest.find((line) => !isGap(line)) ?? '';
  const parts = first.trimStart().startsWith('- ') ? yamlItems(below) : yamlMapping(below);
  return parts === undefined ? undefined : [header, ...parts];
};

/** Whether nothing, or an empty list or mapping, stands behind the key. */
function hasNoValue(head: string): boolean {
  const found = /:(?:\s|$)/.exec(head);
  const value = found === null ? 'x' : head.slice(found.index + 1).trimStart();
  return /^(?:(?:\[\s*\]|\{\s*\})\s*)?(?:#|$)/.test(value);
}

const yamlItems: Splitter = (text) => {
  const first = lines(text).find((line) => !isGap(line)) ?? '';
  const indent = indentOf(first);
  const items: Block[] = groupLines(text, (line) =>
    indentOf(line) === indent && /^ *- /.test(line) ? { key: '-' } : undefined,
  ).map((block, at, all) =>
    block.key === '-'
      ? { ...block, key: itemKey(block.text) }
      : { ...block, key: gapKey(block, all[at + 1]) },
  );
  return items;
};

/** Equal values are the same item, however they are quoted. */
function itemKey(text: string): string {
  return text.replaceAll(/["'\s]+/g, ' ').trim();
}

function gapKey(block: Block, next: Block | undefined): string {
  return next === undefined ? block.key : `#${itemKey(next.text)}`;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
