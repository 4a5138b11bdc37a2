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
    const key = keyOf(source);
    const equal = byHash.get(key);
    if (equal === undefined) byHash.set(key, [source.path]);
    else equal.push(source.path);
  }
  const endings = new Map<string, Endings>();
  const mostAlike = (installed: string, hash: string): string | undefined => {
    const equal = byHash.get(hash) ?? [];
    if (equal.length < 2) return equal[0];
    let sorted = endings.get(hash);
    if (sorted === undefined) endings.set(hash, (sorted = new Endings(equal)));
    return sorted.mostAlike(installed);
  };
  const learned = new Map<string, string>();
  for (const file of staged) {
    const best = mostAlike(file.path, keyOf(file));
    if (best !== undefined) learned.set(file.path, best);
  }
  return learned;
}

/** A link is a copy of a link with the same text, never of a file with that text. */
function keyOf({ hash, link }: { readonly hash: string; readonly link?: string }): string {
  return link === undefined ? hash : `link ${hash}`;
}

/** Paths sorted by their endings: those that end most alike stand together, however many there are. */
class Endings {
  readonly #sorted: readonly string[];

  constructor(paths: readonly string[]) {
    this.#sorted = paths.map(endingOf).sort();
  }

  /** The one path that shares more segments at its end with this one than every other does. */
  mostAlike(installed: string): string | undefined {
    const ending = endingOf(installed);
    const at = this.#placeOf(ending);
    const common = (index: number): number => commonSegments(this.#sorted[index] ?? '', ending);
    const [before, after] = [common(at - 1), common(at)];
    if (before === after) return undefined;
    const [best, next] = before > after ? [at - 1, at - 2] : [at, at + 1];
    return common(next) < common(best) ? pathOf(this.#sorted[best] ?? '') : undefined;
  }

  /** Where the first one stands that is not before this ending. */
  #placeOf(ending: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? '') < ending) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The segments of a path from its end on, each with an end of its own. */
function endingOf(path: string): string {
  return `${path.split('/').toReversed().join('\0')}\0`;
}

function pathOf(ending: string): string {
  return ending.slice(0, -1).split('\0').toReversed().join('/');
}

function commonSegments(a: string, b: string): number {
  let count = 0;
  for (let at = 0; at < a.length && a.charCodeAt(at) === b.charCodeAt(at); at += 1)
    if (a.charCodeAt(at) === 0) count += 1;
  return count;
}
