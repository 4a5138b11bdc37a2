import { wrapAnsi } from 'fast-wrap-ansi';
import { glued, unglued } from './unbroken.ts';

const COLOUR = /\u001b\[[\d;]*m/g;

/** The beginning of a row of a table: a mark, a name or a few words, and blanks. */
const ROW = /^ *(?:[^\s\d|"]\S* ){0,5}[^\s\d|"]\S* {2,}(?=\S)/;

/** Columns where the text of a row begins, and the fewest that it must have. */
const ROW_TEXT = { least: 14, most: 32, width: 36 };

/**
 * Breaks a line, coloured or not, at its words where the terminal ends; what follows is set in a little more, and in a
 * row of a table below its text. A command stays whole, and a number with its unit.
 * Without a terminal lines stay whole, so that programs find a finding in one line.
 * @param columns the terminal's width; endless where there is none
 */
export function fit(line: string, columns: number): readonly string[] {
  if (line.length <= columns) return [line];
  const row = textOfRow(line, columns);
  // a colour may begin before the blanks
  const [head = ''] = row === undefined ? (/^(?:\u001b\[[\d;]*m| )*/.exec(line) ?? []) : [line.slice(0, row)];
  const colours = (head.match(COLOUR) ?? []).join('');
  const indent = head.length - colours.length;
  const hang = row === undefined ? indent + 2 : indent;
  const width = Math.max(20, columns - hang);
  const [first = '', ...rest] = wrapAnsi(colours + glued(line.slice(head.length)), width, {
    trim: false,
    hard: false,
  }).split('\n');
  const start = row === undefined ? ' '.repeat(indent) + first : head + first.slice(colours.length);
  const following = rest.map((more) => ' '.repeat(hang) + more.replace(/^((?:\u001b\[[\d;]*m)*) +/, '$1'));
  return [start, ...following].map((one) => unglued(one).trimEnd());
}

/** Where the text of a row begins in the line; undefined for another line, and where it would be too narrow. */
function textOfRow(line: string, columns: number): number | undefined {
  const [before = ''] = ROW.exec(line.replace(COLOUR, '')) ?? [];
  const { least, most, width } = ROW_TEXT;
  if (before.length < least || before.length > most || columns - before.length < width) return undefined;
  let column = 0;
  for (const match of line.matchAll(/\u001b\[[\d;]*m|[\s\S]/g)) {
    if (match[0].length > 1) continue;
    if (column === before.length) return match.index;
    column += 1;
  }
  return undefined;
}
