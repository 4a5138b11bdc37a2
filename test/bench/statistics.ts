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

/** A figure and its bound. */
export interface Bar {
  readonly what: string;
  readonly value: number;
  /** Unit of the value; 'times', the ratio of two medians, unless told. */
  readonly unit?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export function passes({ value, atMost, atLeast }: Bar): boolean {
  return value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY);
}

/** "pass", or by how much it misses. */
export function verdict(bar: Bar): string {
  if (passes(bar)) return 'pass';
  const bound = bar.atMost ?? bar.atLeast ?? 1;
  const off = bar.atMost === undefined ? bound / bar.value : bar.value / bound;
  return `misses by a factor of ${off.toFixed(2)}`;
}
