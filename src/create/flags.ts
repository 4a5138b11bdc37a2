/** The flags about a new plugin, for `wdev new` and `yo wazo-plugin`. */

import { KINDS, builtInTemplate, type Kind } from '../templates/built-in.ts';
import type { Question } from '../answers/question.ts';

/** A flag that answers no question. */
export interface Flag {
  readonly name: string;
  readonly description: string;
  /** The name of its value; absent for a switch. */
  readonly value?: string;
}

export const FLAGS = {
  template: {
    name: 'template',
    value: 'ref',
    description:
      'use this template: a name from wdev templates, a folder, git+URL[#ref][:subfolder] or an npm package',
  },
  offline: { name: 'offline', description: 'use the cached copy of the template' },
  trust: {
    name: 'trust',
    description: 'run the programs that the template names without asking; they are shown first',
  },
  yes: { name: 'yes', description: 'take the default for every open question; never ask' },
  noGit: { name: 'no-git', description: 'do not make a git repository and a first commit' },
} as const satisfies Readonly<Record<string, Flag>>;

/** The questions of these kinds; the same question of several kinds once, with the kinds that ask it. */
export function askedBy(kinds: readonly Kind[]): readonly {
  readonly question: Question;
  readonly kinds: readonly Kind[];
}[] {
  const found = new Map<string, { question: Question; kinds: Kind[] }>();
  for (const kind of kinds) {
    for (const question of builtInTemplate(kind).questions) {
      const entry = found.get(question.flag) ?? { question, kinds: [] };
      entry.kinds.push(kind);
      found.set(question.flag, entry);
    }
  }
  return [...found.values()];
}

/** The questions of all kinds, and of the chosen template. */
export function allQuestions(chosen: readonly Question[]): readonly Question[] {
  return [...KINDS.flatMap((name) => builtInTemplate(name).questions), ...chosen];
}

/**
 * The answers among given values.
 * @param valueOf the value that was given for a flag, by its long name without the dashes
 */
export function answersGiven(
  questions: readonly Question[],
  valueOf: (flag: string) => unknown,
): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const { name, flag } of questions) {
    const value = valueOf(flag);
    if (value !== undefined) given[name] = value;
  }
  return given;
}
