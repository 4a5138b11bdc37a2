import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Driver } from './drivers.ts';

/** Where the packaging of a plugin registers a driver: file and line; nothing when that cannot be seen. */
export async function registrationPlace(driver: Driver): Promise<{ file?: string; line?: number }> {
  const name = driver.name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const target = driver.value.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const entry = new RegExp(`\\b${name}["']?\\s*=\\s*["']?${target}`);
  for (const file of ['setup.py', 'setup.cfg', 'pyproject.toml']) {
    const text = await readFile(path.join(driver.input.plugin.dir, file), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const line = text.split('\n').findIndex((row) => entry.test(row)) + 1;
    if (line > 0) return { file, line };
  }
  return {};
}
