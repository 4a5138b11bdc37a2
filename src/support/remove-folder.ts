import { chmodSync, lstatSync, rmSync, rmdirSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { readEntries } from './entries.ts';
import { systemPath } from './file-name.ts';
import { append } from './append.ts';
import { lstatOf } from './stat.ts';

/**
 * Removes a folder, and folders in it that a plugin made read-only; a link or a file is removed itself. Nothing that
 * a link leads to is touched. Fine when there is nothing.
 */
export function removeFolder(folder: string): void {
  const found = lstatOf(folder);
  if (found === undefined) return;
  if (!found.isDirectory()) return unlinkSync(systemPath(folder));
  try {
    removeBelow(folder);
  } catch {
    for (const closed of closedFolders(folder).toReversed()) chmodSync(systemPath(closed), 0o700);
    rmSync(systemPath(folder), { recursive: true, force: true });
  }
}

/** rmSync of Node.js 20 asks three times as much of the system. */
function removeBelow(folder: string): void {
  for (const { name, is } of readEntries(folder)) {
    const full = path.join(folder, name);
    if (is.isDirectory()) removeBelow(full);
    else unlinkSync(systemPath(full));
  }
  rmdirSync(systemPath(folder));
}

/** Folders at and below one whose files nobody but root could remove. */
export function closedFolders(folder: string): readonly string[] {
  const found: string[] = [];
  const { mode } = lstatSync(systemPath(folder));
  const closed = (mode & 0o300) !== 0o300;
  if (closed && process.getuid?.() !== 0) chmodSync(systemPath(folder), mode | 0o700);
  const entries = readEntries(folder);
  if (closed && entries.length > 0) found.push(folder);
  for (const { name, is } of entries) {
    if (is.isDirectory()) append(found, closedFolders(path.join(folder, name)));
  }
  return found;
}
