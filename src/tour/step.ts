import type { Surroundings, Workbench } from './workbench.ts';

/** Something that one sees when a step is done. `see` looks at the result, never at what was typed. */
export interface Sight {
  readonly what: string;
  /** A text takes the place of `what` when it was seen. */
  readonly see: (bench: Workbench) => Promise<boolean | string>;
}

/** One step of a tour, as data: what one learns by it, what is to be done, and how one sees that it worked. */
export interface TourStep {
  /** Stable: where a tour goes on is kept by it. */
  readonly id: string;
  readonly title: string;
  /** What a person learns by it, in a few sentences. */
  readonly text: string;
  /** What the person does now. */
  readonly task: string;
  /** The command that does it, typed in the tour's folder. */
  readonly command?: (bench: Workbench) => string;
  /** The file that is edited, in the tour's folder. */
  readonly file?: string;
  readonly surroundings: Surroundings;
  /** Notes what stands there once, before the person is told to change it. */
  readonly note?: (bench: Workbench) => void;
  /** What the tour does once before the person begins. */
  readonly prepare?: (bench: Workbench) => Promise<void>;
  /** Why the step cannot be done on this machine, if so. */
  readonly notHere?: (bench: Workbench) => Promise<string | undefined>;
  /** Does what the person would do: for --auto, and for who asks for it. */
  readonly play: (bench: Workbench) => Promise<void>;
  readonly sights: readonly Sight[];
  /** Told one after the other while nothing is seen. */
  readonly hints: readonly string[];
}
