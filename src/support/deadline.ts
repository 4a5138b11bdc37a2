/** The time by which another process has to answer. */
export interface Deadline {
  /** There was a sign of life: all of the time begins anew. */
  refresh(): void;
  clear(): void;
}

/**
 * Calls `late` after some milliseconds. Node.js asks its timers before it reads what came: where this process was stopped
 * meanwhile, or busy, an answer that lies there is read first.
 */
export function deadline(ms: number, late: () => void): Deadline {
  let look: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (look = setImmediate(late)), ms);
  return {
    refresh: () => {
      clearImmediate(look);
      timer.refresh();
    },
    clear: () => {
      clearImmediate(look);
      clearTimeout(timer);
    },
  };
}
