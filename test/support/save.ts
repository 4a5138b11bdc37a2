import { chmodSync, mkdtempSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Saves a file that is watched, in one step. Between the emptying and the writing of writeFileSync a busy machine may
 * rest for so long that they are two saves.
 */
export function save(file: string, text: string | Uint8Array, mode?: number): void {
  saveTogether({ [file]: text }, mode);
}

/** The same of several files, one right after the other; with the modes that they have, unless one is given. */
export function saveTogether(files: Readonly<Record<string, string | Uint8Array>>, mode?: number): void {
  // the temporary files lie where nobody watches
  const folder = mkdtempSync(path.join(tmpdir(), 'wdev-save-'));
  const saves = Object.entries(files).map(([file, text], at) => {
    const fresh = path.join(folder, String(at));
    writeFileSync(fresh, text);
    chmodSync(fresh, mode ?? statSync(file, { throwIfNoEntry: false })?.mode ?? 0o644);
    return [fresh, file] as const;
  });
  for (const [fresh, file] of saves) renameSync(fresh, file);
  rmdirSync(folder);
}
