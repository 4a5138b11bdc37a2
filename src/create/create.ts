/** What `wdev new`, the generators, the tour and tests call to make a plugin. */

import path from 'node:path';
import { settleAnswers, type SettleOptions } from '../answers/answers.ts';
import { readFacts } from '../answers/facts.ts';
import type { Answers } from '../answers/question.ts';
import { commandsOf, render, type RenderedFile } from '../templates/render.ts';
import { fetchTemplate, type FetchedTemplate } from '../templates/fetch.ts';
import type { Template } from '../templates/template.ts';
import type { AskTrust } from '../templates/trust.ts';
import { refuseOccupied } from '../edits/occupied.ts';

export interface CreateOptions {
  /** A name of `wdev templates`, a folder with a template.yml, `git+URL[#ref][:subfolder]` or an npm package. */
  readonly template: string | FetchedTemplate;
  /** Take what the cache has of a template from afar. */
  readonly offline?: boolean;
  /** Whether programs that the template names may run; `no` unless told. */
  readonly trust?: 'yes' | 'no' | AskTrust;
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
  const force = options.force ?? false;
  if (options.dir !== undefined) await refuseOccupied(options.dir, force);
  const fetched =
    typeof options.template === 'string'
      ? await fetchTemplate(options.template, { offline: options.offline ?? false })
      : options.template;
  const { questions } = fetched.template;
  const answers = await settleAnswers(fetched.template, {
    given: options.answers,
    facts: await readFacts(questions, options.answers),
    open: options.open ?? 'defaults',
  });
  const dir = options.dir ?? path.join('.', String(answers['name']));
  const template = recordedIn(dir, fetched);
  const files = render(template, answers);
  const created = { dir, kind: template.kind, answers, files };
  if (options.dryRun) {
    await refuseOccupied(dir, force);
    return { ...created, notes: fetched.notes };
  }
  // loaded once it is sure that something is written
  const { commandText, mayRun, runCommands } = await import('../templates/trust.ts');
  const { commitOf, firstCommit } = await import('../git/first-commit.ts');
  const { recordWhole, writeFiles } = await import('../edits/write.ts');
  const commands = commandsOf(template, answers);
  const trusted = await mayRun(template, commands, options.trust ?? 'no');
  const isNew = await writeFiles(dir, files, force);
  const hadRepository = (await commitOf(dir)) !== undefined;
  const ran = trusted
    ? await runCommands(dir, commands)
    : commands.map((command) => `the template wanted to run "${commandText(command)}", and was not let`);
  const note = options.git === false ? undefined : await firstCommit(dir);
  if (isNew && !hadRepository) await recordWhole(dir, files, await commitOf(dir));
  return { ...created, notes: [...fetched.notes, ...ran, ...(note === undefined ? [] : [note])] };
}

/** The template under the name that the answers file in `dir` records: folders relative to it. */
export function recordedIn(dir: string, fetched: FetchedTemplate): Template {
  const { template } = fetched;
  if (fetched.kind !== 'folder') return template;
  const relative = path.relative(path.resolve(dir), template.name).split(path.sep).join('/');
  return { ...template, name: relative.startsWith('.') ? relative : `./${relative}` };
}
