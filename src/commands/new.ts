import { Option, type Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { text as readText } from 'node:stream/consumers';
import { load } from 'js-yaml';
import { createPlugin, type Created } from '../scaffold/create.ts';
import { KINDS, isKind, loadTemplate } from '../scaffold/load.ts';
import { askOnTerminal } from '../scaffold/prompt.ts';
import type { Question } from '../scaffold/question.ts';
import { fileTree } from '../scaffold/tree.ts';
import { EXIT, UserError, messageOf, usageError } from '../support/errors.ts';

interface Flags extends Readonly<Record<string, unknown>> {
  readonly template?: string;
  readonly answers?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly git: boolean;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('[kind]', KINDS.join(' | '))
    .argument('[dir]', 'folder to make; ./NAME by default, and its last part is the default name')
    .option('--template <ref>', 'a template of your own: a folder with a template.yml')
    .option('--answers <file>', 'take answers from a YAML or JSON file; - reads standard input')
    .option('--yes', 'take the default of every open question; never ask')
    .option('--dry-run', 'print what would be made, and write nothing')
    .option('--force', 'write into a folder that is not empty')
    .option('--no-git', 'make no git repository and no first commit')
    .option('--json', 'print what was made as JSON');
  for (const option of questionOptions()) command.addOption(option);
  command.action((kind: string | undefined, dir: string | undefined, flags: Flags) => make(kind, dir, flags));
}

/** One option a question; the same question of several kinds is one option, under the kinds that ask it. */
function questionOptions(): readonly Option[] {
  const found = new Map<string, { question: Question; kinds: string[] }>();
  for (const kind of KINDS) {
    for (const question of loadTemplate(kind).questions) {
      const entry = found.get(question.flag) ?? { question, kinds: [] };
      entry.kinds.push(kind);
      found.set(question.flag, entry);
    }
  }
  return [...found.values()].map(({ question, kinds }) => {
    const group = kinds.length === KINDS.length ? 'Answers:' : `Answers for ${kinds.join(' and ')}:`;
    return toOption(question).helpGroup(group);
  });
}

export function toOption(question: Question): Option {
  const values = (question.choices ?? []).map((choice) => choice.value).join(', ');
  const help = values === '' ? question.message : `${question.message} (${values})`;
  const flag = question.type === 'confirm' ? `--${question.flag} [yes|no]` : `--${question.flag} <value>`;
  const option = new Option(flag, help);
  if (question.type === 'confirm') option.preset(true);
  if (question.type !== 'checkbox') return option;
  return option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
}

async function make(kind: string | undefined, dir: string | undefined, flags: Flags): Promise<void> {
  const template = flags.template ?? (await chooseKind(kind, flags));
  const answers = { ...(await answersFrom(flags.answers)), ...givenFlags(template, flags) };
  const folder =
    flags.template !== undefined && dir === undefined && kind !== undefined && !isKind(kind) ? kind : dir;
  if (folder !== undefined && answers['name'] === undefined) answers['name'] = lastPart(folder);
  const created = await createPlugin({
    template,
    answers,
    dir: folder,
    open: flags.yes ? 'defaults' : isTerminal(flags) ? askOnTerminal : 'refuse',
    force: flags.force ?? false,
    dryRun: flags.dryRun ?? false,
    git: flags.git,
  }).catch(interrupted);
  process.stdout.write(flags.json ? asJson(created) : asText(created, flags.dryRun ?? false));
}

function isTerminal(flags: Flags): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && flags.json !== true && flags.answers !== '-';
}

async function chooseKind(kind: string | undefined, flags: Flags): Promise<string> {
  if (kind !== undefined) {
    if (isKind(kind)) return kind;
    throw usageError(`there is no kind ${kind}`, `The kinds are ${KINDS.join(', ')}.`);
  }
  if (flags.yes || !isTerminal(flags))
    throw usageError('missing argument: KIND', `The kinds are ${KINDS.join(', ')}.`);
  const question: Question = {
    name: 'kind',
    type: 'list',
    message: 'What do you want to make?',
    choices: KINDS.map((name) => ({ value: name, name: `${name}: ${loadTemplate(name).summary}` })),
    flag: 'kind',
    ask: true,
  };
  return String(await askOnTerminal(question, 'stack', () => undefined).catch(interrupted));
}

function givenFlags(template: string, flags: Flags): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  const all = [...KINDS, template].flatMap((name) => loadTemplate(name).questions);
  for (const question of all) {
    const key = question.flag.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
    if (flags[key] !== undefined) given[question.name] = flags[key];
  }
  return given;
}

export async function answersFrom(file: string | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) return {};
  try {
    const content = load(file === '-' ? await readText(process.stdin) : await readFile(file, 'utf8'));
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw new Error('it is not a mapping');
    return content as Record<string, unknown>;
  } catch (error) {
    throw usageError(`--answers ${file}: ${messageOf(error)}`);
  }
}

function lastPart(folder: string): string {
  return folder.replace(/\/+$/, '').split('/').pop() ?? '';
}

/** Ctrl-C in a prompt is an error of inquirer's by this name. */
export function interrupted(error: unknown): never {
  if (error instanceof Error && error.name === 'ExitPromptError') {
    throw new UserError('interrupted', 'interrupted; nothing was written', { exit: EXIT.interrupted });
  }
  throw error;
}

function asJson(created: Created): string {
  const files = created.files.map(({ path, mode }) => ({ path, mode: `0${mode.toString(8)}` }));
  return `${JSON.stringify({ dir: created.dir, kind: created.kind, answers: created.answers, files, notes: created.notes })}\n`;
}

function asText(created: Created, dryRun: boolean): string {
  const tree = fileTree(created.files);
  const lines = [
    dryRun ? `Would make ${created.dir}` : `Made ${created.dir}`,
    ...tree,
    ...created.notes.map((note) => `Note: ${note}.`),
  ];
  if (!dryRun) lines.push('', `Next: wdev watch ${created.dir}`);
  return `${lines.join('\n')}\n`;
}
