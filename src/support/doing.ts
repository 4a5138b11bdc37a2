/**
 * The work of this process, for who waits for it. Any code tells it, and one listener shows what takes long
 * (terminal/progress.ts): so nothing has to be passed through to work that may become slow.
 */

import { inSlices } from './work.ts';

/** Milliseconds of work after which a person wants to know what is being done. */
export const SOON = 1000;

/** Milliseconds since this process began. Each start asks, and performance.now() would load a part of Node for it. */
export const ageOfProcess = (): number => process.uptime() * 1000;

export interface Doing {
  /** A sentence without a subject, as "reading the repository"; how far it is stands behind a colon, or a comma. */
  readonly text: string;
  /** The part that stays the same while the work goes on. */
  readonly subject: string;
  /** When the work began that this is a step of, by the age of this process. */
  readonly since: number;
}

interface Step {
  text: string;
  /** So many of so many. */
  far?: string;
}

/** Steps within the command's work that are under way, the innermost last. */
const steps: Step[] = [];
let base = '';
let asked = 0;
let now: Doing = { text: '', subject: '', since: 0 };
let listener: ((now: Doing) => void) | undefined;

function change(): void {
  const told = asked > 0 ? { text: '', subject: '' } : sentence();
  if (told.text === now.text) return;
  now = { ...told, since: now.text === '' ? ageOfProcess() : now.since };
  listener?.(now);
}

/** The innermost step; how far it is, or else the nearest step that it belongs to. */
function sentence(): Omit<Doing, 'since'> {
  const inner = steps.at(-1) ?? { text: base };
  const counted = steps.findLast(({ far }) => far !== undefined);
  if (counted === undefined) return { text: inner.text, subject: inner.text.replace(/:.*$/s, '') };
  const { text: subject, far = '' } = counted;
  return { text: counted === inner ? `${subject}: ${far}` : `${inner.text}, ${far}`, subject };
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
  const step: Step = { text };
  steps.push(step);
  change();
  try {
    return await work((how) => {
      if (typeof how === 'string') step.text = how;
      else if (how[1] > 1) step.far = `${how[0]} of ${how[1]}`;
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

/** Does work for each of a list, one after the other, told as one step. */
export async function duringEach<T>(
  text: string,
  items: readonly T[],
  work: (item: T, at: number) => Promise<void>,
): Promise<void> {
  await during(text, async (say) => {
    for (const [at, item] of items.entries()) {
      say([at + 1, items.length]);
      await work(item, at);
    }
  });
}

/** Waits for a list of works at once, told as one step: so many are done. */
export async function duringAll<T>(text: string, works: readonly Promise<T>[]): Promise<T[]> {
  return await during(text, async (say) => {
    let done = 0;
    const count = async (work: Promise<T>): Promise<T> => {
      const result = await work;
      done += 1;
      say([done, works.length]);
      return result;
    };
    return await Promise.all(works.map(count));
  });
}

/** Does quick, synchronous work for each of many items, told as one step, with turns for others in between. */
export async function duringSlices<T>(
  text: string,
  items: readonly T[],
  work: (item: T, at: number) => void,
): Promise<void> {
  await during(text, async (say) => {
    await inSlices(items.entries(), ([at, item]) => {
      say([at + 1, items.length]);
      work(item, at);
    });
  });
}
