import { recordOf } from './edit-files.ts';
import { editsBetween, readTree } from './file-tree.ts';
import { withLedger } from './ledger.ts';
import { missingFolders, parents } from './place.ts';

/**
 * Reads files that somebody else is about to write, as Yeoman does.
 * @returns what records, once they have, what was written as an edit; nothing when that is nothing
 */
export async function recordWritten(
  folder: string,
  names: readonly string[],
): Promise<(did: string) => Promise<void>> {
  const before = await readTree(folder, names);
  const missing = await missingFolders(
    folder,
    names.map((path) => ({ path })),
  );
  return async (did) => {
    const edits = editsBetween(before, await readTree(folder, names));
    if (edits.length === 0) return;
    const made = new Set(edits.flatMap(parents));
    const record = {
      ...(await recordOf(folder, edits, did)),
      folders: missing.filter((name) => made.has(name)),
    };
    await withLedger(folder, async ({ records }, write) => write({ records: [...records, record] }));
  };
}
