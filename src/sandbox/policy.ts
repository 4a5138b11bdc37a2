/** The decisions of the person at this machine about programs of plugins. A plugin's own files have no say in it. */

import { usageError } from '../support/errors.ts';

export type Choice =
  /** The best way that the machine has. */
  | 'best'
  /** One of the ways, and no other. */
  | 'bubblewrap'
  | 'unshare'
  /** None: programs run as the person does. */
  | 'off';

export const CHOICES: readonly Choice[] = ['best', 'bubblewrap', 'unshare', 'off'];

export interface Policy {
  readonly choice: Choice;
  /** Seconds that one step of a plugin may take, when the person said so. */
  readonly timeout?: number;
  /** Takes a sentence, once: the machine has no sandbox, so that programs run without one. */
  readonly onNone: (sentence: string) => void;
}

/**
 * The choice that a word names; undefined without a word.
 * @throws UserError `usage` for another word
 */
export function choiceOf(word: string | undefined): Choice | undefined {
  if (word === undefined || word === '') return undefined;
  const choice = CHOICES.find((one) => one === word);
  if (choice !== undefined) return choice;
  throw usageError(`WDEV_SANDBOX=${word}: there are ${CHOICES.join(', ')}`);
}

/** Seconds for `rules build`, which may fetch and compile. */
const TIMEOUT = 900;

const DEFAULT: Policy = { choice: 'best', onNone: () => undefined };

let present: Policy = DEFAULT;

/** Decides for the rest of this process; what is not named stays as it is. */
export function setPolicy(policy: Partial<Policy>): void {
  present = { ...present, ...policy };
}

export function policy(): Policy {
  return present;
}

/** Said of a program that took the processor for too long. */
export const TOO_MUCH = 'it takes too much processor time; --timeout SECONDS gives it more';

/** Seconds that a program of a plugin may take: as the person wants it, else what is usual for its kind. */
export function timeLimit(usual: number = TIMEOUT): number {
  return present.timeout ?? usual;
}
