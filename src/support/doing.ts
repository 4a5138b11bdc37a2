/**
 * The work of this process, for who waits for it. Any code tells it, and one listener shows what takes long
 * (terminal/progress.ts): so nothing has to be passed through to work that may become slow.
 */

/** Milliseconds of work after which a person wants to know what is being done. */
export const SOON = 1000;

/** Milliseconds since this process began. Each start asks, and performance.now() would load a part of Node for it. */
export const ageOfProcess = (): number => process.uptime() * 1000;

export interface Doing {
  /** A sentence without a subject, as "reading the repository"; how far it is stands behind a colon. */
  readonly text: string;
  /** When the work began that this is a step of, by the age of this process. */
  readonly since: number;
}

/** Steps within the command's work that are under way, the innermost last. */
const steps: { text: string }[] = [];
let base = '';
let asked = 0;
let now: Doing = { text: '', since: 0 };
let listener: ((now: Doing) => void) | undefined;

function change(): void {
  const text = asked > 0 ? '' : (steps.at(-1)?.text ?? base);
  if (text === now.text) return;
  now = { text, since: now.text === '' ? ageOfProcess() : now.since };
  listener?.(now);
}

/** Tells what the command does from now on; an empty text, that nobody waits for it. */
export function doing(text: string): void {
  base = text;
  change();
}

/** Says how far a step is: so many of so many, or in words. */
export type Say = (how: string | readonly [at: number, of: number]) => void;

/** Tells what is being done while a piece of work lasts. */
export async function during<Result>(text: string, work: (say: Say) => Promise<Result>): Promise<Result> {
  const step = { text };
  steps.push(step);
  change();
  try {
    return await work((how) => {
      if (typeof how === 'string') step.text = how;
      else step.text = how[1] > 1 ? `${text}: ${how[0]} of ${how[1]}` : text;
      change();
    });
  } finally {
    steps.splice(steps.indexOf(step), 1);
    change();
  }
}

/** Lets a person answer, or another program have the terminal: nothing is told meanwhile. */
export async function asking<Result>(work: () => Promise<Result>): Promise<Result> {
  asked += 1;
  change();
  try {
    return await work();
  } finally {
    asked -= 1;
    change();
  }
}

/** Ends the telling: the answer, or an error, is the last word. */
export function doneDoing(): void {
  asked += 1;
  change();
}

/** Takes from now on what is told, beginning with what is being done. */
export function hearDoing(hear: (now: Doing) => void): void {
  listener = hear;
  hear(now);
}
