import type { LoopEvent } from '../loop/events.ts';
import type { TourStep } from './step.ts';
import type { Workbench } from './workbench.ts';

/** Where a tour tells what happens. */
export interface TourVoice {
  step(step: TourStep, number: number, of: number, bench: Workbench): void;
  /** What the dev loop says meanwhile. */
  event(event: LoopEvent): void;
  /** A line of a file that the tour changed. */
  edited(file: string, before: string, after: string): void;
  /** A command that the tour ran in place of the person. */
  typed(command: string): void;
  /** A question to Asterisk's console, and its answer. */
  asked(command: string, answer: string): void;
  seen(what: string): void;
  notSeen(what: string): void;
  /** The step can't be done on this machine. */
  notHere(reason: string): void;
  hint(text: string): void;
}
