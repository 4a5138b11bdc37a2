/**
 * The one file that knows what an inquirer question looks like: for `wdev new`, and for Yeoman's own prompt. Questions
 * are words of a template, and answers those of a plugin's record: all that is shown of them is made visible.
 */

import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { wrapAnsi } from 'fast-wrap-ansi';
import type { Ask } from '../answers/answers.ts';
import type { Answer, Answers, Question } from '../answers/question.ts';
import { asking } from '../support/doing.ts';
import { EXIT, UserError, usageError } from '../support/errors.ts';
import { visible } from '../support/visible.ts';
import { columnsOf, isTerminal } from './output.ts';
import { glued, unglued } from './unbroken.ts';

export interface PromptQuestion {
  readonly type: 'input' | 'select' | 'checkbox' | 'confirm';
  readonly name: string;
  readonly message: string;
  readonly default?: Answer;
  readonly choices?: readonly PromptChoice[];
  /** Lines of the list that are shown at once. */
  readonly pageSize?: number;
  readonly validate?: (value: unknown) => true | string;
}

interface PromptChoice {
  readonly value: string;
  /** A line of the list. */
  readonly name: string;
  /** The text behind the question once it is answered. */
  readonly short: string;
  /** Its whole text, below the list, where the line is too long. */
  readonly description?: string;
  readonly checked?: boolean;
}

const PROMPT_TYPES = { input: 'input', list: 'select', checkbox: 'checkbox', confirm: 'confirm' } as const;

function promptQuestion(
  question: Question,
  fallback: Answer | undefined,
  problem: (answer: Answer) => string | undefined,
): PromptQuestion {
  const checked = Array.isArray(fallback) ? (fallback as readonly string[]) : [];
  const isCheckbox = question.type === 'checkbox';
  const pageSize = Math.max(5, Math.min(16, (process.stdout.rows ?? 24) - 8));
  const count = question.choices?.length ?? 0;
  const more = count > pageSize ? ` (${count}, the arrow keys show more)` : '';
  return {
    type: PROMPT_TYPES[question.type],
    name: question.name,
    message: `${visible(question.message)}${more}`,
    ...(fallback === undefined || isCheckbox || isHidden(fallback) ? {} : { default: fallback }),
    ...(question.choices === undefined
      ? {}
      : {
          pageSize,
          choices: question.choices
            .map(({ value, name }) => ({
              value,
              ...lineOf(visible(name)),
              short: visible(value),
              ...(isCheckbox ? { checked: checked.includes(value) } : {}),
            }))
            // what Enter takes is seen without scrolling
            .sort((a, b) => Number(b.checked ?? false) - Number(a.checked ?? false)),
        }),
    // a list cannot be answered wrongly; a checkbox hands over its choices instead of their values
    ...(question.type === 'input' ? { validate: (value) => atWords(problem(String(value))) ?? true } : {}),
    ...(isCheckbox
      ? { validate: (value) => ((value as readonly unknown[]).length === 0 ? 'Choose at least one' : true) }
      : {}),
  };
}

/** An answer that shows as another than it is: whoever wants it types it. */
function isHidden(answer: Answer): boolean {
  return typeof answer === 'string' && visible(answer) !== answer;
}

/** Inquirer itself breaks in the middle of words. */
function atWords(text: string | undefined): string | undefined {
  // the sign before it
  const width = columnsOf(process.stdout) - 3;
  if (text === undefined) return undefined;
  const shown = visible(text);
  return shown.length <= width ? shown : atBlanks(shown, width);
}

function atBlanks(text: string, width: number): string {
  return unglued(wrapAnsi(glued(text), width));
}

/** A list is read by its lines: the whole of one that does not fit is shown below the list. */
function lineOf(text: string): Pick<PromptChoice, 'name' | 'description'> {
  const columns = columnsOf(process.stdout);
  // the cursor, a box, a space
  const width = columns - 6;
  if (text.length <= width) return { name: text };
  return { name: `${text.slice(0, width - 1).trimEnd()}…`, description: atBlanks(text, columns - 1) };
}

/** Asks through any function that takes inquirer's question objects. Questions come before anything is written. */
export function askThrough(prompt: (question: PromptQuestion) => Promise<Answers>): Ask {
  return async (question, fallback, problem) => {
    const asked = promptQuestion(question, fallback, problem);
    const answers = await prompt(asked).catch(interrupted('interrupted; nothing was written'));
    return answers[question.name] ?? fallback ?? '';
  };
}

/** Asks on this process's terminal, with inquirer (loaded late: it costs 60 ms). */
export const askOnTerminal: Ask = async (question, fallback, problem) => {
  const { default: inquirer } = await import('inquirer');
  const prompt = inquirer.prompt as unknown as (question: PromptQuestion) => Promise<Answers>;
  return await asking(async () => await askThrough(prompt)(question, fallback, problem));
};

/** Ctrl-C in a prompt is an error of inquirer's by this name. */
function interrupted(message: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Error && error.name === 'ExitPromptError')) throw error;
    throw new UserError('interrupted', message, { exit: EXIT.interrupted });
  };
}

/**
 * Asks for a yes in one line, without inquirer; a plain Enter is no.
 * @throws UserError `usage` without a terminal, with the way to agree in advance; `interrupted`
 */
export async function confirm(question: string, instead: string): Promise<boolean> {
  if (!isTerminal()) throw usageError('no terminal to ask on', instead);
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-D closes it without an answer, Ctrl-C is an error
  const closed = once(reader, 'close').then(() => undefined);
  try {
    const answered = reader.question(`${visible(question)} [y/N] `).catch(() => undefined);
    const answer = await asking(async () => await Promise.race([answered, closed]));
    if (answer === undefined)
      throw new UserError('interrupted', 'interrupted; nothing was done', { exit: EXIT.interrupted });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}

/**
 * Asks for a password; what is typed is not shown.
 * @throws UserError `usage` without a terminal, with the other way
 */
export async function askSecret(question: string, instead: string): Promise<string> {
  if (!isTerminal()) throw usageError('no terminal to ask on', instead);
  const { default: inquirer } = await import('inquirer');
  const asked = { type: 'password' as const, name: 'secret', message: visible(question), mask: true };
  const { secret } = await asking(async () =>
    inquirer.prompt<{ secret: string }>([asked]).catch(interrupted('interrupted')),
  );
  return secret;
}
