/** Letters of a word that somebody may have misspelt. */
const LONGEST = 100;

/** The word most like `text`, at most two letters away (or `most`); undefined otherwise, and for an equal one. */
export function nearest(text: string, words: Iterable<string>, most = 2): string | undefined {
  if (text.length > LONGEST) return undefined;
  let best: { word: string; away: number } | undefined;
  for (const word of words) {
    if (word === text || Math.abs(word.length - text.length) > most) continue;
    const away = distance(text, word);
    if (away <= Math.min(most, Math.floor(text.length / 3)) && away < (best?.away ?? 3))
      best = { word, away };
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

/** The word that was meant: one that is spelt much alike, or the only one that holds `text` or stands in it. */
export function meantBy(text: string, words: readonly string[]): string | undefined {
  if (words.includes(text)) return undefined;
  const alike = nearest(text, words);
  if (alike !== undefined || text.length < 3) return alike;
  const around = words.filter((word) => word.length > 2 && (text.includes(word) || word.includes(text)));
  return around.length === 1 ? around[0] : undefined;
}

/** The help line for a word that is not known: the one that was meant, or all that there are (or `otherwise`). */
export function didYouMean(text: string, words: readonly string[], otherwise?: string): string {
  const meant = meantBy(text, words);
  return meant === undefined ? (otherwise ?? `There are ${words.join(', ')}.`) : `Did you mean ${meant}?`;
}
