import path from 'node:path';
import { TEXT } from '../readers/source-text.ts';
import { lineDiff, type DiffLine } from '../support/line-diff.ts';
import { gitNames } from '../git/listing.ts';
import { readTextIfPossible } from '../support/read-file.ts';
import { lstatOf } from '../support/stat.ts';
import type { FileDiff } from './model.ts';

/** Files of a batch whose difference is shown. */
const MOST_FILES = 20;
/** Lines of one difference that are shown. */
const MOST_LINES = 400;
/** Characters of texts that are kept to compare the next save with, in all. */
const MOST_KEPT = 32_000_000;

/** Keeps the text of sources as a batch had them, and says what a save changed in them. */
export class Saves {
  readonly #kept = new Map<string, string>();
  #size = 0;

  /** Remembers how the sources of plugins are now; those that are known are not read again. */
  async keep(dirs: readonly string[]): Promise<void> {
    for (const [dir, names] of await gitNames(dirs)) {
      for (const name of names.keys()) {
        const file = path.join(dir, name);
        if (this.#size > MOST_KEPT) return;
        if (!this.#kept.has(file)) this.#set(file, read(file));
      }
    }
  }

  /** How files differ from what was kept of them; they are kept anew. */
  async diffs(dir: string, files: readonly string[]): Promise<readonly FileDiff[]> {
    const diffs: FileDiff[] = [];
    for (const file of files.slice(0, MOST_FILES)) {
      const whole = path.join(dir, file);
      const before = this.#kept.get(whole);
      const after = read(whole);
      this.#set(whole, after);
      diffs.push(await diffOf(file, before, after));
    }
    const more = files.length - diffs.length;
    if (more > 0) diffs.push({ file: `${more} more files`, lines: [], note: 'not compared' });
    return diffs;
  }

  #set(file: string, text: string | undefined): void {
    this.#size += (text?.length ?? 0) - (this.#kept.get(file)?.length ?? 0);
    if (text === undefined) this.#kept.delete(file);
    else this.#kept.set(file, text);
  }
}

/** A link may lead to a file that is not the plugin's. */
function read(file: string): string | undefined {
  return lstatOf(file)?.isFile() === true ? readTextIfPossible(file, TEXT) : undefined;
}

async function diffOf(file: string, before = '', after = ''): Promise<FileDiff> {
  if (isBinary(before) || isBinary(after)) return { file, lines: [], note: 'not a text' };
  const lines: readonly DiffLine[] = await lineDiff(before, after);
  if (lines.length === 0) return { file, lines, note: 'no line differs' };
  const over = lines.length - MOST_LINES;
  if (over <= 0) return { file, lines };
  return { file, lines: lines.slice(0, MOST_LINES), note: `${over} more lines` };
}

function isBinary(text: string): boolean {
  return text.includes('\0');
}
