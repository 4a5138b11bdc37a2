import { UserError, messageOf } from '../support/errors.ts';
import type { Progress } from './progress.ts';
import type { TourStep } from './step.ts';
import type { TourVoice } from './voice.ts';
import { STACK_SILENT, type Workbench } from './workbench.ts';

/** Milliseconds between two checks when no event says that something changed. */
const LOOK_EVERY = 400;
/** Milliseconds until what --auto did counts as without result. */
const PATIENCE = 120_000;
/** Milliseconds until a person gets a hint, and the next. */
const HINT_AFTER = 45_000;

/** The request of a person while a step waits. */
export type Wish = 'play' | 'hint' | 'leave';

export interface TourOptions {
  readonly steps: readonly TourStep[];
  readonly bench: Workbench;
  readonly voice: TourVoice;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The oldest wish that was not taken yet; without it the tour plays itself. */
  readonly takeWish?: () => Wish | undefined;
  readonly hintAfter?: number;
  readonly patience?: number;
}

export interface TourResult {
  readonly end: 'done' | 'left' | 'failed';
  /** Steps that were seen to work in this run. */
  readonly seen: number;
  /** Titles of steps that this machine can't do, and of those that the person skipped. */
  readonly without: readonly string[];
}

type StepEnd = 'seen' | 'left-out' | 'left' | 'failed';

/**
 * Goes from step to step, from where an earlier run ended on. A step is over when each of its sights was seen;
 * for --auto the steps are played, and the first whose result is not seen ends the tour.
 */
export async function playTour(options: TourOptions): Promise<TourResult> {
  const { steps, bench, voice, progress } = options;
  const first = Math.max(
    0,
    steps.findIndex(({ id }) => id === progress.step),
  );
  const without: string[] = [];
  let seen = 0;
  for (const [index, step] of steps.entries()) {
    if (index < first) continue;
    progress.begin(step.id);
    if (!progress.prepared) step.note?.(bench);
    voice.step(step, index + 1, steps.length, bench);
    const reason = await step.notHere?.(bench);
    if (reason !== undefined) {
      voice.notHere(reason);
      without.push(step.title);
      continue;
    }
    await bench.arrange(step.surroundings);
    if (!progress.prepared) await step.prepare?.(bench);
    progress.setPrepared();
    const end = await reach(step, options);
    if (end === 'left' || end === 'failed') return { end, seen, without };
    if (end === 'seen') seen += 1;
    else without.push(step.title);
  }
  progress.finish();
  return { end: 'done', seen, without };
}

/** Looks until all sights of the step are there, or the person, or the time, ends it. */
async function reach(step: TourStep, options: TourOptions): Promise<StepEnd> {
  const { bench, voice, signal, takeWish, hintAfter = HINT_AFTER, patience = PATIENCE } = options;
  const told = new Set<string>();
  const hints = [...step.hints];
  let hintAt = performance.now() + hintAfter;
  let played = false;
  if (takeWish === undefined) await step.play(bench);
  const until = performance.now() + patience;
  for (;;) {
    if (signal.aborted) return 'left';
    const missing = await look(step, bench, voice, told);
    if (missing === undefined) return 'seen';
    const wish = takeWish?.();
    if (wish === 'leave') return 'left';
    if (wish === 'play') {
      if (played || !(await playFor(step, bench, voice))) return 'left-out';
      played = true;
    }
    if (takeWish === undefined && performance.now() > until) {
      voice.notSeen(missing);
      return 'failed';
    }
    if (takeWish !== undefined && (wish === 'hint' || performance.now() > hintAt)) {
      voice.hint(hints.shift() ?? `Not seen yet: ${missing}. The key s does it for you.`);
      hintAt = performance.now() + hintAfter;
    }
    if (wish === undefined) await bench.rest(LOOK_EVERY);
  }
}

/** Checks the sights once, reports each when first seen, and stops at one that is missing: the answer names it. */
async function look(
  step: TourStep,
  bench: Workbench,
  voice: TourVoice,
  told: Set<string>,
): Promise<string | undefined> {
  for (const { what, see } of step.sights) {
    bench.takeAsked();
    const result = await see(bench).catch(notNow);
    if (result === false) return what;
    if (told.has(what)) continue;
    const [command, answer] = bench.takeAsked() ?? [];
    if (command !== undefined && answer !== undefined && !told.has(answer)) {
      voice.asked(command, answer);
      told.add(answer);
    }
    voice.seen(result === true ? what : result);
    told.add(what);
  }
  return undefined;
}

/** A stack that does not answer just now may answer the next look. */
function notNow(error: unknown): false {
  if (error instanceof UserError && error.code === STACK_SILENT) return false;
  throw error;
}

/** Plays a step for a person who asked for it; answers whether that could be done. */
async function playFor(step: TourStep, bench: Workbench, voice: TourVoice): Promise<boolean> {
  try {
    await step.play(bench);
    return true;
  } catch (error) {
    voice.hint(`${messageOf(error)}. This step is skipped.`);
    return false;
  }
}
