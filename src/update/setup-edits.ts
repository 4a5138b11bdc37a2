/** Puts entry points, packages and keywords into a setup.py, and takes entry points out. Pure. */

import type { TextEdit } from '../edits/text-edits.ts';
import type { WrittenEntryPoints, WrittenList } from '../readers/python/packaging.ts';
import type { PythonCall } from '../readers/python/facts.ts';

export interface EntryPointLine {
  readonly group: string;
  /** `name = module:attribute` */
  readonly entry: string;
}

interface Change {
  readonly added: readonly EntryPointLine[];
  readonly removed?: readonly EntryPointLine[];
}

/** Edits that add entry points and take others out; what is there already, or is gone, stays so. */
export function entryPointEdits(
  text: string,
  points: WrittenEntryPoints,
  { added, removed = [] }: Change,
): readonly TextEdit[] {
  const own = points.groups.flatMap((group) => {
    const has = (lines: readonly EntryPointLine[], value: string): boolean =>
      lines.some((line) => line.group === group.name && sameEntry(line.entry, value));
    const gone = group.entries.filter(({ value }) => has(removed, value));
    const kept = group.entries.filter((entry) => !gone.includes(entry));
    const fresh = entriesOf(added, group.name).filter(
      (entry) => !group.entries.some(({ value }) => sameEntry(value, entry)),
    );
    return [
      ...gone.map((entry) => removal(text, entry)),
      ...insertItems(
        text,
        { ...group, entries: kept },
        fresh.map((entry) => `'${entry}'`),
      ),
    ];
  });
  const groups = [...new Set(added.map(({ group }) => group))].filter(
    (name) => !points.groups.some((group) => group.name === name),
  );
  const lists = points.groups.map(({ from, to }) => ({ value: '', from, to: to + 1 }));
  return [
    ...own,
    ...insertItems(
      text,
      { entries: lists, from: points.from, to: points.to },
      groups.map((name) => `'${name}': [${quoted(entriesOf(added, name))}]`),
    ),
  ];
}

function entriesOf(lines: readonly EntryPointLine[], group: string): readonly string[] {
  return lines.filter((line) => line.group === group).map(({ entry }) => entry);
}

/** Whether two are the same but for blanks. */
function sameEntry(left: string, right: string): boolean {
  return withoutBlanks(left) === withoutBlanks(right);
}

export function withoutBlanks(entry: string): string {
  return entry.replaceAll(/\s/g, '');
}

function quoted(entries: readonly string[]): string {
  return entries.map((entry) => `'${entry}'`).join(', ');
}

/** Behind the last item, in the same way: on lines of their own, or on the same one. */
export function insertItems(
  text: string,
  { entries, from, to }: WrittenList,
  items: readonly string[],
): readonly TextEdit[] {
  if (items.length === 0) return [];
  const last = entries.at(-1)?.to;
  const start = last ?? from;
  const comma = last === undefined ? null : /^\s*,/.exec(text.slice(last, to));
  const behind = start + (comma?.[0].length ?? 0);
  if (!text.slice(from, to).includes('\n')) {
    const before = last === undefined ? '' : comma === null ? ', ' : ' ';
    return [{ from: behind, to: behind, text: before + items.join(', ') }];
  }
  const indent = last === undefined ? `${indentAt(text, from)}    ` : indentAt(text, last - 1);
  // a comment on the line of the last item stays with it
  const at = behind + (/^[ \t]*#[^\n]*/.exec(text.slice(behind, to))?.[0].length ?? 0);
  const edit = { from: at, to: at, text: items.map((item) => `\n${indent}${item},`).join('') };
  return last === undefined || comma !== null ? [edit] : [{ from: last, to: last, text: ',' }, edit];
}

/** Takes an item out, with its comma, and its line when it is alone on it. */
function removal(text: string, { from, to }: { readonly from: number; readonly to: number }): TextEdit {
  const before = /\n[ \t]*$/.exec(text.slice(0, from))?.[0].length ?? 0;
  const after = /^\s*,[ \t]*/.exec(text.slice(to))?.[0].length ?? 0;
  return { from: from - before, to: to + after, text: '' };
}

/** Keywords at the end of a call: each on a line of its own where its last argument is. */
export function keywordEdits(
  text: string,
  { argsTo, to }: PythonCall,
  keywords: readonly string[],
): readonly TextEdit[] {
  if (keywords.length === 0) return [];
  const close = to - 1;
  const hasComma = /^\s*,/.test(text.slice(argsTo, close));
  const isEmpty = text[argsTo - 1] === '(';
  const line = lineStart(text, close);
  if (line <= argsTo || /\S/.test(text.slice(line, close))) {
    const at = argsTo + (/^\s*,/.exec(text.slice(argsTo, close))?.[0].length ?? 0);
    const before = isEmpty ? '' : hasComma ? ' ' : ', ';
    const inline = keywords.map((keyword) => keyword.replaceAll('\n    ', ''));
    return [{ from: at, to: at, text: before + inline.join(', ') }];
  }
  const indent = isEmpty ? `${indentAt(text, close)}    ` : indentAt(text, argsTo - 1);
  const lines = keywords.map((keyword) => `${indent}${keyword.replaceAll('\n', `\n${indent}`)},\n`);
  const comma = { from: argsTo, to: argsTo, text: ',' };
  return [...(hasComma || isEmpty ? [] : [comma]), { from: line, to: line, text: lines.join('') }];
}

/** `entry_points={…}` as a keyword. */
export function entryPointsKeyword(added: readonly EntryPointLine[]): string {
  const groups = [...new Set(added.map(({ group }) => group))];
  const lines = groups.map((group) => `    '${group}': [${quoted(entriesOf(added, group))}],\n`);
  return `entry_points={\n${lines.join('')}}`;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at)))?.[0] ?? '';
}
