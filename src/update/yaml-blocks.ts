/** Takes YAML apart by its keys and items, as it is laid out in lines. Pure. */

import type { Block, Splitter } from './keyed-merge.ts';
import { groupLines } from './line-blocks.ts';
import { lines } from './text-merge.ts';

const KEY = /^( *)((?:"[^"]*"|'[^']*'|[^\s#"'[\]{}&*!|>%@`,-][^#]*?|-[^\s#][^#]*?))\s*:(?:\s|$)/;

/** The keys of a mapping; undefined when the text is no mapping in block style. */
export const yamlMapping: Splitter = (text) => {
  if (text.includes('\t')) return undefined;
  const content = lines(text).filter((line) => !/^\s*(#.*)?$|^---\s*$/.test(line.trimEnd()));
  const [first] = content;
  if (first === undefined) return groupLines(text, () => undefined);
  const indent = indentOf(first);
  if (KEY.exec(first) === null || content.some((line) => indentOf(line) < indent)) return undefined;
  return groupLines(text, (line) => {
    const [, spaces, key] = KEY.exec(line) ?? [];
    if (key === undefined || spaces?.length !== indent) return undefined;
    return { key: key.replaceAll(/^["']|["']$/g, ''), inside: yamlValue };
  });
};

/** A key's own line, and what stands below it. */
const yamlValue: Splitter = (text) => {
  const [head = '', ...rest] = lines(text);
  if (!/:\s*(\[\s*\]|\{\s*\})?\s*(#.*)?$/.test(head.trimEnd())) return undefined;
  const below = rest.join('');
  const header: Block = { key: '', text: head };
  if (below === '') return [header];
  const parts = /^(\s*(#.*)?\n)*\s*- /.test(below) ? yamlItems(below) : yamlMapping(below);
  return parts === undefined ? undefined : [header, ...parts];
};

const yamlItems: Splitter = (text) => {
  const [first = ''] = lines(text).filter((line) => !/^\s*(#.*)?$/.test(line.trimEnd()));
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
