import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { lstatOf } from '../support/stat.ts';

/**
 * Makes a folder below one that a plugin's programs wrote into, without following a link of theirs.
 * @returns what stands in the way instead of a folder, relative to `root`; undefined when it was made
 */
export function makeFolderBelow(root: string, relative: string): string | undefined {
  let at = '';
  for (const part of relative.split('/').filter((name) => name !== '' && name !== '.')) {
    at = at === '' ? part : `${at}/${part}`;
    const found = lstatOf(path.join(root, at));
    if (found === undefined) mkdirSync(path.join(root, at));
    else if (part === '..' || !found.isDirectory()) return at;
  }
  return undefined;
}
