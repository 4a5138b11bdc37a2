/** Files of a template that have another name in its next version. Pure. */

import type { FileState, FileTree } from '../edits/file-tree.ts';
import { lines } from './text-merge.ts';

/** Shares of lines that two texts have in common, from which on one is the other under a new name. */
const ALIKE = 0.6;

/** Lines that are compared in one search: each file that is gone with each that came. */
const COMPARED = 2_000_000;

export interface Renames {
  /** New path by old path. */
  readonly paths: ReadonlyMap<string, string>;
  /** All files were compared; else there may be more. */
  readonly isWhole: boolean;
}

/** Equal contents first, then the most alike; each path once. */
export function findRenames(old: FileTree, fresh: FileTree): Renames {
  const gone = filesOf(old, fresh);
  const come = filesOf(fresh, old);
  const paths = new Map<string, string>();
  const taken = new Set<string>();
  const rename = (from: string, to: string): void => {
    if (paths.has(from) || taken.has(to)) return;
    paths.set(from, to);
    taken.add(to);
  };
  for (const key of [(file: Named) => `${file.name}\n${contentKey(file)}`, contentKey]) {
    const waiting = new Map<string, Named[]>();
    for (const file of come.toReversed()) {
      if (taken.has(file.path)) continue;
      const same = waiting.get(key(file));
      if (same === undefined) waiting.set(key(file), [file]);
      else same.push(file);
    }
    for (const file of gone) {
      if (paths.has(file.path)) continue;
      const same = waiting.get(key(file))?.pop();
      if (same !== undefined) rename(file.path, same.path);
    }
  }
  const { pairs, isWhole } = alike(
    gone.filter(({ path }) => !paths.has(path)),
    come.filter(({ path }) => !taken.has(path)),
  );
  for (const { from, to } of pairs.sort((a, b) => b.score - a.score)) rename(from, to);
  return { paths, isWhole };
}

interface Named extends FileState {
  readonly path: string;
  /** Without its folder. */
  readonly name: string;
}

/** The files that the other tree does not have. Empty files are like no other. */
function filesOf(tree: FileTree, other: FileTree): readonly Named[] {
  return [...tree]
    .filter(([path, { text }]) => !other.has(path) && text !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, file]) => ({ ...file, path, name: path.slice(path.lastIndexOf('/') + 1) }));
}

function contentKey({ text, encoding }: Named): string {
  return `${encoding ?? ''}\n${text}`;
}

interface Pair {
  readonly from: string;
  readonly to: string;
  /** From 0 to 1, and a little more for the same file name. */
  readonly score: number;
}

/** Pairs of texts that have most lines in common. */
function alike(gone: readonly Named[], come: readonly Named[]): { pairs: Pair[]; isWhole: boolean } {
  const texts = come
    .filter(({ encoding }) => encoding === undefined)
    .map((file) => ({ ...file, ...countLines(file.text) }));
  const pairs: Pair[] = [];
  let left = COMPARED;
  for (const file of gone) {
    if (file.encoding !== undefined) continue;
    const { count, counts } = countLines(file.text);
    for (const other of texts) {
      left -= counts.size + 1;
      if (left < 0) return { pairs, isWhole: false };
      let common = 0;
      for (const [line, times] of counts) common += Math.min(times, other.counts.get(line) ?? 0);
      const share = (2 * common) / Math.max(1, count + other.count);
      const bonus = file.name === other.name ? 0.01 : 0;
      if (share >= ALIKE) pairs.push({ from: file.path, to: other.path, score: share + bonus });
    }
  }
  return { pairs, isWhole: true };
}

function countLines(text: string): { readonly count: number; readonly counts: ReadonlyMap<string, number> } {
  const all = meaningful(text);
  const counts = new Map<string, number>();
  for (const line of all) counts.set(line, (counts.get(line) ?? 0) + 1);
  return { count: all.length, counts };
}

/** Blank lines are in every file. */
function meaningful(text: string): readonly string[] {
  return lines(text)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
