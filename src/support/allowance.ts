/**
 * The processor time that reading the texts of others may take in one run, of all plugins together: a folder of many
 * must not take as many times what one may take.
 */
export class Allowance {
  #left: number;

  constructor(seconds: number = SECONDS) {
    this.#left = seconds;
  }

  /** Seconds that are left. */
  get left(): number {
    return Math.max(0, this.#left);
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  /** Takes what something took; `free` are the seconds that a text of its kind takes at most, as people write it. */
  take(seconds: number, free = 0): void {
    this.#left -= Math.max(0, seconds - free);
  }
}

/** Usual seconds of a run. */
export const SECONDS = 3;

/** The way on of who meets the end of it. */
export const MORE_TIME = 'name it alone, or give more time: --timeout SECONDS';
