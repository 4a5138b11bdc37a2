/** The word most like `text`, when it is at most two letters away; undefined otherwise, and for an equal one. */
export function nearest(text: string, words: Iterable<string>): string | undefined {
  let best: { word: string; away: number } | undefined;
  for (const word of words) {
    if (word === text || Math.abs(word.length - text.length) > 2) continue;
    const away = distance(text, word);
    if (away <= Math.min(2, Math.floor(text.length / 3)) && away < (best?.away ?? 3)) best = { word, away };
  }
  return best?.word;
}

/** Letters to add, take out, change or swap with the next one to make `b` of `a`. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (rows[i - 1]?.[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, (rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/** The help line for a word that is not known: the one that was meant, or all that there are. */
export function didYouMean(text: string, words: readonly string[]): string {
  const meant = nearest(text, words) ?? words.find((word) => word.length > 2 && text.includes(word));
  return meant === undefined ? `There are ${words.join(', ')}.` : `Did you mean ${meant}?`;
}
