import { lstatSync, statSync, type Stats } from 'node:fs';
import { systemPath } from './file-name.ts';

/** The entry at a path; undefined when there is none, also where what should be a folder above it is a file. */
export function lstatOf(path: string): Stats | undefined {
  return unlessGone(() => lstatSync(systemPath(path), { throwIfNoEntry: false }));
}

/** As lstatOf, but what a symbolic link leads to. */
export function statOf(path: string): Stats | undefined {
  return unlessGone(() => statSync(systemPath(path), { throwIfNoEntry: false }));
}

/** Whether a folder is there; a link to one is none. */
export function isFolder(path: string): boolean {
  return lstatOf(path)?.isDirectory() === true;
}

function unlessGone(look: () => Stats | undefined): Stats | undefined {
  try {
    return look();
  } catch (error) {
    // throwIfNoEntry is about ENOENT alone
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}
