/** How many commands may be followed a second time, in all branches of a script together. */
const REPEATED = 2000;

/** Functions that call each other, one within the other. */
const DEPTH = 50;

/**
 * Keeps the following of a script as long as the script: everything is followed once, and what is followed again
 * (a function's second call, a loop's next word) is counted.
 */
export class WalkBudget {
  readonly #followed = new Set<object>();
  #left = REPEATED;
  #repeats = 0;

  /** Whether a part of the script may be followed, at this depth of calls. */
  allows(part: object, depth: number): boolean {
    return depth < DEPTH && (!this.#followed.has(part) || this.#left > 0);
  }

  /** Follows a part; what it counts within is counted when the part was followed before. */
  follow(part: object, walk: () => void): void {
    const isRepeat = this.#followed.has(part);
    this.#followed.add(part);
    if (isRepeat) this.#repeats += 1;
    walk();
    if (isRepeat) this.#repeats -= 1;
  }

  /** Counts a command. */
  count(): void {
    if (this.#repeats > 0) this.#left -= 1;
  }
}
