/** The choices of `yo wazo-plugin` in the folder of a plugin. */

import type { Ask } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import { readPlugin } from '../kinds/discover.ts';
import { kindOf } from '../kinds/plugin.ts';
import { loadTemplate } from '../templates/load.ts';
import { mergeLines, proposalLines, undoHint } from '../terminal/merge-text.ts';
import { planAdd } from '../update/add.ts';
import type { MergePlan } from '../update/plan-merge.ts';
import { applyPlan, planUpdate, readRecord } from '../update/update.ts';

type Say = (lines: readonly string[]) => void;

/**
 * In the folder of a plugin, asks whether to add a part or to update it, and does so: all or nothing, with a record
 * for `wdev undo`. False when there is no plugin, or a new one is wanted.
 */
export async function offerExisting(dir: string, ask: Ask, say: Say): Promise<boolean> {
  const plugin = readPlugin(dir);
  const record = await readRecord(dir);
  if (plugin === undefined || (record === undefined && !kindOf(plugin).can.parts)) return false;
  const choices = [
    ...(kindOf(plugin).can.parts ? [{ value: 'add', name: 'add: one more part for it' }] : []),
    ...(record === undefined
      ? []
      : [{ value: 'update', name: 'update: to the current version of its template' }]),
    { value: 'new', name: 'new: another plugin, in a folder of its own' },
  ];
  const message = `This folder holds ${plugin.id}. What do you want?`;
  const wanted = await ask(question('wanted', message, choices), choices[0]?.value, () => undefined);
  if (wanted === 'new') return false;
  if (wanted === 'update') await finish(dir, await planUpdate(dir), 'update', say);
  else await addPart(dir, ask, say);
  return true;
}

async function addPart(dir: string, ask: Ask, say: Say): Promise<void> {
  const answers = (await readRecord(dir))?.answers['parts'];
  const has = Array.isArray(answers) ? (answers as readonly string[]) : [];
  const choices = loadTemplate('stack')
    .parts.filter(({ name }) => !has.includes(name))
    .map(({ name, summary }) => ({ value: name, name: `${name}: ${summary}` }));
  const part = String(
    await ask(question('part', 'What should it have?', choices), undefined, () => undefined),
  );
  const plan = await planAdd(dir, { part, open: ask });
  if (plan.proposed !== undefined) {
    say(proposalLines(plan.proposed));
    const right: Question = {
      name: 'right',
      type: 'confirm',
      message: 'Is that right?',
      flag: 'yes',
      ask: true,
    };
    if ((await ask(right, true, () => undefined)) !== true) {
      say(['Nothing was written.']);
      return;
    }
  }
  await finish(dir, plan, `add ${part}`, say);
}

async function finish(dir: string, plan: MergePlan, did: string, say: Say): Promise<void> {
  await applyPlan(dir, plan, did, false);
  say([
    plan.edits.length === 0 ? 'Nothing to change.' : `Done: ${did}`,
    ...mergeLines(plan),
    ...(plan.edits.length > 0 ? [undoHint(dir)] : []),
  ]);
  if (plan.conflicts.length > 0) process.exitCode = 1;
}

function question(name: string, message: string, choices: Question['choices'] & {}): Question {
  return { name, type: 'list', message, choices, flag: name, ask: true };
}
