/** `wdev update`: a plugin to the present version of its template. */

import path from 'node:path';
import { settleAnswers } from '../answers/answers.ts';
import { editFiles } from '../edits/edit-files.ts';
import { refuseHalfDone } from '../edits/half-done.ts';
import { factsOfRecord } from '../answers/facts.ts';
import { nameForms } from '../wazo/names.ts';
import { renamedAnswers, type Answer, type Answers } from '../answers/question.ts';
import { ANSWERS_FILE } from '../templates/list-files.ts';
import { render, type RenderedFile } from '../templates/render.ts';
import type { Template } from '../templates/template.ts';
import { readState } from '../edits/file-tree.ts';
import { during } from '../support/doing.ts';
import { UserError } from '../support/errors.ts';
import { inPackage, parseAnswersFile, type AnswersRecord } from './answers-file.ts';
import { refuseDirty } from '../git/state.ts';
import { planMerge, type MergePlan } from './plan-merge.ts';
import { namedTemplate, recordedTemplate } from './recorded-template.ts';

export interface UpdateOptions {
  /** The template to go to; the recorded one unless told. */
  readonly template?: string | undefined;
  /** Where the recorded version is found; asked of the record unless told. */
  readonly base?: string | undefined;
  /** Use the cached copies of templates. */
  readonly offline?: boolean | undefined;
  /** Answers other than the recorded ones, or than the defaults of new questions. */
  readonly given?: Readonly<Record<string, unknown>> | undefined;
}

export interface TemplateVersion {
  readonly template: string;
  readonly version: number;
}

/** A question that the recorded version did not ask, and the default that was taken. */
export interface NewAnswer {
  readonly name: string;
  readonly question: string;
  readonly answer: Answer;
}

export interface UpdatePlan extends MergePlan {
  readonly answered: readonly NewAnswer[];
  readonly from: TemplateVersion;
  readonly to: TemplateVersion;
}

/**
 * Plans an update; nothing is written.
 * @throws UserError `not-ours` without an answers file, `old-template-missing`, `unresolved-conflict`
 */
export async function planUpdate(dir: string, options: UpdateOptions = {}): Promise<UpdatePlan> {
  refuseHalfDone(dir);
  const record = await readRecord(dir);
  if (record === undefined) throw notOurs(dir);
  const { before, after } = await during('reading the template', async (say) => {
    say([1, 2]);
    const before = await recordedTemplate(record, dir, options);
    say([2, 2]);
    const named = {
      ...(options.template === undefined ? { cwd: dir } : {}),
      offline: options.offline ?? false,
    };
    return { before, after: await namedTemplate(options.template ?? record.template, dir, named) };
  });
  const recorded = renamedAnswers(after.questions, record.answers);
  const answers = await carryOver(after, recorded, options.given, dir);
  const labels = {
    mine: 'yours',
    old: `${before.name} ${before.version}`,
    new: `${after.name} ${after.version}`,
  };
  const plan = await planMerge(
    dir,
    renderFor(before, record.answers, record),
    renderFor(after, answers, record),
    labels,
  );
  const answered = newAnswers(after, answers, { ...recorded, ...options.given });
  const notes = answered.map(
    ({ name, question, answer }) =>
      `new question "${question}" took its default, ${answerText(answer)}; another: wdev update --set ${name}=…`,
  );
  return {
    ...plan,
    notes: [...plan.notes, ...notes],
    answered,
    from: versionOf(before),
    to: versionOf(after),
  };
}

function newAnswers(
  template: Template,
  answers: Answers,
  known: Readonly<Record<string, unknown>>,
): readonly NewAnswer[] {
  return template.questions.flatMap(({ name, message, fixed }) => {
    const answer = answers[name];
    if (answer === undefined || fixed !== undefined || known[name] !== undefined) return [];
    return [{ name, question: message, answer }];
  });
}

function answerText(answer: Answer): string {
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no';
  return (typeof answer === 'string' ? answer : answer.join(', ')) || 'nothing';
}

/** Writes all of a plan or nothing. A work tree with changes that git does not have is refused without `force`. */
export async function applyPlan(dir: string, plan: MergePlan, did: string, force: boolean): Promise<void> {
  if (plan.edits.length === 0) return;
  if (!force) await refuseDirty(dir);
  await editFiles(dir, plan.edits, did);
}

export async function readRecord(dir: string): Promise<AnswersRecord | undefined> {
  const state = await readState(dir, ANSWERS_FILE);
  if (state === undefined) return undefined;
  return parseAnswersFile(state.text, path.relative(process.cwd(), path.join(dir, ANSWERS_FILE)));
}

export function renderFor(
  template: Template,
  answers: Answers,
  record: Pick<AnswersRecord, 'package'>,
): readonly RenderedFile[] {
  const { snake } = nameForms(String(answers['namespace']), String(answers['name']));
  return inPackage(render(template, answers), snake, record.package);
}

/** Recorded answers for a template that may ask for less or more: what is new takes its default. */
export async function carryOver(
  template: Template,
  recorded: Answers,
  given: Readonly<Record<string, unknown>> = {},
  dir = '.',
): Promise<Answers> {
  const names = new Set(template.questions.map(({ name }) => name));
  const kept = Object.fromEntries(Object.entries(recorded).filter(([name]) => names.has(name)));
  const all = { ...kept, ...given };
  const facts = await factsOfRecord(template.questions, all, dir);
  return await settleAnswers(template, { given: all, facts, open: 'defaults' });
}

function versionOf({ name, version }: Template): TemplateVersion {
  return { template: name, version };
}

function notOurs(dir: string): UserError {
  return new UserError('not-ours', `${dir} has no ${ANSWERS_FILE}, which names the template of a plugin`, {
    help: 'Run it in the folder of a plugin that wdev made; for another one, wdev add PART writes the file.',
  });
}
