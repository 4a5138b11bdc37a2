/** What `wdev new`, the generators, the tour and tests call to make a plugin. */

import path from 'node:path';
import { settleAnswers, type SettleOptions } from './answers.ts';
import { readFacts } from './facts.ts';
import { commitOf, firstCommit } from './first-commit.ts';
import { loadTemplate } from './load.ts';
import type { Answers } from './question.ts';
import { render, type RenderedFile } from './render.ts';
import { recordWhole, refuseOccupied, writeFiles } from './write.ts';

export interface CreateOptions {
  /** Built-in template (`stack`, `confgend`, `call-logger`) or a folder with a template.yml. */
  readonly template: string;
  readonly answers: Readonly<Record<string, unknown>>;
  /** Where to write; `./NAME` by default. */
  readonly dir?: string | undefined;
  /** What to do with open questions; `defaults` unless told. */
  readonly open?: SettleOptions['open'];
  readonly force?: boolean;
  /** Only say what would be written. */
  readonly dryRun?: boolean;
  /** Make a git repository with a first commit; yes unless told. */
  readonly git?: boolean;
}

export interface Created {
  readonly dir: string;
  readonly kind: string;
  readonly answers: Answers;
  readonly files: readonly RenderedFile[];
  /** What was left out, as sentences. */
  readonly notes: readonly string[];
}

/** Makes a plugin. Throws UserError (exit 2 for a wrong answer or an occupied folder) with nothing written. */
export async function createPlugin(options: CreateOptions): Promise<Created> {
  const template = loadTemplate(options.template);
  const force = options.force ?? false;
  if (options.dir !== undefined) await refuseOccupied(options.dir, force);
  const facts = await readFacts();
  const answers = await settleAnswers(template, {
    given: options.answers,
    facts,
    open: options.open ?? 'defaults',
  });
  const dir = options.dir ?? path.join('.', String(answers['name']));
  const files = render(template, answers);
  const created = { dir, kind: template.kind, answers, files };
  if (options.dryRun) {
    await refuseOccupied(dir, force);
    return { ...created, notes: [] };
  }
  const isNew = await writeFiles(dir, files, force);
  const hadRepository = (await commitOf(dir)) !== undefined;
  const note = options.git === false ? undefined : await firstCommit(dir);
  if (isNew && !hadRepository) await recordWhole(dir, files, await commitOf(dir));
  return { ...created, notes: note === undefined ? [] : [note] };
}
