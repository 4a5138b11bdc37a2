/**
 * Consent of a person to what runs on this machine: kept in their own configuration, as hashes of everything that decides
 * what runs. Nothing of it is ever read from a plugin.
 */

import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { configFolder } from './paths.ts';
import { readTextIfPossible } from './read-file.ts';
import { makeFolders } from './make-folders.ts';

/** The key of a decision. `decides` holds everything that decides what runs: what is not in it may change unasked. */
export function trustKey(kind: 'template' | 'settings', decides: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, decides]))
    .digest('hex');
}

export function isTrusted(key: string): boolean {
  return readTrusted().includes(key);
}

/** Keeps a yes. */
export async function trust(key: string): Promise<void> {
  const file = trustFile();
  const known = readTrusted();
  if (known.includes(key)) return;
  makeFolders(path.dirname(file), 0o700);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify([...known, key], undefined, 1)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

function trustFile(): string {
  return path.join(configFolder(), 'trusted.json');
}

function readTrusted(): readonly string[] {
  const text = readTextIfPossible(trustFile()) ?? '[]';
  try {
    const entries: unknown = JSON.parse(text);
    return Array.isArray(entries) ? entries.map(String) : [];
  } catch {
    return []; // a broken file trusts nobody
  }
}
