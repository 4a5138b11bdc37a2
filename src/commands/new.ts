import { Option, type Command, type CommanderError } from '../cli/commander.ts';
import type { Ask } from '../answers/answers.ts';
import { chooseTemplate, trustOf } from '../create/choose.ts';
import { createPlugin, namedAfter, nextCommand, type Created } from '../create/create.ts';
import { FLAGS, allQuestions, answersGiven, askedBy, type Flag } from '../create/flags.ts';
import { KINDS, builtInNames, builtInTemplate, inSentence, isKind } from '../templates/built-in.ts';
import type { Question } from '../answers/question.ts';
import { setAnswers } from '../answers/set-answers.ts';
import { fileTree } from '../templates/tree.ts';
import { messageOf, usageError } from '../support/errors.ts';
import { jsonOption } from '../cli/options.ts';
import type { CommandLine } from '../cli/program.ts';
import { noteLines } from '../terminal/notes.ts';
import { isTerminal, print, printAside, printJson } from '../terminal/output.ts';

interface Flags extends Readonly<Record<string, unknown>> {
  readonly template?: string;
  readonly set?: readonly string[];
  readonly offline?: boolean;
  readonly trust?: boolean;
  readonly answers?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly git: boolean;
  readonly json?: boolean;
}

export function configure(command: Command, { words }: CommandLine): void {
  command
    .argument('[kind]', `kind of plugin: ${KINDS.join(', ')}; or the name of an example (wdev templates)`)
    .argument('[dir]', 'folder to make (default: ./NAME); without --name, the plugin is named after it')
    .addOption(flagOption(FLAGS.template))
    .option(
      '--set <name=value>',
      'answer a question of the template; works for questions that have no flag here, too',
      collect,
    )
    .addOption(flagOption(FLAGS.offline))
    .addOption(flagOption(FLAGS.trust))
    .option('--answers <file>', 'take answers from this YAML or JSON file; - reads standard input')
    .addOption(flagOption(FLAGS.yes))
    .option('--dry-run', 'print what would be made; write nothing')
    .option('--force', 'write into a folder that is not empty')
    .addOption(flagOption(FLAGS.noGit))
    .addOption(jsonOption('the folder, answers and files'));
  const isOwn = (flag: string): boolean => command.options.some(({ long }) => long === flag);
  for (const option of questionOptions(words, isOwn)) command.addOption(option);
  if (isHelp(words)) listParts(command, 'wdev add <part> --help');
  command.action((kind: string | undefined, dir: string | undefined, flags: Flags) => make(kind, dir, flags));
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** For a flag that there is not, but a question of the template: how that is answered. */
export async function hint({ message }: CommanderError, command: Command): Promise<string | undefined> {
  const flag = /unknown option '--([^'=]+)/.exec(message)?.[1];
  if (flag === undefined) return undefined;
  const reference = command.opts<Flags>().template ?? command.args[0];
  const questions = await questionsAt(reference);
  const question = questions.find(({ name, flag: own }) => own === flag || name === flag);
  if (question === undefined)
    return 'A question that has no flag is answered with --set NAME=VALUE; wdev templates show NAME lists them.';
  const { answerForm } = await import('../templates/flags.ts');
  return `${reference} asks for it: use ${answerForm(question)}`;
}

/** Of a template that is here already; a wrong command line is no reason to fetch one. */
async function questionsAt(reference: string | undefined): Promise<readonly Question[]> {
  const isHere = reference !== undefined && (builtInNames().includes(reference) || reference.includes('/'));
  if (!isHere || /^(git\+|npm:|@)/.test(reference)) return [];
  try {
    const { loadTemplate } = await import('../templates/load.ts');
    return loadTemplate(reference).questions;
  } catch {
    return []; // what is wrong with it is said once the flags are right
  }
}

function flagOption({ name, value, description }: Flag): Option {
  return new Option(value === undefined ? `--${name}` : `--${name} <${value}>`, description);
}

/**
 * One option a question, under the kinds and parts that ask it. Of a command line in which every flag is known only those that it
 * names: seventy options take longer to make than the files to list.
 */
function questionOptions(
  words: readonly string[] | undefined,
  isOwn: (flag: string) => boolean,
): readonly Option[] {
  const all = askedBy(KINDS);
  const flags = words?.filter((word) => word.startsWith('-')).map((word) => word.replace(/=.*/s, ''));
  const isQuestion = (flag: string): boolean => all.some(({ question }) => flag === `--${question.flag}`);
  const needed =
    flags === undefined || !flags.every((flag) => isOwn(flag) || isQuestion(flag))
      ? all
      : all.filter(({ question }) => flags.includes(`--${question.flag}`));
  return needed.map(({ question, kinds }) => {
    if (kinds.length === KINDS.length) return toOption(question).helpGroup('Answers:');
    const parts = partsAsking(question);
    const titles = kinds
      .filter((kind) => kind !== 'stack' || parts.length === 0)
      .map((kind) => `${inSentence(builtInTemplate(kind).title)}s`);
    const group = `Answers for ${[...titles, ...parts.map(partTitle)].join(' and ')}:`;
    const option = toOption(question).helpGroup(group);
    return titles.length === 0 && isHelp(words) ? option.hideHelp() : option;
  });
}

/** The parts of a stack plugin that ask a question; none for one that is asked of every plugin. */
export function partsAsking({ when }: Question): readonly string[] {
  const parts = when?.['parts'];
  return Array.isArray(parts) ? (parts as readonly string[]) : typeof parts === 'string' ? [parts] : [];
}

export function partTitle(part: string): string {
  return `the part ${part}`;
}

/** Whether the page for people is asked for; the tree with every flag is not. */
export function isHelp(words: CommandLine['words']): boolean {
  return words?.some((word) => word === '--help' || word === '-h') === true;
}

/** Adds a line for each part with the flags of its answers: explained one by one, they fill three screens. */
export function listParts(command: Command, explained: string): void {
  const flags = new Map<string, string[]>();
  for (const question of builtInTemplate('stack').questions)
    for (const part of partsAsking(question))
      flags.set(part, [...(flags.get(part) ?? []), `--${question.flag}`]);
  command.addHelpText('after', () => {
    const help = command.createHelp();
    const width = Math.max(...[...flags.keys()].map(({ length }) => length));
    const rows = [...flags].map(([part, own]) => help.formatItem(part, width, own.join(' '), help));
    return ['', `Answers for parts (explained by ${explained}):`, ...rows].join('\n');
  });
}

export function toOption(question: Question): Option {
  const values = (question.choices ?? []).map((choice) => choice.value).join(', ');
  const help = values === '' ? question.message : `${question.message} (${values})`;
  const flag = question.type === 'confirm' ? `--${question.flag} [yes|no]` : `--${question.flag} <value>`;
  const option = new Option(flag, help);
  if (question.type === 'confirm') {
    option.preset(true);
    if (typeof question.default === 'boolean') option.default(undefined, question.default ? 'yes' : 'no');
  }
  if (question.type !== 'checkbox') return option;
  return option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
}

async function make(kind: string | undefined, dir: string | undefined, flags: Flags): Promise<void> {
  const open = flags.yes ? 'defaults' : canAsk(flags) ? await terminalAsk() : 'refuse';
  const template = flags.template ?? (await chooseTemplate(kind, open));
  const filed = await answersFrom(flags.answers);
  const folder =
    flags.template !== undefined && dir === undefined && kind !== undefined && !isKind(kind) ? kind : dir;
  const created = await createPlugin({
    template,
    offline: flags.offline ?? false,
    answers: (questions) =>
      namedAfter(folder, { ...filed, ...givenFlags(questions, flags), ...setAnswers(flags.set ?? []) }),
    dir: folder,
    open,
    trust: trustOf(open, flags.trust ?? false, printAside),
    force: flags.force ?? false,
    dryRun: flags.dryRun === true && flags.json !== true ? 'files' : (flags.dryRun ?? false),
    git: flags.git,
  });
  if (flags.json) printJson(dataOf(created));
  else print(linesOf(created, flags.dryRun ?? false));
}

async function terminalAsk(): Promise<Ask> {
  return (await import('../terminal/prompt.ts')).askOnTerminal;
}

function canAsk(flags: Flags): boolean {
  return isTerminal() && flags.json !== true && flags.answers !== '-';
}

function givenFlags(asked: readonly Question[], flags: Flags): Record<string, unknown> {
  return answersGiven(
    allQuestions(asked),
    (flag) => flags[flag.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase())],
  );
}

export async function answersFrom(file: string | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) return {};
  try {
    const { readOwnYaml } = await import('../readers/yaml/own.ts');
    const { readGiven } = await import('../support/read-file.ts');
    const text = readGiven(file).toString('utf8');
    const { value, problems } = readOwnYaml(text);
    const [problem] = problems;
    if (problem !== undefined) throw new Error(`line ${problem.line}: ${problem.message}`);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error('it is not a mapping');
    return value as Record<string, unknown>;
  } catch (error) {
    throw usageError(`--answers ${file}: ${messageOf(error)}`);
  }
}

function dataOf(created: Created): object {
  const files = created.files.map(({ path, mode }) => ({ path, mode: `0${mode.toString(8)}` }));
  const { dir, kind, answers, notes } = created;
  return { dir, kind, answers, files, notes };
}

function linesOf(created: Created, dryRun: boolean): readonly string[] {
  const tree = fileTree(created.files);
  const lines = [
    dryRun ? `Would make ${created.dir}` : `Made ${created.dir}`,
    ...tree,
    ...created.notes.flatMap(noteLines),
  ];
  if (!dryRun) lines.push('', `Next: ${nextCommand(created)}`);
  return lines;
}
