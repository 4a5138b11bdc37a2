import type { Edit } from './rule.ts';
import type { SourceText } from '../readers/source-text.ts';

export interface FixedFile {
  readonly file: string;
  readonly before: string;
  readonly text: string;
  readonly mode: number;
  readonly modeBefore: number;
}

/**
 * The files after a set of edits. Of edits that overlap, the earlier one in the list wins; the other rule
 * speaks again in the next round.
 */
export function applyEdits(
  files: ReadonlyMap<string, SourceText>,
  fixes: readonly (readonly Edit[])[],
): readonly FixedFile[] {
  const taken = new Map<string, Edit[]>();
  for (const fix of fixes) {
    if (!fix.every((edit) => (taken.get(edit.file) ?? []).every((other) => !overlap(edit, other)))) continue;
    for (const edit of fix) taken.set(edit.file, [...(taken.get(edit.file) ?? []), edit]);
  }
  return [...taken].flatMap(([file, edits]) => {
    const source = files.get(file);
    return source === undefined ? [] : [fixedFile(source, edits)];
  });
}

function fixedFile(source: SourceText, edits: readonly Edit[]): FixedFile {
  let { text } = source;
  let { mode } = source;
  const backwards = edits.filter((edit) => 'start' in edit).sort((a, b) => b.start - a.start);
  for (const edit of backwards) text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  for (const edit of edits) if ('mode' in edit) ({ mode } = edit);
  return { file: source.path, before: source.text, text, mode, modeBefore: source.mode };
}

function overlap(a: Edit, b: Edit): boolean {
  if (!('start' in a) || !('start' in b)) return 'mode' in a && 'mode' in b;
  return a.start < b.end && b.start < a.end ? true : a.start === b.start;
}
