/**
 * Flags as they were typed. `yo` hands over numbers for what looks like one (`1.10` becomes 1.1), and its
 * environment puts its own value over `namespace`, so generators read the command line itself.
 */

import type { Question } from './question.ts';

export type RawValue = string | boolean | readonly string[];

/** The values of a command line for the questions, by their names. Later flags win; a checkbox collects all. */
export function rawAnswers(
  words: readonly string[],
  questions: readonly Question[],
): Record<string, RawValue> {
  const found: Record<string, RawValue> = {};
  for (const question of questions) {
    const values =
      question.type === 'confirm' ? rawBooleans(words, question.flag) : rawTexts(words, question.flag);
    const last = values.at(-1);
    if (last === undefined) continue;
    found[question.name] = question.type === 'checkbox' ? values.map(String) : last;
  }
  return found;
}

function rawTexts(words: readonly string[], flag: string): readonly string[] {
  return words.flatMap((word, index) => {
    if (word.startsWith(`--${flag}=`)) return [word.slice(flag.length + 3)];
    const next = words[index + 1];
    return word === `--${flag}` && next !== undefined ? [next] : [];
  });
}

function rawBooleans(words: readonly string[], flag: string): readonly (boolean | string)[] {
  return words.flatMap((word): (boolean | string)[] => {
    if (word === `--${flag}`) return [true];
    if (word === `--no-${flag}`) return [false];
    return word.startsWith(`--${flag}=`) ? [word.slice(flag.length + 3)] : [];
  });
}
