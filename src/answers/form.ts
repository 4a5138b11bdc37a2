import type { Condition, Question } from './question.ts';

/** A value that follows from answers by a table. */
export interface Lookup {
  /** Pattern of the key, e.g. `{resource}/{filename}`. */
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
  readonly otherwise: string;
}

/** A combination of answers that cannot be: it is refused, naming the question's flag. */
export interface Check {
  readonly when: Condition;
  readonly question: string;
  readonly message: string;
}

/** Words that conditions can test as `traits`, e.g. `python`. */
interface Traits {
  readonly traits: readonly string[];
}

/** The questions for a person, and the consequences of the answers. A template is one. */
export interface Form {
  /** For messages. */
  readonly name: string;
  /** In the order of asking. */
  readonly questions: readonly Question[];
  readonly lookups: Readonly<Record<string, Lookup>>;
  readonly checks: readonly Check[];
  readonly adds: Traits;
  /** The choices of the answer `parts`. */
  readonly parts: readonly { readonly name: string; readonly adds: Traits }[];
}
