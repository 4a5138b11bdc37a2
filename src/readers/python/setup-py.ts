/** Entry points of a setup.py, with their places in the text. Pure. */

import { mergeText, type Labels, type Merged, type Three } from '../../update/text-merge.ts';

interface Entry {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

interface Group {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** Of the list, behind `[` and at `]`. */
  readonly from: number;
  readonly to: number;
}

export interface EntryPoints {
  readonly groups: readonly Group[];
  /** Of the dictionary, behind `{` and at `}`. */
  readonly from: number;
  readonly to: number;
}

/** The dictionary of `entry_points=` when it is written out: texts, lists of texts and comments. */
export function readEntryPoints(text: string): EntryPoints | undefined {
  const start = /\bentry_points\s*=\s*\{/.exec(text);
  if (start === null) return undefined;
  const from = start.index + start[0].length;
  const reader = new Literals(text, from);
  const groups: Group[] = [];
  while (!reader.take('}')) {
    const name = reader.text();
    if (name === undefined || !reader.take(':') || !reader.take('[')) return undefined;
    const first = reader.at;
    const entries: Entry[] = [];
    while (!reader.take(']')) {
      const entry = reader.text();
      if (entry === undefined) return undefined;
      entries.push(entry);
      if (!reader.take(',') && !reader.sees(']')) return undefined;
    }
    groups.push({ name: name.text, entries, from: first, to: reader.at - 1 });
    if (!reader.take(',') && !reader.sees('}')) return undefined;
  }
  return { groups, from, to: reader.at - 1 };
}

class Literals {
  at: number;
  readonly #text: string;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  sees(sign: string): boolean {
    this.#skip();
    return this.#text[this.at] === sign;
  }

  take(sign: string): boolean {
    if (!this.sees(sign)) return false;
    this.at += 1;
    return true;
  }

  text(): Entry | undefined {
    this.#skip();
    const found = /^(["'])((?:(?!\1)[^\\\n])*)\1/.exec(this.#text.slice(this.at));
    if (found === null) return undefined;
    const from = this.at;
    this.at += found[0].length;
    return { text: found[2] ?? '', from, to: this.at };
  }

  #skip(): void {
    const blank = /^(\s|#[^\n]*)*/.exec(this.#text.slice(this.at));
    this.at += blank?.[0].length ?? 0;
  }
}

/** Adds an entry point; the text as it was when it has it, undefined when the dictionary is not written out. */
export function addEntryPoint(text: string, group: string, entry: string): string | undefined {
  const points = readEntryPoints(text);
  if (points === undefined) return undefined;
  const found = points.groups.find(({ name }) => name === group);
  if (found?.entries.some((known) => plain(known.text) === plain(entry)) === true) return text;
  if (found !== undefined)
    return insertItem(
      text,
      found.entries.map(({ to }) => to),
      found,
      `'${entry}'`,
    );
  return insertItem(
    text,
    points.groups.map(({ to }) => to + 1),
    points,
    `'${group}': ['${entry}']`,
  );
}

/** Behind the last item, in the same way: on a line of its own, or on the same one. */
function insertItem(
  text: string,
  ends: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
  item: string,
): string {
  const last = ends.at(-1) ?? from;
  const outer = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', from) + 1))?.[0] ?? '';
  if (!text.slice(from, to).includes('\n')) {
    const comma = ends.length === 0 ? '' : /^\s*,/.test(text.slice(last, to)) ? ' ' : ', ';
    const at = comma === ' ' ? last + (/^\s*,/.exec(text.slice(last, to))?.[0].length ?? 0) : last;
    return text.slice(0, at) + comma + item + text.slice(at);
  }
  const line = text.lastIndexOf('\n', last - 1) + 1;
  const indent = ends.length === 0 ? `${outer}    ` : (/^[ \t]*/.exec(text.slice(line))?.[0] ?? '');
  const comma = /^\s*,/.exec(text.slice(last, to));
  const at = last + (comma?.[0].length ?? 0);
  return `${text.slice(0, at)}${ends.length > 0 && comma === null ? ',' : ''}\n${indent}${item},${text.slice(at)}`;
}

/** Takes an entry point out, with its comma and its line when it is alone on it. */
function removeEntryPoint(text: string, group: string, entry: string): string {
  const list = readEntryPoints(text)?.groups.find(({ name }) => name === group);
  const found = list?.entries.find((known) => plain(known.text) === plain(entry));
  if (found === undefined) return text;
  const before = text.slice(0, found.from).replace(/\n[ \t]*$/, '');
  const after = text.slice(found.to).replace(/^\s*,[ \t]*/, '');
  return before + after;
}

/** Merges a setup.py: entry points as a set, the rest line by line. Undefined when they are not written out. */
export function mergeSetupPy(three: Three, labels: Labels): Merged | undefined {
  const points = {
    old: readEntryPoints(three.old),
    new: readEntryPoints(three.new),
    mine: readEntryPoints(three.mine),
  };
  if (points.old === undefined || points.new === undefined || points.mine === undefined) return undefined;
  const rest = mergeText(
    {
      old: withoutPoints(three.old, points.old),
      new: withoutPoints(three.new, points.new),
      mine: withoutPoints(three.mine, points.mine),
    },
    labels,
  );
  const places = rest.text.split(HOLE);
  if (places.length !== 2) return undefined;
  const body = three.mine.slice(points.mine.from, points.mine.to);
  const indent =
    /^[ \t]*/.exec(three.mine.slice(three.mine.lastIndexOf('\n', points.mine.from) + 1))?.[0] ?? '';
  const head = `${indent}entry_points={`;
  const dictionary = mergePoints(`${head}${body}}`, entriesOf(points.old), entriesOf(points.new));
  if (dictionary === undefined) return undefined;
  const merged = dictionary.slice(head.length, -1);
  return { text: `${places[0] ?? ''}${merged}${places[1] ?? ''}`, conflicts: rest.conflicts };
}

const HOLE = '\u0000entry points\u0000';

function withoutPoints(text: string, { from, to }: EntryPoints): string {
  return text.slice(0, from) + HOLE + text.slice(to);
}

interface Named {
  readonly group: string;
  readonly entry: string;
}

function entriesOf(points: EntryPoints): readonly Named[] {
  return points.groups.flatMap(({ name, entries }) =>
    entries.map(({ text }) => ({ group: name, entry: text })),
  );
}

/** Undefined when both changed one entry point, so that the lines must show it as a conflict. */
function mergePoints(given: string, old: readonly Named[], fresh: readonly Named[]): string | undefined {
  let mine = given;
  const has = (list: readonly Named[], { group, entry }: Named): boolean =>
    list.some((other) => other.group === group && plain(other.entry) === plain(entry));
  const authors = entriesOf(readEntryPoints(given) ?? { groups: [], from: 0, to: 0 });
  for (const gone of old.filter((entry) => !has(fresh, entry))) {
    const sameName = authors.some((other) => other.group === gone.group && nameOf(other) === nameOf(gone));
    if (!has(authors, gone) && sameName) return undefined;
    mine = removeEntryPoint(mine, gone.group, gone.entry);
  }
  for (const added of fresh.filter((entry) => !has(old, entry))) {
    const next = addEntryPoint(mine, added.group, added.entry);
    if (next === undefined) return undefined;
    mine = next;
  }
  return mine;
}

function nameOf({ entry }: Named): string {
  return entry.split('=')[0]?.trim() ?? '';
}

function plain(text: string): string {
  return text.replaceAll(/\s/g, '');
}
