/**
 * git opens `.gitignore` and the files of a repository without looking at what they are: a named pipe keeps it waiting
 * for ever. Where it takes long, the folder is searched for one; in any case the wait has an end.
 */

import { lstatSync, readdirSync, realpathSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';

/** Milliseconds after which the folder is searched, and after which git has lost its way. */
const SUSPICIOUS = 1_000;
const LOST = 50_000;

/** Entries that the search looks at. */
const LOOKED_AT = 200_000;

/** Files that git opens in a work tree, whatever it was asked. */
const OPENED = new Set(['.gitignore', '.gitattributes', '.gitmodules', '.mailmap', '.git']);

/**
 * Lets git work below a folder, with a view of its repository, until it ends, or it is clear why it does not.
 * @throws UserError `not-a-file` with what it waits for, `git-silent`
 */
export async function whileItWorks<T>(
  dir: string,
  view: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const givenUp = new Promise<never>((_, reject) => {
    const give = (error: UserError): void => {
      stop.abort();
      reject(error);
    };
    timers.push(
      setTimeout(() => {
        const found =
          oddFile(dir, (name) => OPENED.has(name)) ??
          oddFile(path.join(view, 'refs/'), () => true) ??
          oddFile(path.join(view, 'objects/'), () => true);
        if (found !== undefined) give(notAFile(found));
      }, SUSPICIOUS),
      setTimeout(() => give(silent(dir)), LOST),
    );
  });
  try {
    return await Promise.race([work(stop.signal), givenUp]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/** The first file below a folder that git would open, and wait for. */
function oddFile(dir: string, isOpened: (name: string) => boolean): string | undefined {
  const open = [dir];
  for (let left = LOOKED_AT; left > 0;) {
    const folder = open.pop();
    if (folder === undefined) break;
    for (const entry of entriesOf(folder)) {
      left -= 1;
      const full = path.join(folder, entry.name);
      if (isOpened(entry.name) && isOdd(full)) return realPath(full);
      if (entry.isDirectory() && entry.name !== '.git') open.push(full);
    }
  }
  return undefined;
}

/** As a person finds it: a view leads to the repository. */
function realPath(file: string): string {
  return path.join(realpathSync(path.dirname(file)), path.basename(file));
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Neither a file, a folder, nor a link, which git follows in no work tree. */
function isOdd(full: string): boolean {
  const stat = lstatSync(full, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory() && !stat.isSymbolicLink();
}

function notAFile(file: string): UserError {
  return new UserError('not-a-file', `${file} is a pipe or a device, and git waits for it`, {
    help: 'Remove it: git reads it to know which files there are.',
  });
}

function silent(dir: string): UserError {
  return new UserError('git-silent', `git did not list the files of ${dir} within ${LOST / 1000} s`, {
    help: 'See what it waits for: git ls-files --others --exclude-standard',
  });
}
