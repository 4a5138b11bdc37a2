import type { TourStep } from './step.ts';
import type { Workbench, WorkbenchVoice } from './workbench.ts';

/** The place where a tour reports what happens. */
export interface TourVoice extends WorkbenchVoice {
  step(step: TourStep, number: number, of: number, bench: Workbench): void;
  /** A question to Asterisk's console, and its answer. */
  asked(command: string, answer: string): void;
  seen(what: string): void;
  notSeen(what: string): void;
  /** The step can't be done on this machine. */
  notHere(reason: string): void;
  hint(text: string): void;
}
