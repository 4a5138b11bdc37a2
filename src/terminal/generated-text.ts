import chalk from 'chalk';
import type { DiffLine } from '../support/line-diff.ts';

/** A generated file in the colours of what it is; the bytes are the same without colour. */
export function colourText(filename: string, text: string): string {
  if (chalk.level === 0) return text;
  const paint = /\.ya?ml$/.test(filename) ? paintYaml : paintAsterisk;
  return text
    .split('\n')
    .map((line) => paint(line))
    .join('\n');
}

function paintAsterisk(line: string): string {
  if (/^\s*;/.test(line)) return chalk.dim(line);
  if (/^\s*\[/.test(line)) return chalk.bold.cyan(line);
  if (/^\s*#/.test(line)) return chalk.magenta(line);
  const setting = /^(\s*[^=;]+?)(\s*=>?\s*)(.*)$/.exec(line);
  if (setting === null) return line;
  const [, name = '', equals = '', value = ''] = setting;
  return `${chalk.blue(name)}${chalk.dim(equals)}${value}`;
}

function paintYaml(line: string): string {
  if (/^\s*#/.test(line)) return chalk.dim(line);
  const pair = /^(\s*(?:- )?)([^\s:#][^:#]*)(:)(.*)$/.exec(line);
  if (pair === null) return line;
  const [, indent = '', key = '', colon = '', value = ''] = pair;
  return `${indent}${chalk.blue(key)}${chalk.dim(colon)}${value}`;
}

/** The lines of a diff, in its colours; at most `limit`, then how many more there are. */
export function diffText(diff: readonly DiffLine[], limit = Number.POSITIVE_INFINITY): readonly string[] {
  const lines = diff.slice(0, limit).map(({ sign, text }) => {
    if (sign === '@') return chalk.dim(text);
    const line = `${sign}${text}`.trimEnd();
    if (sign === '+') return chalk.green(line);
    return sign === '-' ? chalk.red(line) : line;
  });
  const more = diff.length - lines.length;
  return more > 0 ? [...lines, chalk.dim(`… ${more} more line${more === 1 ? '' : 's'}`)] : lines;
}
