import { chmodSync, lstatSync, readdirSync, rmSync, rmdirSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { append } from './append.ts';
import { lstatOf } from './stat.ts';

/**
 * Removes a folder, and folders in it that a plugin made read-only; a link or a file is removed itself. Nothing that
 * a link leads to is touched. Fine when there is nothing.
 */
export function removeFolder(folder: string): void {
  const found = lstatOf(folder);
  if (found === undefined) return;
  if (!found.isDirectory()) return unlinkSync(folder);
  try {
    removeBelow(folder);
  } catch {
    for (const closed of closedFolders(folder).toReversed()) chmodSync(closed, 0o700);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** rmSync of Node.js 20 asks three times as much of the system. */
function removeBelow(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) removeBelow(full);
    else unlinkSync(full);
  }
  rmdirSync(folder);
}

/** Folders at and below one whose files nobody but root could remove. */
export function closedFolders(folder: string): readonly string[] {
  const found: string[] = [];
  const { mode } = lstatSync(folder);
  const closed = (mode & 0o300) !== 0o300;
  if (closed && process.getuid?.() !== 0) chmodSync(folder, mode | 0o700);
  const entries = readdirSync(folder, { withFileTypes: true });
  if (closed && entries.length > 0) found.push(folder);
  for (const entry of entries) {
    if (entry.isDirectory()) append(found, closedFolders(path.join(folder, entry.name)));
  }
  return found;
}
