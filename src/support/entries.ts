import { readdirSync, type Dirent } from 'node:fs';
import { decodeName, systemPath } from './file-name.ts';

/** An entry of a folder, under its decoded name. */
export interface Entry {
  readonly name: string;
  readonly is: Dirent<string | Buffer>;
}

/** The entries of a folder; none when it is gone, or no folder. */
export function entriesOf(folder: string): readonly Entry[] {
  try {
    return readEntries(folder);
  } catch {
    return [];
  }
}

/** The entries of a folder, with names that are no UTF-8 as file-name.ts decodes them. Throws as readdirSync. */
export function readEntries(folder: string): readonly Entry[] {
  const plain = readdirSync(systemPath(folder), { withFileTypes: true });
  // asked for as bytes, entries take longer
  if (!plain.some(({ name }) => name.includes('\uFFFD'))) return plain.map((is) => ({ name: is.name, is }));
  const bytes = readdirSync(systemPath(folder), { withFileTypes: true, encoding: 'buffer' });
  return bytes.map((is) => ({ name: decodeName(is.name), is }));
}
