import type { EffectKind } from '../wazo/effect.ts';
import type { PlannedEffect } from './change.ts';
import type { EffectOutcome, EffectSections } from './module.ts';
import { EFFECTS } from './registry.ts';
import { sectionName } from './scripts.ts';
import type { Section } from './sections.ts';

/** The times at which the answers of a batch's steps came, in milliseconds since it was sent. */
export interface Arrivals {
  placed: number;
  readonly effects: number[];
}

/** Notes the answers in a piece of the output. `started` is the performance.now() of the request. */
export function noteArrivals(chunk: Buffer, mark: string, arrivals: Arrivals, started: number): void {
  const text = chunk.toString('latin1');
  if (text.includes(`${mark}:placed`)) arrivals.placed = performance.now() - started;
  for (const [, index] of text.matchAll(new RegExp(`${mark}:status:(\\d+)`, 'g'))) {
    arrivals.effects[Number(index)] = performance.now() - started;
  }
}

/** Reads what effects did from the sections that their scripts wrote; those that were not run are missing. */
export function readOutcomes(
  effects: readonly PlannedEffect[],
  sections: readonly Section[],
  arrivals: Arrivals = { placed: 0, effects: [] },
): readonly EffectOutcome[] {
  let last = arrivals.placed;
  return effects.flatMap((planned, index) => {
    const own = sectionsOf(index, sections);
    if (own.text('status') === undefined) return [];
    const until = arrivals.effects[index] ?? last;
    const ms = Math.max(0, until - last);
    last = until;
    return [readOutcome(planned, own, ms)];
  });
}

function readOutcome<K extends EffectKind>(
  { effect, plugins }: PlannedEffect<K>,
  sections: EffectSections,
  ms: number,
): EffectOutcome<K> {
  const answer = EFFECTS[effect.do].answer(sections);
  const status = Number(sections.text('status'));
  const output = sections.text('effect') ?? '';
  // each kind has its own answer, which a spread does not let the compiler see
  return { do: effect.do, effect, plugins, status, output, ms, ...answer } as unknown as EffectOutcome<K>;
}

function sectionsOf(index: number, sections: readonly Section[]): EffectSections {
  return {
    // of two with one name the last one counts
    text: (name) => sections.findLast((section) => section.name === sectionName(name, index))?.text,
    words: (name) => {
      const start = sectionName(name, index, '');
      const own = sections.filter((section) => section.name.startsWith(start));
      return new Map(own.map((section) => [section.name.slice(start.length), section.text]));
    },
  };
}
