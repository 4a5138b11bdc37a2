/** Makes a plugin, for `wdev new`, `yo wazo-plugin`, the tour and tests. */

import path from 'node:path';
import { settleAnswers, type SettleOptions } from '../answers/answers.ts';
import { readFacts } from '../answers/facts.ts';
import { stateOf, type FileTree } from '../edits/file-tree.ts';
import { occupation, refuseOccupied, refuseUnwritable } from '../edits/occupied.ts';
import type { Answers, Question } from '../answers/question.ts';
import type { RenderedFile } from '../templates/render.ts';
import { typedPath } from '../support/quote.ts';
import { commandsOf, listFiles, type ListedFile } from '../templates/list-files.ts';
import { fetchTemplate, type FetchedTemplate } from '../templates/fetch.ts';
import type { Template } from '../templates/template.ts';
import type { AskTrust } from '../templates/trust.ts';

type Given = Readonly<Record<string, unknown>>;

export interface PrepareOptions {
  /** A name of `wdev templates`, a folder with a template.yml, `git+URL[#ref][:subfolder]` or an npm package. */
  readonly template: string | FetchedTemplate;
  /** Use the cached copy of a template. */
  readonly offline?: boolean;
  /** Whether programs that the template names may run; `no` unless told. */
  readonly trust?: 'yes' | 'no' | AskTrust;
  /** Given answers, also as a function of the template's questions. */
  readonly answers: Given | ((questions: readonly Question[]) => Given);
  /** Where to write; NAME by default. */
  readonly dir?: string | undefined;
  /** Where a default `dir` is; the current folder unless told. */
  readonly parent?: string;
  /** The way to answer open questions; `defaults` by default. */
  readonly open?: SettleOptions['open'];
  readonly force?: boolean;
}

export interface CreateOptions extends PrepareOptions {
  /** Only say what would be written; `files`: and only which files, for which git need not be asked for an author or a branch. */
  readonly dryRun?: boolean | 'files';
  /** Make a git repository with a first commit; yes unless told. */
  readonly git?: boolean;
}

export interface Created {
  readonly dir: string;
  readonly kind: string;
  readonly answers: Answers;
  readonly files: readonly ListedFile[];
  /** Notes for a person, as sentences. */
  readonly notes: readonly string[];
}

/** A plugin about which everything is decided, and nothing is written. */
export interface Prepared extends Created {
  readonly files: readonly RenderedFile[];
  /** The programs that the template wants to run in the new folder. */
  readonly commands: readonly (readonly string[])[];
  readonly mayRun: boolean;
}

/** Makes a plugin. Throws UserError (exit 2 for a wrong answer or an occupied folder) with nothing written. */
export async function createPlugin(options: CreateOptions): Promise<Created> {
  if (options.dryRun) return await listPlugin(options);
  const prepared = await preparePlugin(options);
  const { dir, files, notes } = prepared;
  // loaded once it is sure that something is written, as all that writes
  const { writeTree } = await import('../edits/new-folder.ts');
  let finished: Finished = { notes: [], commit: undefined };
  const unrecorded = await writeTree(dir, treeOf(files), options.force ?? false, async () => {
    finished = await finish(prepared, options.git);
    return finished.commit;
  });
  const more = [...finished.notes, unrecorded].filter((note) => note !== undefined);
  return { ...prepared, notes: [...notes, ...more] };
}

/**
 * Prepares a plugin whose files the caller writes; until `close` it is half-done.
 * @returns it, and what finishes it then: runs the template's programs, commits, records for undo, and gives notes
 * @throws as createPlugin
 */
export async function openPlugin(
  options: PrepareOptions,
): Promise<{ readonly plugin: Prepared; readonly close: (git: boolean) => Promise<readonly string[]> }> {
  const plugin = await preparePlugin(options);
  const { writeElsewhere } = await import('../edits/written-elsewhere.ts');
  const edit = await writeElsewhere(plugin.dir, treeOf(plugin.files), 'new');
  return {
    plugin,
    close: async (git) => {
      let notes: readonly string[] = [];
      const unrecorded = await edit.close(async () => {
        const finished = await finish(plugin, git);
        ({ notes } = finished);
        return finished.commit;
      });
      return [...notes, unrecorded].filter((note) => note !== undefined);
    },
  };
}

/** The next command for a new plugin. */
export function nextCommand({ kind, dir }: Created): string {
  return `wdev ${kind === 'template' ? 'templates lint' : 'watch'} ${typedPath(dir)}`;
}

/** Answers with the name that the folder has, unless they name it. */
export function namedAfter(dir: string | undefined, answers: Given): Given {
  return dir === undefined ? answers : { ...answers, name: answers['name'] ?? path.basename(dir) };
}

export function treeOf(files: readonly RenderedFile[]): FileTree {
  return new Map(files.map(({ path: name, content, mode }) => [name, stateOf(content, mode)]));
}

/** The template under the name that the answers file in `dir` records: folders relative to it. */
export function recordedIn(dir: string, fetched: FetchedTemplate): Template {
  const { template } = fetched;
  if (fetched.kind !== 'folder') return template;
  const relative = path.relative(path.resolve(dir), template.name).split(path.sep).join('/');
  return { ...template, name: relative.startsWith('.') ? relative : `./${relative}` };
}

/** A plugin as it would be made. */
async function listPlugin(options: CreateOptions): Promise<Created> {
  const { fetched, template, dir, answers } = await decide(options, options.dryRun === 'files');
  // our own templates render for all answers (test/matrix): their texts are not needed to name the files
  const files =
    fetched.kind === 'built-in'
      ? listFiles(template, answers)
      : (await import('../templates/render.ts')).render(template, answers);
  return { dir, kind: template.kind, answers, files, notes: fetched.notes };
}

async function preparePlugin(options: PrepareOptions): Promise<Prepared> {
  const rendering = import('../templates/render.ts');
  const { fetched, template, dir, answers } = await decide(options);
  const files = (await rendering).render(template, answers);
  const commands = commandsOf(template, answers);
  return {
    dir,
    kind: template.kind,
    answers,
    files,
    notes: fetched.notes,
    commands,
    mayRun: await isTrusted(template, commands, options.trust ?? 'no'),
  };
}

/** @param isAnonymous whether answers may name no author, and no branch of git, where the template's files do not depend on that */
async function decide(
  options: PrepareOptions,
  isAnonymous = false,
): Promise<{
  readonly fetched: FetchedTemplate;
  readonly template: Template;
  readonly dir: string;
  readonly answers: Answers;
}> {
  const { force = false, parent = '.', template: wanted } = options;
  if (options.dir !== undefined) refuseOccupied(options.dir, force);
  refuseUnwritable(options.dir ?? parent);
  const fetched =
    typeof wanted === 'string' ? await fetchTemplate(wanted, { offline: options.offline ?? false }) : wanted;
  const form = fetched.template;
  const given = typeof options.answers === 'function' ? options.answers(form.questions) : options.answers;
  const isNameless = isAnonymous && fetched.kind === 'built-in';
  const facts = await readFacts(
    form.questions,
    given,
    isNameless,
    options.dir ?? path.join(parent, '{name}'),
  );
  const answers = await settleAnswers(form, {
    given,
    facts,
    open: options.open ?? 'defaults',
    // the name is the folder's
    unfit: ({ name }, answer) =>
      name === 'name' && options.dir === undefined
        ? occupation(path.join(parent, String(answer)), force)
        : undefined,
  });
  const dir = options.dir ?? path.join(parent, String(answers['name']));
  refuseOccupied(dir, force);
  return { fetched, template: recordedIn(dir, fetched), dir, answers };
}

async function isTrusted(
  template: Template,
  commands: Prepared['commands'],
  trust: 'yes' | 'no' | AskTrust,
): Promise<boolean> {
  if (commands.length === 0 || trust === 'no') return false;
  return await (await import('../templates/trust.ts')).mayRun(template, commands, trust);
}

interface Finished {
  readonly notes: readonly string[];
  /** The first commit of the repository that it made; empty when that has none yet. */
  readonly commit: string | undefined;
}

async function finish({ dir, commands, mayRun, answers }: Prepared, git = true): Promise<Finished> {
  const [{ commitOf, firstCommit }, { commandText, runCommands }] = await Promise.all([
    import('../git/first-commit.ts'),
    import('../templates/trust.ts'),
  ]);
  const notRun = (command: readonly string[]): string =>
    `the template wanted to run "${commandText(command)}", and was not let`;
  const hadRepository = (await commitOf(dir)) !== undefined;
  const ran = mayRun ? await runCommands(dir, commands) : commands.map(notRun);
  const { branch } = answers;
  const uncommitted = git
    ? await firstCommit(dir, branch === undefined ? undefined : String(branch))
    : undefined;
  return {
    notes: [...ran, uncommitted].filter((note) => note !== undefined),
    commit: git && !hadRepository ? await commitOf(dir) : undefined,
  };
}
