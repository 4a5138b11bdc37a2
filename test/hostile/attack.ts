/** An attack: a hostile input, the real `wdev` on it, and the evidence that it got through. */
import type { Place } from './place.ts';

/** The kinds of SECURITY.md, "Attacks that are tried". */
export type Kind =
  | 'answers file'
  | 'git'
  | 'settings'
  | 'workspace'
  | 'terminal'
  | 'secrets'
  | 'hang'
  | 'half state'
  | 'killed stack'
  | 'sandbox'
  | 'template';

/** Where a guard stands in the compiled code, so that the mutation run (mutate.ts) can switch it off. */
export interface Guard {
  /** Below `dist`, e.g. `src/templates/safe-paths.js`. */
  readonly file: string;
  /** A text that stands there exactly once. */
  readonly from: string;
  /** The text in its place: the same program without the guard. */
  readonly to: string;
}

export interface Attack {
  readonly kind: Kind;
  /** The effect of the input, e.g. "a template writes beside the plugin". */
  readonly name: string;
  /** Switched off together; then the attack must get through. */
  readonly guards: readonly [Guard, ...Guard[]];
  /**
   * Makes the input below `place.folder` and runs `place.wdev` on it.
   * @returns what got through, as a sentence; undefined when nothing did. `place` adds what it sees by itself: the
   *   canary, raw escapes, a run over its limits, a defect of wdev.
   */
  run(place: Place): Promise<string | undefined>;
}
