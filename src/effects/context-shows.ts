import { splitShow } from '../dialplan/show/show-text.ts';
import { quote } from '../support/quote.ts';

/** Each context asked for costs a program; for more than these, the whole dialplan comes sooner. */
export const MOST_ASKED = 20;

/** The name of the section that holds the whole dialplan. */
const ALL = '';

/** A step for each answer of `dialplan show` that is needed to know these contexts; `section` opens its section. */
export function showSteps(
  contexts: readonly string[],
  section: (context: string) => string,
): readonly string[] {
  if (contexts.length > MOST_ASKED) return [`${section(ALL)}; wdev_console 'dialplan show'`];
  return contexts.map((context) => `${section(context)}; wdev_console ${quote(`dialplan show ${context}`)}`);
}

/** Asterisk's dialplan of each context, from the texts of the sections. */
export function showsByContext(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const all = texts.get(ALL);
  return all === undefined ? texts : splitShow(all);
}
