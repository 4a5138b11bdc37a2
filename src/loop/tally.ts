import type { LoopEvent } from './events.ts';

/** The number of the last batch, and the plugins whose last word was `failed`, of them or of their tests. */
export class Tally {
  readonly #failing = new Set<string>();
  /** Those of which a test failed. */
  readonly #broken = new Set<string>();
  #batch = 0;

  /** A number for a batch that is certain to come. */
  take(): number {
    this.#batch += 1;
    return this.#batch;
  }

  /** The number that a batch would have; only one that begins uses it up. */
  get next(): number {
    return this.#batch + 1;
  }

  get isFailing(): boolean {
    return this.#failing.size + this.#broken.size > 0;
  }

  hear(event: LoopEvent): void {
    if ('id' in event) this.#batch = Math.max(this.#batch, event.id);
    if (event.event === 'failed') this.#failing.add(event.plugin);
    if (event.event === 'verified') {
      this.#failing.delete(event.plugin);
      this.#broken.delete(event.plugin);
    }
    if (event.event === 'tested' && !event.ok) this.#broken.add(event.plugin);
  }
}
