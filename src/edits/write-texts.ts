import path from 'node:path';
import { editFiles } from './edit-files.ts';
import { editsBetween, readTree, stateOf, type FileState } from './file-tree.ts';
import { isInside } from './ledger.ts';
import { makeFolders } from '../support/make-folders.ts';

/**
 * Writes texts to files, by their paths, as one edit of `folder`; those that lie elsewhere, each as an edit of its own
 * folder, which is made. Throws as editFiles.
 */
export async function writeTexts(
  folder: string,
  texts: ReadonlyMap<string, string>,
  did: string,
): Promise<void> {
  const below = new Map<string, Map<string, string>>();
  for (const [file, text] of texts) {
    const name = path.relative(folder, file);
    const base =
      isInside(name) && !path.isAbsolute(name) ? path.resolve(folder) : path.dirname(path.resolve(file));
    below.set(base, (below.get(base) ?? new Map<string, string>()).set(path.relative(base, file), text));
  }
  for (const [base, named] of below) {
    makeFolders(base);
    const before = await readTree(base, named.keys());
    const after = [...named].map(([name, text]): [string, FileState] => [
      name,
      stateOf(text, before.get(name)?.mode ?? 0o644),
    ]);
    await editFiles(base, editsBetween(before, new Map(after)), did);
  }
}
