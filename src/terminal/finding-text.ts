import chalk from 'chalk';
import type { Finding, Level } from '../findings/finding.ts';
import { fit, terminalWidth } from './fit.ts';

/** Gives the text of a line of a source file, without its end; undefined when there is no such line. */
export type LineReader = (file: string, line: number) => string | undefined;

const COLOUR: Readonly<Record<Level, (text: string) => string>> = {
  error: chalk.red,
  warning: chalk.yellow,
  info: chalk.blue,
};

/** Columns that a view may put before these lines. */
const INDENT = 4;

/** A finding for people: where, what, the source line with a caret, and the next thing to try. */
export function findingLines(finding: Finding, readLine: LineReader): readonly string[] {
  const { file, line, column, level, message, code, help } = finding;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const head = `${COLOUR[level](level)}: ${message} ${chalk.dim(`[${code}]`)}`;
  const width = terminalWidth() - INDENT;
  const lines = [...fit(place === '' ? head : `${chalk.bold(place)}: ${head}`, width)];
  const source = file === undefined || line === undefined ? undefined : readLine(file, line);
  if (source !== undefined && line !== undefined) lines.push(...excerpt(source, line, column));
  if (help !== undefined)
    lines.push(...help.split('\n').flatMap((text) => fit(chalk.dim(`  ${text}`), width)));
  return lines;
}

const WIDTH = 66;

function excerpt(source: string, line: number, column: number | undefined): readonly string[] {
  const text = source.replaceAll('\t', ' ');
  const indent = text.length - text.trimStart().length;
  const at = Math.min(column === undefined ? indent : column - 1, text.length);
  const start = at > WIDTH ? at - Math.floor(WIDTH / 2) : 0;
  const shown = text.slice(start, start + WIDTH);
  const number = String(line);
  return [
    `  ${chalk.dim(`${number} |`)} ${shown}`,
    `  ${' '.repeat(number.length)} ${chalk.dim('|')} ${' '.repeat(at - start)}${chalk.red('^')}`,
  ];
}
