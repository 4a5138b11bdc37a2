import type { LoopEvent } from '../loop/events.ts';

/** Says when a person who looks elsewhere is called: once for a batch that failed, and when all is well again. */
export class Bell {
  readonly #failing = new Set<string>();
  #rang = 0;

  /** Whether this event rings. */
  hear(event: LoopEvent): boolean {
    if (event.event === 'failed') {
      this.#failing.add(event.plugin);
      if (this.#rang === event.id) return false;
      this.#rang = event.id;
      return true;
    }
    return event.event === 'verified' && this.#failing.delete(event.plugin) && this.#failing.size === 0;
  }
}
