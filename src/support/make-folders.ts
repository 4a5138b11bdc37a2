import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { systemPath } from './file-name.ts';
import { statOf } from './stat.ts';

/**
 * Makes a folder, and those above it that are not there. Node's own `recursive` tries for ever where a folder that is
 * there takes none, as /proc does.
 * @param mode of each folder that is made, less the umask
 * @returns the outermost folder that was made; undefined where all were there
 * @throws NodeJS.ErrnoException as mkdir(2)
 */
export function makeFolders(folder: string, mode = 0o777): string | undefined {
  try {
    return makeOne(folder, mode);
  } catch (error) {
    const above = path.dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
    const outermost = makeFolders(above, mode);
    const made = makeOne(folder, mode);
    return outermost ?? made;
  }
}

/** The folder, where it was made; undefined where it was there. */
function makeOne(folder: string, mode: number): string | undefined {
  try {
    mkdirSync(systemPath(folder), { mode });
    return folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && statOf(folder)?.isDirectory() === true)
      return undefined;
    throw error;
  }
}
