/** Two renderings of templates and the author's folder, to edits. */

import { recoverEdit, type Recovered } from '../edits/edit-journal.ts';
import { readState, sameState, stateOf, type FileState, type FileTree } from '../edits/file-state.ts';
import type { RenderedFile } from '../templates/render.ts';
import { edit, type FileEdit } from '../edits/undo-record.ts';
import { UserError, messageOf } from '../support/errors.ts';
import { readPythonTexts } from '../readers/python/read-facts.ts';
import { mergeTrees, type Conflict } from './merge-trees.ts';
import { readPythonText, type PythonTexts } from '../readers/python/python-text.ts';
import { conflictLines, hasConflict, type Labels } from './text-merge.ts';

export interface MergePlan {
  readonly edits: readonly FileEdit[];
  readonly conflicts: readonly PlacedConflict[];
  readonly notes: readonly string[];
  /** An earlier change that was found half-done, and was taken back. */
  readonly recovered?: Recovered;
}

export interface PlacedConflict extends Conflict {
  /** Lines at which markers begin, from 1. */
  readonly lines: readonly number[];
}

/**
 * What a change of the template from `old` to `fresh` makes of the folder; nothing is written.
 * @throws UserError `unresolved-conflict` when a file still holds markers, `file-unreadable`
 */
export async function planMerge(
  dir: string,
  old: readonly RenderedFile[],
  fresh: readonly RenderedFile[],
  labels: Labels,
): Promise<MergePlan> {
  const recovered = await recoverEdit(dir);
  const [before, after] = [treeOf(old), treeOf(fresh)];
  const mine = await readFiles(dir, [...before.keys(), ...after.keys()]);
  refuseUnresolved(mine);
  const { files, conflicts, notes } = mergeTrees(
    before,
    after,
    mine,
    labels,
    await readSetups(before, after, mine),
  );
  return {
    edits: editsTo(mine, files),
    conflicts: conflicts.map((conflict) => ({
      ...conflict,
      lines: conflict.markers ? conflictLines(files.get(conflict.path)?.text ?? '') : [],
    })),
    notes,
    ...(recovered === undefined ? {} : { recovered }),
  };
}

/** What Python says of each setup.py, where they are not alike. */
async function readSetups(...trees: readonly FileTree[]): Promise<PythonTexts> {
  const texts = new Set(trees.flatMap((tree) => tree.get('setup.py')?.text ?? []));
  if (texts.size < 3) return readPythonText;
  return await readPythonTexts([...texts, ...[...texts].map((text) => text.replaceAll('\r\n', '\n'))]);
}

export function treeOf(files: readonly RenderedFile[]): FileTree {
  return new Map(files.map(({ path, content, mode }): [string, FileState] => [path, stateOf(content, mode)]));
}

/** The author's files of these paths, as far as they are there. */
export async function readFiles(dir: string, paths: readonly string[]): Promise<FileTree> {
  const found = new Map<string, FileState>();
  for (const path of new Set(paths)) {
    try {
      const state = await readState(dir, path);
      if (state !== undefined) found.set(path, state);
    } catch (error) {
      throw new UserError('file-unreadable', `${dir}: ${messageOf(error)}`, { cause: error });
    }
  }
  return found;
}

export function editsTo(mine: FileTree, files: FileTree): readonly FileEdit[] {
  const paths = [...new Set([...mine.keys(), ...files.keys()])].sort();
  return paths
    .filter((path) => !sameState(mine.get(path), files.get(path)))
    .map((path) => edit(path, mine.get(path), files.get(path)));
}

export function refuseUnresolved(mine: FileTree): void {
  const marked = [...mine].filter(([, { text, encoding }]) => encoding === undefined && hasConflict(text));
  if (marked.length === 0) return;
  const list = marked.map(([path, { text }]) => `${path}:${conflictLines(text)[0] ?? 1}`).join(', ');
  throw new UserError('unresolved-conflict', `a conflict is not resolved yet: ${list}`, {
    help: 'Choose what stays between the markers, remove them, and run this again; or wdev undo.',
  });
}
