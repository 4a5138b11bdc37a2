/** Times of one contender, in milliseconds. */
export interface Sample {
  readonly name: string;
  readonly times: readonly number[];
}

export function quantile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export function median(times: readonly number[]): number {
  return quantile(times, 0.5);
}

/** What a ratio of two medians should be, and is. */
export interface Bar {
  readonly what: string;
  /** Median of the one over the median of the other. */
  readonly ratio: number;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export function passes({ ratio, atMost, atLeast }: Bar): boolean {
  return ratio <= (atMost ?? Number.POSITIVE_INFINITY) && ratio >= (atLeast ?? 0);
}

/** "pass", or by how much it misses. */
export function verdict(bar: Bar): string {
  if (passes(bar)) return 'pass';
  const bound = bar.atMost ?? bar.atLeast ?? 1;
  const off = bar.atMost === undefined ? bound / bar.ratio : bar.ratio / bound;
  return `misses by a factor of ${off.toFixed(2)}`;
}
