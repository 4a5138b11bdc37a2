import path from 'node:path';
import { visible } from '../support/visible.ts';
import { paint } from './paint.ts';
import { rowOf } from '../findings/catalogue.ts';
import type { Finding, Level } from '../findings/finding.ts';
import { append } from '../support/append.ts';

/** Gives the text of a line of a source file, without its end; undefined when there is no such line. */
export interface LineReader {
  (file: string, line: number): string | undefined;
  /** The folder that the files' names begin at; where a person stands, unless told. */
  readonly dir?: string;
}

const COLOUR: Readonly<Record<Level, (text: string) => string>> = {
  error: paint.red,
  warning: paint.yellow,
  info: paint.blue,
};

/** A finding for people: where, what, the source line with a caret, and the next thing to try. */
export function findingLines(finding: Finding, readLine: LineReader): readonly string[] {
  const { file, line, column, level, message, code, help = rowOf(code).fix } = finding;
  const place = [typedName(file, readLine.dir), line, column].filter((part) => part !== undefined).join(':');
  const head = `${COLOUR[level](level)}: ${message} ${paint.dim(`[${code}]`)}`;
  const lines = [place === '' ? head : `${paint.bold(place)}: ${head}`];
  const source = file === undefined || line === undefined ? undefined : readLine(file, line);
  if (source !== undefined && line !== undefined) lines.push(...excerpt(source, line, column));
  append(
    lines,
    help.split('\n').map((text) => paint.dim(`  ${text}`)),
  );
  return lines;
}

/** A file as a terminal or an editor opens it from where the person stands; installed paths stay. */
function typedName(file: string | undefined, dir = '.'): string | undefined {
  return file === undefined || path.isAbsolute(file)
    ? file
    : path.relative('', path.resolve(dir, file)) || '.';
}

const WIDTH = 66;

/** A text that ends where the line of a terminal does. */
function clipped(text: string): string {
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
}

function excerpt(source: string, line: number, column: number | undefined): readonly string[] {
  const text = source.replaceAll('\t', ' ');
  const indent = text.length - text.trimStart().length;
  const at = Math.min(column === undefined ? indent : column - 1, text.length);
  const before = visible(text.slice(0, at));
  const after = visible(text.slice(at, at + WIDTH + 1));
  // the marked word is shown whole, where it is not too long itself
  const word = Math.min(/^\S*/.exec(after)?.[0].length ?? 0, WIDTH / 2);
  const isCut = before.length + after.length > WIDTH;
  const shownBefore =
    isCut && before.length + word >= WIDTH ? `…${before.slice(before.length - WIDTH / 2 + 2)}` : before;
  const shown = clipped(shownBefore + after);
  const number = String(line);
  return [
    `  ${paint.dim(`${number} |`)} ${shown}`,
    `  ${' '.repeat(number.length)} ${paint.dim('|')} ${' '.repeat(shownBefore.length)}${paint.red('^')}`,
  ];
}
