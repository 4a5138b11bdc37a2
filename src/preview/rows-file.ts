import path from 'node:path';
import { readOwnYaml } from '../readers/yaml/own.ts';
import { plainValue } from '../readers/yaml/plain-value.ts';
import { readYaml } from '../readers/yaml/read.ts';
import { yamlText } from '../readers/yaml/write.ts';
import { isInside } from '../edits/ledger.ts';
import { writeTexts } from '../edits/write-texts.ts';
import { readIfThere } from '../support/comparison.ts';
import { usageError } from '../support/errors.ts';

const HEAD = '# Recorded by wdev preview --record; without secrets.';

/** Where recorded rows go unless the user says otherwise, relative to the plugin's folder. */
export const ROWS_FILE = 'tests/rows.yml';

/** The file that `preview.dao` of `wdev.yml` names; undefined when it names none. */
export async function namedRowsFile(dir: string): Promise<string | undefined> {
  const text = await readIfThere(path.join(dir, 'wdev.yml'));
  const all = readOwnYaml(text ?? '').value as { preview?: { dao?: unknown } | null } | null;
  const dao = all?.preview?.dao;
  if (typeof dao !== 'string') return undefined;
  // it is written to; the file came with the plugin
  if (!isInside(path.posix.normalize(dao)))
    throw usageError(
      `wdev.yml: preview.dao: ${dao} is outside the plugin`,
      'Name a file in it: tests/rows.yml',
    );
  return dao;
}

/**
 * Writes recorded calls into a rows file, as an edit of the plugin in `dir`; earlier ones for other calls stay in it.
 * @throws UserError `usage` when the file was written by hand: its comments would be lost
 */
export async function writeRows(
  dir: string,
  file: string,
  calls: Readonly<Record<string, unknown>>,
): Promise<void> {
  const before = await readIfThere(file);
  if (before !== undefined && before.trim() !== '' && !before.startsWith(HEAD)) {
    throw usageError(
      `${file} was not written by wdev, and would lose its comments`,
      'Name another file: wdev preview --record tests/recorded.yml',
    );
  }
  const known = (plainValue(readYaml(before ?? '').root) ?? {}) as Record<string, unknown>;
  const merged = { ...known, ...calls };
  const text = `${HEAD}\n${yamlText(merged)}`;
  await writeTexts(dir, new Map([[file, text]]), 'preview --record');
}
