/**
 * git opens `.gitignore` and the files of a repository without looking at what they are: a named pipe keeps it waiting
 * for ever. Where it takes long, the folder is searched for one; in any case the wait has an end.
 */

import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';

/** Milliseconds after which the folder is searched, and after which git has lost its way. */
const SUSPICIOUS = 1_000;
const LOST = 50_000;

/** Entries that the search looks at. */
const LOOKED_AT = 200_000;

/** Files that git reads while it lists, in a work tree and in a repository. */
const READ_IN_TREE = new Set(['.gitignore', '.gitattributes', '.gitmodules', '.git']);
const READ_IN_GIT = [
  'config',
  'config.worktree',
  'index',
  'HEAD',
  'packed-refs',
  'commondir',
  'info/exclude',
];

/**
 * Lets git work below a folder until it ends, or it is clear why it does not.
 * @throws UserError `not-a-file` with what it waits for, `git-silent`
 */
export async function whileItWorks<T>(dir: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const givenUp = new Promise<never>((_, reject) => {
    const give = (error: UserError): void => {
      stop.abort();
      reject(error);
    };
    timers.push(
      setTimeout(() => {
        const found = oddFile(dir);
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

/** The first file below a folder that git would wait for. */
function oddFile(dir: string): string | undefined {
  const open = [dir];
  for (let left = LOOKED_AT; left > 0;) {
    const folder = open.pop();
    if (folder === undefined) break;
    for (const entry of entriesOf(folder)) {
      left -= 1;
      const full = path.join(folder, entry.name);
      if (READ_IN_TREE.has(entry.name) && isOdd(full)) return full;
      if (entry.isDirectory() && entry.name !== '.git') open.push(full);
    }
  }
  return READ_IN_GIT.map((name) => path.join(dir, '.git', name)).find(isOdd);
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Neither a file, a folder, nor a link, which git does not follow here. */
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
