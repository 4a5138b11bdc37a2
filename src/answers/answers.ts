/** From what a person gave to complete, checked answers. Pure but for the `ask` that is passed in. */

import { kebab } from '../wazo/names.ts';
import { withConsequences } from './consequences.ts';
import { usageError } from '../support/errors.ts';
import { didYouMean, meantBy } from '../support/nearest.ts';
import type { Form } from './form.ts';
import { fillDefault, holds, textOf, type Answer, type Answers, type Question } from './question.ts';
import { VALIDATORS } from './validators.ts';

/** The facts that defaults may draw on beside earlier answers; read at the edge (facts.ts). */
export interface Facts {
  readonly year: string;
  readonly gitName: string;
  /** The branch that is checked out here, or that `git init` would begin with; git's own default unless told. */
  readonly gitBranch?: string;
  /** Folder of the plugin in a repository that was there before, with `/`; `{name}` in it stands for the answer. */
  readonly gitFolder?: string;
  readonly user: string;
}

/** Choices that a message names; more fill the screen. */
const MOST_NAMED = 12;

/** Asks a person one question; `problem` says what is wrong with an answer. */
export type Ask = (
  question: Question,
  fallback: Answer | undefined,
  problem: (answer: Answer) => string | undefined,
) => Promise<Answer>;

export interface SettleOptions {
  readonly given: Readonly<Record<string, unknown>>;
  readonly facts: Facts;
  /** `defaults`: never ask. `refuse`: there is no terminal to ask on, and every open question is an error. */
  readonly open: 'defaults' | 'refuse' | Ask;
  /** A fault of a typed answer that the form cannot know, as a sentence: it is asked for again at once. */
  readonly unfit?: (question: Question, answer: Answer) => string | undefined;
}

/**
 * Goes through the questions of a form in their order.
 * Throws UserError `usage` (exit 2) naming the flag: an answer that is wrong, unknown, out of place or missing.
 */
export async function settleAnswers(form: Form, options: SettleOptions): Promise<Answers> {
  refuseUnknown(form, options.given);
  const answers: Record<string, Answer> = {};
  const missing: Question[] = [];
  // most questions are of parts that were not chosen, and leave the answers as they are
  let known: Answers | undefined;
  for (const question of form.questions) {
    const given = options.given[question.name];
    const values = (): Answers => (known ??= withConsequences(form, answers));
    if (question.when !== undefined && !holds(question.when, values())) {
      if (given !== undefined && missing.length === 0) throw outOfPlace(question);
      continue;
    }
    const answer =
      given === undefined
        ? (question.fixed ?? (await openAnswer(question, values, options)))
        : coerce(question, given);
    if (answer !== undefined && question.fixed !== undefined) demandFixed(form, question, answer);
    if (answer === undefined) {
      missing.push(question);
      continue;
    }
    const problem = answerProblem(question, answer);
    if (problem !== undefined) throw usageError(`--${question.flag}: ${problem}`, howToList(form, question));
    answers[question.name] = answer;
    known = undefined;
  }
  if (missing.length > 0) throw missingAnswers(missing, options.open === 'defaults');
  refuseCombination(form, answers);
  return answers;
}

async function openAnswer(
  question: Question,
  values: () => Answers,
  { facts, open, given, unfit }: SettleOptions,
): Promise<Answer | undefined> {
  const fallback = defaultOf(question, values, facts);
  const silent = !question.ask || (question.askWhen !== undefined && !holds(question.askWhen, values()));
  const answered = question.unlessGiven?.some((name) => given[name] !== undefined) ?? false;
  if (silent || answered || open === 'defaults') return fallback;
  if (open === 'refuse') return undefined;
  return open(question, fallback, (answer) => answerProblem(question, answer) ?? unfit?.(question, answer));
}

/** The answer that `--yes` takes; undefined when only the person can know. */
function defaultOf(question: Question, values: () => Answers, facts: Facts): Answer | undefined {
  if (typeof question.default !== 'string' || !question.default.includes('{')) return question.default;
  const known = values();
  const value = fillDefault(question.default, {
    gitBranch: 'master',
    ...facts,
    gitFolder: fillDefault(facts.gitFolder ?? '', known),
    user: oneWord(facts.user),
    ...known,
  });
  return value === '' && answerProblem(question, '') !== undefined ? undefined : value;
}

/** A login name as a namespace. */
function oneWord(user: string): string {
  return kebab(user).replaceAll('-', '') || 'local';
}

function howToList({ name }: Form, { choices = [] }: Question): string | undefined {
  return choices.length > MOST_NAMED ? `List them: wdev templates show ${name}` : undefined;
}

/** The fault of an answer, as a sentence; undefined when it is right. */
function answerProblem(question: Question, answer: Answer): string | undefined {
  if (question.type === 'confirm') return typeof answer === 'boolean' ? undefined : 'yes or no is needed';
  if (question.type === 'checkbox') return checkboxProblem(question, answer);
  if (typeof answer !== 'string') return 'a text is needed';
  if (question.type === 'list') return choiceProblem(question, answer);
  return question.valid === undefined ? undefined : VALIDATORS[question.valid]?.(answer);
}

function checkboxProblem(question: Question, answer: Answer): string | undefined {
  if (!Array.isArray(answer)) return 'a list is needed';
  const mayBeEmpty = Array.isArray(question.default) && question.default.length === 0;
  if (answer.length === 0 && !mayBeEmpty) return 'choose at least one';
  const wrong = (answer as readonly string[]).map((value) => choiceProblem(question, value));
  return wrong.find((problem) => problem !== undefined);
}

function choiceProblem({ choices = [] }: Question, value: string): string | undefined {
  const values = choices.map((choice) => choice.value);
  if (values.includes(value)) return undefined;
  const meant = meantBy(value, values);
  const rest =
    meant !== undefined
      ? `; did you mean ${meant}?`
      : values.length > MOST_NAMED
        ? ''
        : `; choose from ${values.join(', ')}`;
  return `unknown value ${JSON.stringify(value)}${rest}`;
}

/** Flags and YAML give texts, numbers and lists; this makes what the question's type holds. */
function coerce(question: Question, given: unknown): Answer {
  if (question.type === 'checkbox') return orderedChoices(question, listOf(given));
  if (question.type === 'confirm') return truth(question, given);
  if (typeof given === 'number') return String(given);
  if (typeof given === 'string') return given;
  throw usageError(`--${question.flag}: a text is needed, not ${JSON.stringify(given)}`);
}

function listOf(given: unknown): readonly string[] {
  const entries = Array.isArray(given) ? given : [given];
  return entries
    .flatMap((entry) => String(entry).split(','))
    .map((entry) => entry.trim())
    .filter(Boolean);
}

/** The order of choices, not of typing, so that the same choice gives the same bytes; unknown ones stay. */
function orderedChoices(question: Question, chosen: readonly string[]): readonly string[] {
  const known = (question.choices ?? []).map((choice) => choice.value);
  return [
    ...known.filter((value) => chosen.includes(value)),
    ...chosen.filter((value) => !known.includes(value)),
  ];
}

function truth(question: Question, given: unknown): boolean {
  if (typeof given === 'boolean') return given;
  if (given === 'true' || given === 'yes') return true;
  if (given === 'false' || given === 'no') return false;
  throw usageError(`--${question.flag}: yes or no is needed, not ${JSON.stringify(given)}`);
}

function refuseUnknown(form: Form, given: Readonly<Record<string, unknown>>): void {
  const names = form.questions.map((question) => question.name);
  const unknown = Object.keys(given).find((name) => given[name] !== undefined && !names.includes(name));
  if (unknown === undefined) return;
  throw usageError(
    `unknown answer "${unknown}" for template ${form.name}`,
    didYouMean(unknown, names, `List the answers: wdev templates show ${form.name}`),
  );
}

function refuseCombination(form: Form, answers: Answers): void {
  const values = withConsequences(form, answers);
  const check = form.checks.find(({ when }) => holds(when, values));
  if (check === undefined) return;
  const question = form.questions.find(({ name }) => name === check.question);
  throw usageError(`--${question?.flag ?? check.question}: ${fillDefault(check.message, values)}`);
}

function demandFixed(form: Form, question: Question, answer: Answer): void {
  if (String(answer) === String(question.fixed)) return;
  throw usageError(
    `--${question.flag} ${String(answer)}: the template ${form.name} is for ${String(question.fixed)}`,
  );
}

function outOfPlace(question: Question): Error {
  const reasons = Object.entries(question.when ?? {}).map(([name, value]) => `${name} ${textOf(value)}`);
  return usageError(`--${question.flag} is only asked with ${reasons.join(' and ')}`);
}

function missingAnswers(missing: readonly Question[], defaults: boolean): Error {
  const flags = missing.map((question) => `--${question.flag}`).join(', ');
  const help = defaults
    ? `Add ${missing.map(({ flag }) => `--${flag} VALUE`).join(' ')}: --yes has no default for ${missing.length === 1 ? 'it' : 'them'}.`
    : 'No terminal to ask on: give these options, or take their defaults with --yes.';
  return usageError(`missing ${missing.length === 1 ? 'answer' : 'answers'}: ${flags}`, help);
}
