import type { SourceListing } from '../git/sources.ts';

/**
 * Learned provenance: `rules` is opaque, so a staged file whose bytes equal those of a source file is taken
 * for a copy of it. Where several sources are equal, the one whose path ends most alike wins; a tie between
 * equally good candidates gives none.
 */
export function learnProvenance(
  sources: SourceListing,
  staged: Iterable<{ readonly path: string; readonly hash: string; readonly link?: string }>,
): ReadonlyMap<string, string> {
  const byHash = new Map<string, string[]>();
  for (const source of sources.values()) {
    if (source.link !== undefined) continue;
    const equal = byHash.get(source.hash);
    if (equal === undefined) byHash.set(source.hash, [source.path]);
    else equal.push(source.path);
  }
  const learned = new Map<string, string>();
  for (const file of staged) {
    const best = file.link === undefined ? mostAlike(file.path, byHash.get(file.hash) ?? []) : undefined;
    if (best !== undefined) learned.set(file.path, best);
  }
  return learned;
}

function mostAlike(installed: string, candidates: readonly string[]): string | undefined {
  if (candidates.length < 2) return candidates[0];
  const ranked = candidates
    .map((candidate) => ({ candidate, common: commonEnding(installed, candidate) }))
    .sort((a, b) => b.common - a.common);
  const [first, second] = ranked;
  return first !== undefined && first.common > (second?.common ?? 0) ? first.candidate : undefined;
}

/** How many path segments two paths share at their ends. */
function commonEnding(a: string, b: string): number {
  const left = a.split('/').toReversed();
  const right = b.split('/').toReversed();
  let count = 0;
  while (count < right.length && left[count] === right[count]) count += 1;
  return count;
}
