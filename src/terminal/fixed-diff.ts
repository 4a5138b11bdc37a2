import path from 'node:path';
import chalk from 'chalk';
import { createTwoFilesPatch } from 'diff';
import type { ChangedFile } from '../check/fix-rounds.ts';

/** The changes of --fix, as a unified diff that `git apply` takes. Paths are relative to this folder. */
export function fixedDiff(files: readonly ChangedFile[]): string {
  return files.map(fileDiff).join('');
}

function fileDiff({ dir, file, before, text, mode, modeBefore }: ChangedFile): string {
  const name = path.relative('.', path.join(dir, file));
  const head = [`diff --git a/${name} b/${name}`];
  if (mode !== modeBefore) head.push(`old mode 100${octal(modeBefore)}`, `new mode 100${octal(mode)}`);
  const patch = before === text ? '' : createTwoFilesPatch(`a/${name}`, `b/${name}`, before, text);
  const lines = patch.split('\n').filter((line) => !line.startsWith('======'));
  return `${[...head.map((line) => chalk.bold(line)), ...lines.map(colour)].join('\n').trimEnd()}\n`;
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, '0');
}

function colour(line: string): string {
  if (/^(?:---|\+\+\+) /.test(line)) return chalk.bold(line);
  if (line.startsWith('+')) return chalk.green(line);
  if (line.startsWith('-')) return chalk.red(line);
  return line.startsWith('@@') ? chalk.cyan(line) : line;
}
