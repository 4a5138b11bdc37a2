import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';

/** Writes a sound plugin into a folder, with other or more files; null leaves one out. */
export function writePlugin(
  dir: string,
  files: Readonly<Record<string, string | null>> = {},
  modes: Readonly<Record<string, number>> = {},
): void {
  for (const [name, text] of Object.entries({ ...SOUND_PLUGIN, ...files })) {
    if (text === null) continue;
    const full = path.join(dir, name);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
    chmodSync(full, modes[name] ?? (name === 'wazo/rules' ? 0o755 : 0o644));
  }
}
