import { chmodSync, mkdtempSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Saves a file that is watched, in one step. Between the emptying and the writing of writeFileSync a busy machine may
 * rest for so long that they are two saves.
 */
export function save(file: string, text: string): void {
  // the temporary file lies where nobody watches
  const folder = mkdtempSync(path.join(tmpdir(), 'wdev-save-'));
  const fresh = path.join(folder, 'fresh');
  writeFileSync(fresh, text);
  chmodSync(fresh, statSync(file, { throwIfNoEntry: false })?.mode ?? 0o644);
  renameSync(fresh, file);
  rmdirSync(folder);
}
