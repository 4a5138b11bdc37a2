/**
 * Questions as data. Prompts of `wdev new` and of Yeoman, flags, `--help`, the JSON Schema of the answers and
 * the documentation are all made from them.
 */

export type Answer = string | boolean | readonly string[];
export type Answers = Readonly<Record<string, Answer>>;

export interface Choice {
  readonly value: string;
  readonly name: string;
  /** The consequences of the choice: values by name, for defaults, conditions and samples. */
  readonly sets?: Readonly<Record<string, string>>;
}

/**
 * All entries must hold: a list of values means "one of them"; against a checkbox it means "contains". Under
 * `not` stand entries of which none may hold.
 */
export type Condition = Readonly<Record<string, Wanted | Readonly<Record<string, Wanted>>>>;

type Wanted = string | boolean | readonly string[];

export interface Question {
  /** Key in the answers, camelCase. */
  readonly name: string;
  readonly type: 'input' | 'list' | 'checkbox' | 'confirm';
  readonly message: string;
  /** For inputs a pattern: `{name}.conf`, `{gitName|namespace}` (the first that is not empty). */
  readonly default?: Answer;
  readonly choices?: readonly Choice[];
  /** Name of a validator (validators.ts). */
  readonly valid?: string;
  readonly when?: Condition;
  /** Long flag without the dashes. */
  readonly flag: string;
  /** `false`: never prompted, the default or the flag is taken. */
  readonly ask: boolean;
  /** When this does not hold the question is not prompted: its default or its flag is taken. */
  readonly askWhen?: Condition;
  /** The template's own answer: nobody else gives another. */
  readonly fixed?: Answer;
  /** Names of questions: when one of them was given, this one takes its default without being asked. */
  readonly unlessGiven?: readonly string[];
  /** The name under which plugins that were made before keep the answer. */
  readonly was?: string;
}

/** Recorded answers, each under the present name of its question. */
export function renamedAnswers<Given>(
  questions: readonly Question[],
  recorded: Readonly<Record<string, Given>>,
): Readonly<Record<string, Given>> {
  const names = new Map(questions.flatMap(({ was, name }) => (was === undefined ? [] : [[was, name]])));
  return Object.fromEntries(
    Object.entries(recorded).map(([name, answer]) => [names.get(name) ?? name, answer]),
  );
}

export function holds(condition: Condition | undefined, answers: Answers): boolean {
  if (condition === undefined) return true;
  return Object.entries(condition).every(([name, wanted]) => {
    if (name !== 'not') return matches(answers[name], wanted as Wanted);
    return Object.entries(wanted).every(([key, value]) => !matches(answers[key], value as Wanted));
  });
}

function matches(actual: Answer | undefined, wanted: Wanted): boolean {
  const options = Array.isArray(wanted) ? (wanted as readonly string[]) : [wanted as string | boolean];
  if (Array.isArray(actual))
    return options.some((option) => (actual as readonly string[]).includes(option as string));
  return options.some((option) => option === actual);
}

/** The demand of a condition on an answer, for a sentence. */
export function textOf(wanted: Condition[string]): string {
  if (Array.isArray(wanted)) return (wanted as readonly string[]).join(' or ');
  return typeof wanted === 'object' ? '' : String(wanted);
}

/** The names that a default's `{a|b}` places ask for. */
export function namesIn(pattern: string): readonly string[] {
  return [...pattern.matchAll(/\{([A-Za-z|]+)\}/g)].flatMap(([, names = '']) => names.split('|'));
}

/** Fills a default's `{a|b}` places; a place whose every name is unknown or empty becomes empty. */
export function fillDefault(pattern: string, values: Readonly<Record<string, unknown>>): string {
  return pattern.replace(/\{([A-Za-z|]+)\}/g, (_all, names: string) => {
    for (const name of names.split('|')) {
      const value = values[name];
      if (typeof value === 'string' && value !== '') return value;
    }
    return '';
  });
}

export function kebabFlag(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
