import type { Edit } from './rule.ts';
import type { SourceText } from '../readers/source-text.ts';

export interface FixedFile {
  readonly file: string;
  /** Undefined where there was none. */
  readonly before: string | undefined;
  /** Undefined where there is none now. */
  readonly text: string | undefined;
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
    return source === undefined ? [] : renamed(fixedFile(source, edits), edits);
  });
}

function renamed(fixed: FixedFile, edits: readonly Edit[]): readonly FixedFile[] {
  const to = edits.flatMap((edit) => ('to' in edit ? [edit.to] : []))[0];
  if (to === undefined) return [fixed];
  return [
    { ...fixed, text: undefined },
    { ...fixed, file: to, before: undefined, modeBefore: fixed.mode },
  ];
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
  if (!('start' in a) || !('start' in b)) return ('mode' in a && 'mode' in b) || ('to' in a && 'to' in b);
  return a.start < b.end && b.start < a.end ? true : a.start === b.start;
}
