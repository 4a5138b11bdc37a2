/** Files of a template that have another name in its next version. Pure. */

import { sameContent, type FileState, type FileTree } from '../edits/file-tree.ts';
import { lines } from './text-merge.ts';

/** Shares of lines that two texts have in common, from which on one is the other under a new name. */
const ALIKE = 0.6;

/** New path by old path. Equal contents first, then the most alike; each path once. */
export function findRenames(old: FileTree, fresh: FileTree): ReadonlyMap<string, string> {
  const gone = [...old.keys()].filter((path) => !fresh.has(path)).sort();
  const come = [...fresh.keys()].filter((path) => !old.has(path)).sort();
  const pairs = gone.flatMap((from) =>
    come.map((to) => ({ from, to, score: likeness(old.get(from), fresh.get(to), from, to) })),
  );
  const best = pairs.filter(({ score }) => score >= ALIKE).sort((a, b) => b.score - a.score);
  const renames = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of best) {
    if (renames.has(from) || taken.has(to)) continue;
    renames.set(from, to);
    taken.add(to);
  }
  return renames;
}

/** From 0 to 1, and a little more for the same file name. Empty files are like no other. */
function likeness(a: FileState | undefined, b: FileState | undefined, from: string, to: string): number {
  if (a === undefined || b === undefined || a.text === '' || b.text === '') return 0;
  const bonus = from.split('/').at(-1) === to.split('/').at(-1) ? 0.01 : 0;
  if (sameContent(a, b)) return 1 + bonus;
  if (a.encoding !== undefined || b.encoding !== undefined) return 0;
  const [first, second] = [meaningful(a.text), meaningful(b.text)];
  const rest = new Map<string, number>();
  for (const line of second) rest.set(line, (rest.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of first) {
    const left = rest.get(line) ?? 0;
    if (left === 0) continue;
    rest.set(line, left - 1);
    common += 1;
  }
  const share = (2 * common) / Math.max(1, first.length + second.length);
  return share >= ALIKE ? share + bonus : 0;
}

/** Blank lines are in every file. */
function meaningful(text: string): readonly string[] {
  return lines(text)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
