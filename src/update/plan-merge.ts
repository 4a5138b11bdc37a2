/** Two renderings of templates and the author's folder, to edits. */

import { editsBetween, readTree, type FileEdit, type FileTree } from '../edits/file-tree.ts';
import { treeOf } from '../create/create.ts';
import type { RenderedFile } from '../templates/render.ts';
import { UserError } from '../support/errors.ts';
import { readPythonTexts } from '../readers/python/read-facts.ts';
import { mergeTrees, type Conflict } from './merge-trees.ts';
import { readPythonText, type PythonTexts } from '../readers/python/python-text.ts';
import { conflictLines, hasConflict, type Labels } from './text-merge.ts';

export interface MergePlan {
  readonly edits: readonly FileEdit[];
  readonly conflicts: readonly PlacedConflict[];
  readonly notes: readonly string[];
}

export interface PlacedConflict extends Conflict {
  /** Lines at which markers begin, from 1. */
  readonly lines: readonly number[];
}

/**
 * Plans the merge of a change of the template, from `old` to `fresh`, into the folder; nothing is written.
 * @throws UserError `unresolved-conflict` when a file still holds markers, `file-unreadable`
 */
export async function planMerge(
  dir: string,
  old: readonly RenderedFile[],
  fresh: readonly RenderedFile[],
  labels: Labels,
): Promise<MergePlan> {
  const [before, after] = [treeOf(old), treeOf(fresh)];
  const mine = await readTree(dir, [...before.keys(), ...after.keys()]);
  refuseUnresolved(mine);
  const { files, conflicts, notes } = mergeTrees(
    before,
    after,
    mine,
    labels,
    await readSetups(before, after, mine),
  );
  return {
    edits: editsBetween(mine, files),
    conflicts: conflicts.map((conflict) => ({
      ...conflict,
      lines: conflict.markers ? conflictLines(files.get(conflict.path)?.text ?? '') : [],
    })),
    notes,
  };
}

/** Python's reading of each setup.py, where they are not alike. */
async function readSetups(...trees: readonly FileTree[]): Promise<PythonTexts> {
  const texts = new Set(trees.flatMap((tree) => tree.get('setup.py')?.text ?? []));
  if (texts.size < 3) return readPythonText;
  return await readPythonTexts([...texts, ...[...texts].map((text) => text.replaceAll('\r\n', '\n'))]);
}

export function refuseUnresolved(mine: FileTree): void {
  const marked = [...mine].filter(([, { text, encoding }]) => encoding === undefined && hasConflict(text));
  if (marked.length === 0) return;
  const list = marked.map(([path, { text }]) => `${path}:${conflictLines(text)[0] ?? 1}`).join(', ');
  throw new UserError('unresolved-conflict', `a conflict is not resolved yet: ${list}`, {
    help: 'Choose what stays between the markers, remove them, and run this again; or wdev undo.',
  });
}
