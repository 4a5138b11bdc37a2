/** Answers that try a template out: the defaults, then every choice, yes and no, and part, one at a time. Pure. */

import { settleAnswers } from '../answers/answers.ts';
import type { Answer, Answers } from '../answers/question.ts';
import type { Template } from './template.ts';
import { UserError } from '../support/errors.ts';

export interface Sample {
  /** The differences from the defaults: `voice=time`; empty for the defaults. */
  readonly title: string;
  readonly answers: Answers;
}

const FACTS = { year: '2026', gitName: 'Ann Author', user: 'ann' };
const BASICS: Readonly<Record<string, Answer>> = { name: 'tryout', namespace: 'sample' };

/** The default answers of a template, and those that are given. Throws UserError `usage` as `wdev new` does. */
export function sampleAnswers(
  template: Template,
  given: Readonly<Record<string, unknown>> = {},
): Promise<Answers> {
  const known = template.questions.map((question) => question.name);
  const basics = Object.fromEntries(Object.entries(BASICS).filter(([name]) => known.includes(name)));
  return settleAnswers(template, { given: { ...basics, ...given }, facts: FACTS, open: 'defaults' });
}

/**
 * Every variation that it takes of a template's own questions, and of those that its own conditions ask about.
 * Throws UserError `usage` when it does not take its own defaults.
 */
export async function variations(template: Template): Promise<readonly Sample[]> {
  const found: Sample[] = [{ title: '', answers: await sampleAnswers(template) }];
  const conditions = template.files.filter(({ path }) => template.own.conditions.includes(path));
  const asked = conditions.flatMap(({ when }) => when.flatMap((condition) => Object.keys(condition)));
  const own = new Set([...template.own.questions, ...asked]);
  for (const question of template.questions) {
    if (question.fixed !== undefined || !own.has(question.name)) continue;
    // one at a time, and for parts also all at once
    const values: Answer[] =
      question.type === 'confirm' ? [true, false] : (question.choices ?? []).map(({ value }) => value);
    if (question.type === 'checkbox') values.push((question.choices ?? []).map(({ value }) => value));
    for (const value of values) {
      const answers = await withAnswer(template, question.name, value);
      if (answers !== undefined) found.push({ title: `${question.name}=${String(value)}`, answers });
    }
  }
  return found;
}

/** Undefined for what does not go together: a question that is asked only with another, or a refused combination. */
async function withAnswer(template: Template, name: string, value: Answer): Promise<Answers | undefined> {
  const question = template.questions.find((entry) => entry.name === name);
  const context: Record<string, Answer> = {};
  for (const [key, wanted] of Object.entries(question?.when ?? {}))
    if (key !== 'not' && key !== 'traits')
      context[key] = (Array.isArray(wanted) && key !== 'parts' ? wanted[0] : wanted) as Answer;
  try {
    return await sampleAnswers(template, { ...context, [name]: value });
  } catch (error) {
    if (error instanceof UserError && error.code === 'usage') return undefined;
    throw error;
  }
}
