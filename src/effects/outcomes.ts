import type { Plan, PlannedEffect } from './plan.ts';
import type { Section } from './sections.ts';
import { readUnit, type UnitState } from './unit-state.ts';

/** What one effect did on the target, in its own words. */
export interface EffectOutcome {
  readonly planned: PlannedEffect;
  readonly status: number;
  /** What it printed: Asterisk's answer, a generated file, a program's output. */
  readonly output: string;
  /**
   * What was logged meanwhile: Asterisk's log for a console command, the service's for a restart. For rules, what
   * the package database complains of afterwards.
   */
  readonly log: string;
  /** Answers of `dialplan show <context>` after a dialplan reload. */
  readonly shows: ReadonlyMap<string, string>;
  /** For a generated file, the text of before; for rules, what the package database complained of. */
  readonly before: string;
  /** Whether wazo-confgend really made a generated file anew. */
  readonly fresh: boolean;
  /** Of a restart: what the unit was when it came up, and where its log ended (wdev_log_end in library.sh). */
  readonly came?: { readonly state: UnitState; readonly logEnd: string };
  /** Milliseconds. */
  readonly ms: number;
}

/** When the answers of a batch's steps came, in milliseconds since it was sent. */
export interface Arrivals {
  placed: number;
  readonly effects: number[];
}

/** Notes what a piece of the output tells of. `started` is the performance.now() of the request. */
export function noteArrivals(chunk: Buffer, mark: string, arrivals: Arrivals, started: number): void {
  const text = chunk.toString('latin1');
  if (text.includes(`${mark}:placed`)) arrivals.placed = performance.now() - started;
  for (const [, index] of text.matchAll(new RegExp(`${mark}:status:(\\d+)`, 'g'))) {
    arrivals.effects[Number(index)] = performance.now() - started;
  }
}

/** What the effects of a plan did, from the sections that their scripts wrote. */
export function readOutcomes(
  plan: Plan,
  sections: readonly Section[],
  arrivals: Arrivals = { placed: 0, effects: [] },
): readonly EffectOutcome[] {
  const texts = new Map(sections.map((section) => [section.name, section.text]));
  let last = arrivals.placed;
  return plan.effects.flatMap((planned, index) => {
    const status = texts.get(`status:${index}`);
    const output = texts.get(`effect:${index}`);
    if (status === undefined || output === undefined) return [];
    const until = arrivals.effects[index] ?? last;
    const ms = Math.max(0, until - last);
    last = until;
    const show = `show:${index}:`;
    const shows = sections
      .filter(({ name }) => name.startsWith(show))
      .map(({ name, text }): [string, string] => [name.slice(show.length), text]);
    const log = texts.get(`log:${index}`) ?? '';
    const before = texts.get(`was:${index}`) ?? '';
    const fresh = texts.get(`fresh:${index}`)?.trim() === 'yes';
    const came = texts.get(`came:${index}`);
    const logEnd = texts.get(`end:${index}`)?.trim() ?? '';
    const unit = came === undefined ? {} : { came: { state: readUnit(came), logEnd } };
    return [
      { planned, status: Number(status), output, log, shows: new Map(shows), before, fresh, ...unit, ms },
    ];
  });
}
