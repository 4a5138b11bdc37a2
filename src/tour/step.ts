import type { Surroundings, Workbench } from './workbench.ts';

/** Something that one sees when a step is done. `see` reads the result, never what was typed. */
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
  /** The lesson of the step, in a few sentences. */
  readonly text: string;
  /** The task of the person. */
  readonly task: string;
  /** The command that does it, typed in the tour's folder. */
  readonly command?: (bench: Workbench) => string;
  /** The file that is edited, in the tour's folder. */
  readonly file?: string;
  readonly surroundings: Surroundings;
  /** Notes the state once, before the person is asked to change it. */
  readonly note?: (bench: Workbench) => void;
  /** The preparation that runs once before the person begins. */
  readonly prepare?: (bench: Workbench) => Promise<void>;
  /** Why the step cannot be done on this machine, if so. */
  readonly notHere?: (bench: Workbench) => Promise<string | undefined>;
  /** Does what the person would do: for --auto, and for who asks for it. */
  readonly play: (bench: Workbench) => Promise<void>;
  readonly sights: readonly Sight[];
  /** Told one after the other while nothing is seen. */
  readonly hints: readonly string[];
}
