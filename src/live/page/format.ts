/** Times and amounts as the page writes them. */

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

export function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** The time of today; of another day, its date too. */
export function moment(at: number): string {
  const date = new Date(at);
  return date.toDateString() === new Date().toDateString()
    ? clock(at)
    : `${date.toLocaleDateString()} ${clock(at)}`;
}

export function counted(amount: number, word: string, words = `${word}s`): string {
  return `${amount} ${amount === 1 ? word : words}`;
}
