import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LineReader } from './finding-text.ts';

/** Reads lines of a plugin's source files, for excerpts. */
export function lineReader(dir: string): LineReader {
  return (file, line) => {
    try {
      return readFileSync(path.resolve(dir, file), 'utf8').split(/\r?\n/)[line - 1];
    } catch {
      return undefined;
    }
  };
}
