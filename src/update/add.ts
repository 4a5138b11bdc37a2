/** `wdev add`: one more part for a plugin, made by us or not. */

import { settleAnswers, type SettleOptions } from '../answers/answers.ts';
import { factsOfRecord } from '../answers/facts.ts';
import { refuseHalfDone } from '../edits/half-done.ts';
import { treeOf } from '../create/create.ts';
import { loadTemplate } from '../templates/load.ts';
import { editsBetween, readTree, type FileTree } from '../edits/file-tree.ts';
import { renamedAnswers, type Answers } from '../answers/question.ts';
import { ANSWERS_FILE } from '../templates/list-files.ts';
import type { Template } from '../templates/template.ts';
import { UserError, usageError } from '../support/errors.ts';
import { didYouMean } from '../support/nearest.ts';
import { typedPath } from '../support/quote.ts';
import { readPythonTexts } from '../readers/python/read-facts.ts';
import { addForeign } from './add-foreign.ts';
import type { AnswersRecord } from './answers-file.ts';
import { planMerge, refuseUnresolved, type MergePlan } from './plan-merge.ts';
import { ownPackage, readForeignPlugin } from './read-plugin.ts';
import { withFreeExtensions } from './free-extension.ts';
import { recordedTemplate } from './recorded-template.ts';
import { readRecord, renderFor } from './update.ts';

export interface AddOptions {
  readonly part: string;
  /** Answers to the part's questions. */
  readonly given?: Readonly<Record<string, unknown>>;
  /** Where the recorded version of the template is. */
  readonly base?: string | undefined;
  /** Use the cached copies of templates. */
  readonly offline?: boolean | undefined;
  readonly open?: SettleOptions['open'];
}

export interface AddPlan extends MergePlan {
  readonly part: string;
  /** The answers file that a plugin of others gets, for its author to see. */
  readonly proposed?: AnswersRecord;
}

/**
 * Plans the addition of a part; nothing is written.
 * @throws UserError `usage` for a part that is not known or is there; `cannot-add`, and as planUpdate
 */
export async function planAdd(dir: string, options: AddOptions): Promise<AddPlan> {
  refuseHalfDone(dir);
  const record = await readRecord(dir);
  const plan = record === undefined ? await planForeign(dir, options) : await planOwn(dir, record, options);
  return { ...plan, part: options.part };
}

async function planOwn(
  dir: string,
  record: AnswersRecord,
  options: AddOptions,
): Promise<Omit<AddPlan, 'part'>> {
  const template = await withFreeExtensions(await recordedTemplate(record, dir, options), dir, options);
  const parts = Array.isArray(record.answers['parts']) ? (record.answers['parts'] as readonly string[]) : [];
  demandNew(template, options.part, parts, dir);
  const answers = await settle(
    dir,
    template,
    { ...renamedAnswers(template.questions, record.answers), parts: [...parts, options.part] },
    options,
  );
  const labels = { mine: 'yours', old: `without ${options.part}`, new: `with ${options.part}` };
  return await planMerge(
    dir,
    renderFor(template, record.answers, record),
    renderFor(template, answers, record),
    labels,
  );
}

async function planForeign(dir: string, options: AddOptions): Promise<Omit<AddPlan, 'part'>> {
  const template = await withFreeExtensions(loadTemplate('stack'), dir, options);
  const read = await readForeignPlugin(dir, template);
  demandNew(template, options.part, read.parts, dir);
  const answers = await settle(
    dir,
    template,
    { ...read.given, parts: [...read.parts, options.part] },
    options,
  );
  const isOwn =
    read.package === undefined || read.package === ownPackage(answers['name'], answers['namespace']);
  const record: AnswersRecord = {
    template: template.name,
    version: template.version,
    pin: template.pin,
    answers,
    ...(isOwn ? {} : { package: read.package }),
  };
  const rendered = (parts: readonly string[]): FileTree =>
    treeOf(renderFor(template, onlyParts(template, answers, parts), record));
  const [without, one] = [rendered([]), rendered([options.part])];
  const paths = [...read.subject.files.keys(), ...one.keys()];
  const mine = await readTree(dir, paths);
  refuseUnresolved(mine);
  const file = treeOf(renderFor(template, answers, record)).get(ANSWERS_FILE);
  if (file === undefined) throw new UserError('bad-template', `${template.name} makes no ${ANSWERS_FILE}`);
  const python = await readPythonTexts([mine, one].flatMap((tree) => tree.get('setup.py')?.text ?? []));
  const { files, notes } = addForeign({
    subject: read.subject,
    without,
    with: one,
    mine,
    answers: file,
    python,
  });
  return { edits: editsBetween(mine, files), conflicts: [], notes, proposed: record };
}

/** The answers with these parts, without what only others are asked. */
function onlyParts(template: Template, answers: Answers, parts: readonly string[]): Answers {
  const others = template.questions.filter(({ when }) => {
    const asked = when?.['parts'];
    return Array.isArray(asked) && !parts.some((part) => (asked as readonly string[]).includes(part));
  });
  const kept = Object.entries(answers).filter(([name]) => !others.some((question) => question.name === name));
  return { ...Object.fromEntries(kept), parts };
}

async function settle(
  dir: string,
  template: Template,
  given: Readonly<Record<string, unknown>>,
  { given: more = {}, open = 'defaults' }: AddOptions,
): Promise<Answers> {
  const all = { ...given, ...more };
  const facts = await factsOfRecord(template.questions, all, dir);
  return await settleAnswers(template, { given: all, facts, open });
}

function demandNew(template: Template, part: string, has: readonly string[], dir: string): void {
  const names = template.parts.map(({ name }) => name);
  if (names.length === 0) {
    throw usageError(
      `${part} cannot be added: a ${template.kind} plugin${template.name === template.kind ? '' : ` (${template.name})`} has no parts`,
      `Parts are of stack plugins; make one beside it: wdev new stack --part ${part}`,
    );
  }
  if (!names.includes(part))
    throw usageError(
      `unknown part "${part}"`,
      didYouMean(part, names, `List them: wdev templates show ${template.name}`),
    );
  if (has.includes(part))
    throw usageError(
      `the plugin already has ${part}`,
      `Bring it up to date: wdev update ${typedPath(dir)}`.replace(/ \.$/, ''),
    );
}
