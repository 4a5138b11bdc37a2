/** Puts names into the lists of setup.cfg and pyproject.toml that are written out. Pure. */

import { applyTextEdits } from '../edits/text-edits.ts';
import { readIni } from '../readers/ini.ts';
import { insertItems } from './setup-edits.ts';

/** A list: a table (a section) and a key in it, as they are written without quotes. */
export interface ListPlace {
  readonly table: string;
  readonly key: string;
}

/** The text with the names in a list of setup.cfg, a line each or with commas; undefined where it has no such list. */
export function intoCfgList(
  text: string,
  { table, key }: ListPlace,
  names: readonly string[],
): string | undefined {
  const option = readIni(text)
    .sections.get(table)
    ?.find(({ name }) => name === key);
  if (option === undefined) return undefined;
  const has = option.lines.flatMap((line) => line.text.split(',')).map((name) => name.trim());
  const missing = names.filter((name) => !has.includes(name));
  const rows = text.split('\n');
  const at = (option.lines.at(-1)?.line ?? option.line) - 1;
  const row = rows[at] ?? '';
  if (option.lines.length > 1) {
    const indent = /^\s*/.exec(row)?.[0] ?? '';
    rows.splice(at + 1, 0, ...missing.map((name) => `${indent}${name}`));
  } else if (missing.length > 0)
    rows[at] = `${row.trimEnd()}${has.join('') === '' ? ' ' : ', '}${missing.join(', ')}`;
  return rows.join('\n');
}

/** The text with the names in a list of pyproject.toml; undefined where it has no such list, or one that is no list of texts. */
export function intoTomlList(
  text: string,
  { table, key }: ListPlace,
  names: readonly string[],
): string | undefined {
  const from = listStart(text, table, key);
  const list = from === undefined ? undefined : tomlList(text, from);
  if (list === undefined) return undefined;
  const missing = names.filter((name) => !list.entries.some(({ value }) => value === name));
  return applyTextEdits(
    text,
    insertItems(
      text,
      list,
      missing.map((name) => JSON.stringify(name)),
    ),
  );
}

/** Whether a table of pyproject.toml has the key, or is a table of that name. */
export function hasTomlKey(text: string, { table, key }: ListPlace): boolean {
  return keyIn(text, table, key) !== undefined;
}

/** Behind the `[` of a list. */
function listStart(text: string, table: string, key: string): number | undefined {
  const at = keyIn(text, table, key);
  if (at === undefined) return undefined;
  const open = /^\s*\[/.exec(text.slice(at));
  return open === null ? undefined : at + open[0].length;
}

/** Behind the `=` of a key. */
function keyIn(text: string, table: string, key: string): number | undefined {
  const header = new RegExp(`^\\[\\s*${escape(table)}\\s*\\][^\\n]*\\n`, 'm').exec(text);
  if (header === null) return undefined;
  const start = header.index + header[0].length;
  const end = text.slice(start).search(/^\[/m);
  const body = end === -1 ? text.slice(start) : text.slice(start, start + end);
  const found = new RegExp(`^(?:${escape(key)}|"${escape(key)}"|'${escape(key)}')\\s*=`, 'm').exec(body);
  return found === null ? undefined : start + found.index + found[0].length;
}

interface TomlList {
  readonly entries: readonly { readonly value: string; readonly from: number; readonly to: number }[];
  readonly from: number;
  readonly to: number;
}

/** Texts, comments, and what stands between them. */
const PIECE = /"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|#[^\n]*|[\s,]+/y;

function tomlList(text: string, from: number): TomlList | undefined {
  const entries: { value: string; from: number; to: number }[] = [];
  const pieces = new RegExp(PIECE.source, 'y');
  for (let at = from; text[at] !== ']'; at = pieces.lastIndex) {
    pieces.lastIndex = at;
    const piece = pieces.exec(text);
    if (piece === null) return undefined;
    const value = piece[1] ?? piece[2];
    if (value !== undefined) entries.push({ value, from: at, to: pieces.lastIndex });
  }
  const last = entries.at(-1)?.to ?? from;
  return { entries, from, to: last + text.slice(last).indexOf(']') };
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
