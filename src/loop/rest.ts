/** The loop's rest between batches: ended by time, by a wake-up, or by the signal. */
export class Rest {
  readonly #signal: AbortSignal;
  #wake: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  wake(): void {
    this.#wake();
  }

  /**
   * Waits, at most `ms`. Answers whether the time passed with neither wake-up nor signal. What the system tells
   * together with a wake-up has been heard when this returns.
   */
  async for(ms: number): Promise<boolean> {
    if (this.#signal.aborted) return false;
    return await new Promise<boolean>((resolve) => {
      const end = (idle: boolean): void => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', wake);
        // of two wake-ups, the second may end after the next rest began
        if (this.#wake === wake) this.#wake = (): void => undefined;
        resolve(idle);
      };
      const wake = (): void => void setImmediate(end, false);
      const timer = Number.isFinite(ms) ? setTimeout(() => end(true), ms) : undefined;
      this.#wake = wake;
      this.#signal.addEventListener('abort', wake);
    });
  }

  /** The result of `work`, or undefined as soon as there is a wake-up. */
  async unlessWoken<T>(work: Promise<T>): Promise<T | undefined> {
    work.catch(() => undefined);
    const woken = this.for(Number.POSITIVE_INFINITY).then(() => undefined);
    try {
      return await Promise.race([work, woken]);
    } finally {
      this.wake();
    }
  }
}
