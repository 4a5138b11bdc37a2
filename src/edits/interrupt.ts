const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupt {
  /** Whether a signal asked to end, until now. */
  came(): Promise<boolean>;
  ignore(): void;
}

/** Holds signals back while something is done that must not end half-way. */
export function listenForInterrupt(): Interrupt {
  let heard = false;
  const hear = (): void => void (heard = true);
  for (const signal of SIGNALS) process.on(signal, hear);
  return {
    async came() {
      // signals are handed over between turns of the event loop
      await new Promise((resolve) => setImmediate(resolve));
      return heard;
    },
    ignore() {
      for (const signal of SIGNALS) process.off(signal, hear);
    },
  };
}
