import path from 'node:path';
import { paint } from './paint.ts';
import { createTwoFilesPatch } from 'diff';
import type { ChangedFile } from '../check/fix-rounds.ts';

/** The changes of --fix, as a unified diff that `git apply` takes. Paths are relative to this folder. */
export function fixedDiff(files: readonly ChangedFile[]): string {
  return files.map(fileDiff).join('');
}

function fileDiff({ dir, file, before, text, mode, modeBefore }: ChangedFile): string {
  const name = path.relative('.', path.join(dir, file));
  const head = [`diff --git ${gitName(`a/${name}`)} ${gitName(`b/${name}`)}`];
  if (before === undefined) head.push(`new file mode 100${octal(mode)}`);
  else if (text === undefined) head.push(`deleted file mode 100${octal(modeBefore)}`);
  else if (mode !== modeBefore) head.push(`old mode 100${octal(modeBefore)}`, `new mode 100${octal(mode)}`);
  const from = before === undefined ? '/dev/null' : `a/${name}`;
  const to = text === undefined ? '/dev/null' : `b/${name}`;
  const patch = before === text ? '' : createTwoFilesPatch(from, to, before ?? '', text ?? '');
  const lines = patch.split('\n').filter((line) => !line.startsWith('======'));
  return `${[...head, ...lines].join('\n').trimEnd()}\n`;
}

/** A name with controls, quotes or backslashes as git quotes it in a patch. Source: git, quote.c. */
function gitName(name: string): string {
  const quoted = name.replaceAll(/[\0-\x1f"\\\x7f]/g, (char) => QUOTED[char] ?? octalEscape(char));
  return quoted === name ? name : `"${quoted}"`;
}

const QUOTED: Readonly<Record<string, string>> = {
  '"': String.raw`\"`,
  '\\': '\\\\',
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

function octalEscape(char: string): string {
  return `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, '0');
}

/** The colours of a line of a unified diff. */
export function paintDiff(line: string): string {
  if (/^(?:---|\+\+\+|diff|old mode|new mode|new file|deleted file|index) /.test(line))
    return paint.bold(line);
  if (line.startsWith('+')) return paint.green(line);
  if (line.startsWith('-')) return paint.red(line);
  return line.startsWith('@@') ? paint.cyan(line) : line;
}
