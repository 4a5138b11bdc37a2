import type { LoopEvent } from '../loop/events.ts';
import type { Workbench } from './workbench.ts';

/** One look at a result: what should be seen, and whether it was. */
export interface Sight {
  readonly ok: boolean;
  readonly what: string;
}

/** One step of a tour, as data: what it is about, what is done, and how one sees that it worked. */
export interface TourStep {
  readonly title: string;
  /** What a person learns by it, in a sentence or two. */
  readonly text: string;
  /** The command that does the same by hand, if one does. */
  readonly command?: string;
  readonly do: (bench: Workbench) => Promise<void>;
  readonly check: (bench: Workbench) => Promise<readonly Sight[]>;
}

/** Where a tour tells what happens. */
export interface TourVoice {
  step(step: TourStep, number: number, of: number): void;
  /** What the dev loop says meanwhile. */
  event(event: LoopEvent): void;
  /** A line of a file that the tour changed. */
  edited(file: string, before: string, after: string): void;
  /** A command that was run on the stack, and its answer. */
  asked(command: string, answer: string): void;
  seen(sight: Sight): void;
}

export interface TourOptions {
  readonly steps: readonly TourStep[];
  readonly bench: Workbench;
  readonly voice: TourVoice;
  readonly signal: AbortSignal;
  /** Waits before a step, for a person who reads; answers false to leave. */
  readonly pause?: () => Promise<boolean>;
}

/**
 * Plays the steps one after the other, and looks at the result of each. Ends at the first step whose result is
 * not as it should be, and in any case takes away what it made.
 * @returns whether every step was seen to work
 */
export async function playTour({ steps, bench, voice, signal, pause }: TourOptions): Promise<boolean> {
  try {
    for (const [index, step] of steps.entries()) {
      voice.step(step, index + 1, steps.length);
      if (pause !== undefined && !(await pause())) return false;
      await step.do(bench);
      const sights = await step.check(bench);
      for (const sight of sights) voice.seen(sight);
      if (signal.aborted || sights.some(({ ok }) => !ok)) return false;
    }
    return true;
  } finally {
    await bench.clear();
  }
}
