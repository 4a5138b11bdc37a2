import { paint } from './paint.ts';
import type { DiffLine } from '../support/line-diff.ts';

/** The colours of a line of a generated file, by what the file is. */
export function paintGenerated(filename: string): (line: string) => string {
  return /\.ya?ml$/.test(filename) ? paintYaml : paintAsterisk;
}

function paintAsterisk(line: string): string {
  if (/^\s*;/.test(line)) return paint.dim(line);
  if (/^\s*\[/.test(line)) return paint.bold(paint.cyan(line));
  if (/^\s*#/.test(line)) return paint.magenta(line);
  const setting = /^([^=;]+)(=>?\s*)(.*)$/.exec(line);
  if (setting === null) return line;
  const [, before = '', equals = '', value = ''] = setting;
  const name = before.trimEnd();
  if (name === '') return line;
  return `${paint.blue(name)}${paint.dim(before.slice(name.length) + equals)}${value}`;
}

function paintYaml(line: string): string {
  if (/^\s*#/.test(line)) return paint.dim(line);
  const pair = /^(\s*(?:- )?)([^\s:#][^:#]*)(:)(.*)$/.exec(line);
  if (pair === null) return line;
  const [, indent = '', key = '', colon = '', value = ''] = pair;
  return `${indent}${paint.blue(key)}${paint.dim(colon)}${value}`;
}

/** The lines of a diff, in its colours; at most `limit`, then how many more there are. */
export function diffText(diff: readonly DiffLine[], limit = Number.POSITIVE_INFINITY): readonly string[] {
  const lines = diff.slice(0, limit).map(({ sign, text }) => {
    if (sign === '@') return paint.dim(text);
    const line = `${sign}${text}`.trimEnd();
    if (sign === '+') return paint.green(line);
    return sign === '-' ? paint.red(line) : line;
  });
  const more = diff.length - lines.length;
  return more > 0 ? [...lines, paint.dim(`… ${more} more line${more === 1 ? '' : 's'}`)] : lines;
}

/** Lines of a diff that are shown; a longer one is for `wdev preview`. */
const SHOWN = 40;

/** Lines of `wdev watch` about a generated file that changed. */
export function previewed(name: string, diff: readonly string[]): readonly string[] {
  if (diff.length === 0) return [paint.dim(`${name}: unchanged`)];
  return [paint.bold(name), ...diffText(diff.map(toDiffLine), SHOWN)];
}

function toDiffLine(line: string): DiffLine {
  const [sign] = line;
  if (sign === '+' || sign === '-' || sign === ' ') return { sign, text: line.slice(1) };
  return { sign: '@', text: line };
}
