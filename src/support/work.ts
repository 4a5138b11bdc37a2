/** Milliseconds of work after which others have a turn. */
const TURN = 8;

/**
 * Does quick, synchronous work for each of many items, with turns for others in between. A synchronous call of
 * the file system costs a tenth of a promised one.
 */
export async function inSlices<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  let began = performance.now();
  for (const item of items) {
    work(item);
    if (performance.now() - began < TURN) continue;
    await new Promise((resolve) => setImmediate(resolve));
    began = performance.now();
  }
}

/**
 * Works through a list with so many items at a time. Answers in the order of the list; what is rejected before it
 * is waited for stays so.
 */
export function severalAtOnce<T, R>(
  items: readonly T[],
  count: number,
  work: (item: T) => Promise<R>,
): readonly Promise<R>[] {
  const waiting: (() => void)[] = [];
  let free = count;
  const answers = items.map(async (item) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work(item);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  });
  for (const answer of answers) answer.catch(() => undefined);
  return answers;
}
