import path from 'node:path';
import { dump, loadAll } from 'js-yaml';
import { readIfThere, writeGolden } from '../support/comparison.ts';
import { usageError } from '../support/errors.ts';

const HEAD = '# Recorded by wdev preview --record; secrets are left out.';

/** Where recorded rows go unless the user says otherwise, relative to the plugin's folder. */
export const ROWS_FILE = 'tests/rows.yml';

/** The file that `preview.dao` of `wdev.yml` names; undefined when it names none. */
export async function namedRowsFile(dir: string): Promise<string | undefined> {
  const text = await readIfThere(path.join(dir, 'wdev.yml'));
  const all = loadAll(text ?? '')[0] as { preview?: { dao?: unknown } | null } | null | undefined;
  const dao = all?.preview?.dao;
  return typeof dao === 'string' ? dao : undefined;
}

/**
 * Writes recorded calls into a rows file; earlier ones for other calls stay in it.
 * @throws UserError `usage` when the file was written by hand: its comments would be lost
 */
export async function writeRows(file: string, calls: Readonly<Record<string, unknown>>): Promise<void> {
  const before = await readIfThere(file);
  if (before !== undefined && before.trim() !== '' && !before.startsWith(HEAD)) {
    throw usageError(
      `${file} was not written by wdev, and would lose its comments`,
      'Name another file: wdev preview --record tests/recorded.yml',
    );
  }
  const known = (loadAll(before ?? '')[0] ?? {}) as Record<string, unknown>;
  const merged = { ...known, ...calls };
  await writeGolden(file, `${HEAD}\n${dump(merged, { sortKeys: true, lineWidth: 110 })}`);
}
