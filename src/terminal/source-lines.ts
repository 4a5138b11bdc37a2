import path from 'node:path';
import type { LineReader } from './finding-text.ts';
import { readTextIfPossible } from '../support/read-file.ts';
import { TEXT } from '../readers/source-text.ts';

/** Reads lines of a plugin's source files, for excerpts of one report: each file is read once. */
export function lineReader(dir: string): LineReader {
  const known = new Map<string, readonly string[]>();
  const read = (file: string, line: number): string | undefined => {
    const lines = known.get(file) ?? readLines(path.resolve(dir, file));
    known.set(file, lines);
    return lines[line - 1];
  };
  return Object.assign(read, { dir });
}

function readLines(file: string): readonly string[] {
  return (readTextIfPossible(file, TEXT) ?? '').split(/\r?\n/);
}
