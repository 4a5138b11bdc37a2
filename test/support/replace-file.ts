import { chmodSync, mkdtempSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Saves a text in one step. Written in place, a file is empty for a moment, which on a busy machine is long enough for a
 * watch to take it as a save of its own.
 */
export function replaceFile(file: string, text: string | Uint8Array): void {
  replaceFiles({ [file]: text });
}

/** The same of several files, one right after the other. */
export function replaceFiles(files: Readonly<Record<string, string | Uint8Array>>): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'wdev-save-'));
  const saves = Object.entries(files).map(([file, text], at) => {
    const draft = path.join(folder, String(at));
    writeFileSync(draft, text);
    const mode = statSync(file, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined) chmodSync(draft, mode & 0o7777);
    return [draft, file] as const;
  });
  for (const [draft, file] of saves) renameSync(draft, file);
  rmdirSync(folder);
}
