import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError, messageOf } from './errors.ts';
import { lineDiff, type DiffLine } from './line-diff.ts';
import { readText } from './read-file.ts';
import { makeFolders } from './make-folders.ts';

/** A text beside what it is measured by. */
export interface Comparison {
  /** As a person would name it: `the last run`, `tests/golden/sip.conf`. */
  readonly against: string;
  /** Undefined when there is nothing to compare with yet. */
  readonly before: string | undefined;
  readonly diff: readonly DiffLine[];
}

export async function compare(
  against: string,
  before: string | undefined,
  after: string,
): Promise<Comparison> {
  return { against, before, diff: before === undefined ? [] : await lineDiff(before, after) };
}

/** Text of a file; undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return readText(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof UserError) throw error;
    throw new UserError('file-unreadable', `${file} cannot be read: ${messageOf(error)}`);
  }
}

/** The output of a command's last run, kept in `.wdev` of the plugin. */
export class LastRun {
  readonly #folder: string;

  /** `kind` is the command, e.g. `preview`. */
  constructor(dir: string, kind: string) {
    this.#folder = path.join(dir, '.wdev', kind);
  }

  async read(name: string): Promise<string | undefined> {
    return await readIfThere(path.join(this.#folder, name));
  }

  /** Keeps a text for the next run. A folder that can't be written is no failure of the command. */
  async keep(name: string, text: string): Promise<void> {
    const file = path.join(this.#folder, name);
    try {
      makeFolders(path.dirname(file));
      await writeFile(path.join(this.#folder, '.gitignore'), '*\n');
      await writeFile(file, text);
    } catch {
      // the next run then has nothing to compare with
    }
  }
}
