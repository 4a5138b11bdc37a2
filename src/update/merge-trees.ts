/** The template as it was, the template as it is, and the author's files become one tree. Pure. */

import { sameContent, sameState, type FileState, type FileTree } from '../edits/file-tree.ts';
import { mergeFile } from './merge-file.ts';
import { findRenames } from './renames.ts';
import type { PythonTexts } from '../readers/python/python-text.ts';
import type { Labels } from './text-merge.ts';

/** A place where both changed the same; nothing of either is lost unless `markers` is false. */
export interface Conflict {
  readonly path: string;
  readonly reason: string;
  /** The file holds both, between diff3's markers; else it is the author's, as it was. */
  readonly markers: boolean;
}

export interface MergedTree {
  readonly files: FileTree;
  readonly conflicts: readonly Conflict[];
  /** Sentences about what the author may want to know. */
  readonly notes: readonly string[];
}

interface Outcome {
  readonly file: FileState | undefined;
  readonly conflict?: Omit<Conflict, 'path'>;
  readonly note?: string;
}

export const LABELS: Labels = { mine: 'yours', old: 'template before', new: 'template now' };

/**
 * Merges every path of the three trees. What the template did not touch stays; what the author removed stays
 * removed; a file that the template renamed is merged under its new name.
 */
export function mergeTrees(
  old: FileTree,
  fresh: FileTree,
  mine: FileTree,
  labels = LABELS,
  read?: PythonTexts,
): MergedTree {
  const { old: base, mine: own, notes } = followRenames(old, fresh, mine);
  const files = new Map<string, FileState>();
  const conflicts: Conflict[] = [];
  const said = [...notes];
  for (const path of [...new Set([...base.keys(), ...fresh.keys(), ...own.keys()])].sort()) {
    const { file, conflict, note } = mergePath(
      path,
      base.get(path),
      fresh.get(path),
      own.get(path),
      labels,
      read,
    );
    if (file !== undefined) files.set(path, file);
    if (conflict !== undefined) conflicts.push({ path, ...conflict });
    if (note !== undefined) said.push(`${path}: ${note}`);
  }
  return { files, conflicts, notes: said };
}

/** Old names become new ones in the old tree, and in the author's where nothing stands in the way. */
function followRenames(
  old: FileTree,
  fresh: FileTree,
  mine: FileTree,
): { readonly old: FileTree; readonly mine: FileTree; readonly notes: readonly string[] } {
  const [base, own] = [new Map(old), new Map(mine)];
  const notes: string[] = [];
  const { paths, isWhole } = findRenames(old, fresh);
  if (!isWhole) notes.push('not all files of the template were compared for new names: they are too many');
  for (const [from, to] of paths) {
    const file = own.get(from);
    if (own.has(to)) continue;
    base.set(to, base.get(from) as FileState);
    base.delete(from);
    if (file === undefined) continue;
    own.set(to, file);
    own.delete(from);
    notes.push(`${from} is ${to} now`);
  }
  return { old: base, mine: own, notes };
}

function mergePath(
  path: string,
  old: FileState | undefined,
  fresh: FileState | undefined,
  mine: FileState | undefined,
  labels: Labels,
  read: PythonTexts | undefined,
): Outcome {
  if (mine === undefined) return ofMissing(old, fresh);
  if (fresh === undefined) return ofRemoved(old, mine);
  const mode = mergeMode(old?.mode, fresh.mode, mine.mode);
  if (sameContent(old, fresh) || sameContent(mine, fresh)) return { file: { ...mine, mode } };
  if (sameContent(old, mine)) return { file: { ...fresh, mode } };
  if ([old, fresh, mine].some((file) => file?.encoding !== undefined)) {
    const reason = 'both changed it, and it is not text; yours is kept';
    return { file: { ...mine, mode }, conflict: { reason, markers: false } };
  }
  const three = { old: old?.text ?? '', new: fresh.text, mine: mine.text };
  const { text, conflicts } = mergeFile(path, three, labels, read);
  const file = { text, mode };
  if (conflicts === 0) return { file };
  const places = `${conflicts} place${conflicts === 1 ? '' : 's'}`;
  return { file, conflict: { reason: `both changed the same lines, at ${places}`, markers: true } };
}

function ofMissing(old: FileState | undefined, fresh: FileState | undefined): Outcome {
  if (old === undefined) return { file: fresh };
  const changed = fresh !== undefined && !sameState(old, fresh);
  return {
    file: undefined,
    ...(changed ? { note: 'you removed it, so what the template changed is skipped' } : {}),
  };
}

function ofRemoved(old: FileState | undefined, mine: FileState): Outcome {
  if (old === undefined) return { file: mine };
  if (sameContent(old, mine)) return { file: undefined };
  const reason = 'the template removed it, and you changed it; yours is kept';
  return { file: mine, conflict: { reason, markers: false } };
}

const EXEC = 0o111;

/** Only the exec bit is the template's; all others are as the author's machine set them. */
function mergeMode(old: number | undefined, fresh: number, mine: number): number {
  const runs = (mode: number): boolean => (mode & EXEC) !== 0;
  if (old === undefined || runs(old) === runs(fresh) || runs(mine) !== runs(old)) return mine;
  // whoever may read it may run it
  return runs(fresh) ? mine | ((mine & 0o444) >> 2) : mine & ~EXEC;
}
