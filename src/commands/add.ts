import path from 'node:path';
import type { Command } from '../cli/commander.ts';
import type { CommandLine } from '../cli/program.ts';
import { EXIT, usageError } from '../support/errors.ts';
import type { AddPlan } from '../update/add.ts';
import { answersFrom, isHelp, listParts, partTitle, partsAsking, toOption } from './new.ts';
import { loadTemplate } from '../templates/load.ts';
import type { Question } from '../answers/question.ts';
import { isTerminal, print, printJson } from '../terminal/output.ts';

interface Flags extends Readonly<Record<string, unknown>> {
  readonly dir?: string;
  readonly base?: string;
  readonly offline?: true;
  readonly answers?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly force?: true;
  readonly json?: true;
}

const DETAILS = `
Merges the part into a plugin that wdev made, as wdev update does. Reads any
other stack plugin first: shows the answers that match its files, and asks
before it writes. Roll back: wdev undo.`;

export function configure(command: Command, { words }: CommandLine): void {
  command
    .argument('<part>', 'part to add, like calld; wdev templates list names them')
    .argument('[plugin]', 'plugin folder (default: this folder)')
    .option('--dir <folder>', 'plugin folder, the same as the argument')
    .option('--answers <file>', "take answers to the part's questions from this YAML or JSON file")
    .option('--yes', 'accept the defaults and the answers that wdev found; never ask')
    .option(
      '--base <folder>',
      "read the plugin's original template (the version that made it) from this folder",
    )
    .option('--offline', 'use the cached copy of the template')
    .option('--dry-run', 'show the changes; write nothing')
    .option('--force', 'write even with uncommitted changes in git; they are merged, not lost')
    .option(
      '--json',
      'print the result as JSON; for a plugin that wdev did not make, nothing is written without --yes',
    )
    .addHelpText('after', DETAILS);
  const isNamed = (question: Question): boolean =>
    partsAsking(question).some((part) => words?.includes(part) === true);
  const questions = partQuestions();
  for (const question of questions) {
    const parts = partsAsking(question).map(partTitle).join(' and ');
    const option = toOption(question).helpGroup(`Answers for ${parts}:`);
    command.addOption(isHelp(words) && !isNamed(question) ? option.hideHelp() : option);
  }
  if (isHelp(words) && !questions.some(isNamed)) listParts(command, 'wdev add <part> --help');
  command.action(async (part: string, given: string | undefined, flags: Flags) => {
    if (given !== undefined && flags.dir !== undefined) throw usageError('--dir: the folder is given twice');
    process.exitCode = await add(part, path.resolve(given ?? flags.dir ?? '.'), flags);
  });
}

/** Flags of questions that only parts ask. */
function partQuestions(): readonly Question[] {
  return loadTemplate('stack').questions.filter((question) => partsAsking(question).length > 0);
}

async function add(part: string, dir: string, flags: Flags): Promise<number> {
  const [{ planAdd }, { applyPlan }, { askOnTerminal }] = await Promise.all([
    import('../update/add.ts'),
    import('../update/update.ts'),
    import('../terminal/prompt.ts'),
  ]);
  const given = { ...(await answersFrom(flags.answers)), ...flagAnswers(flags) };
  const open = canAsk(flags) ? askOnTerminal : 'defaults';
  const plan = await planAdd(dir, { part, given, base: flags.base, offline: flags.offline, open });
  const write = flags.dryRun !== true && (await accepted(plan, flags));
  if (write) await applyPlan(dir, plan, `add ${part}`, flags.force ?? false);
  await show(dir, plan, write, flags);
  return plan.conflicts.length > 0 ? EXIT.failed : EXIT.done;
}

function flagAnswers(flags: Flags): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const { name, flag } of partQuestions()) {
    const key = flag.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
    if (flags[key] !== undefined) given[name] = flags[key];
  }
  return given;
}

function canAsk(flags: Flags): boolean {
  return isTerminal() && flags.json !== true && flags.yes !== true;
}

/** Shows the answers that are proposed for a plugin of others, and asks. */
async function accepted({ proposed }: AddPlan, flags: Flags): Promise<boolean> {
  if (proposed === undefined || flags.yes === true) return true;
  if (flags.json === true) return false;
  const { proposalLines } = await import('../terminal/merge-text.ts');
  print(proposalLines(proposed));
  if (!canAsk(flags)) {
    throw usageError(
      'no terminal to ask on whether these answers are right',
      'Add --yes, or --dry-run to look.',
    );
  }
  const { askOnTerminal } = await import('../terminal/prompt.ts');
  const question: Question = {
    name: 'right',
    type: 'confirm',
    message: 'Is that right?',
    flag: 'yes',
    ask: true,
  };
  return (await askOnTerminal(question, true, () => undefined)) === true;
}

async function show(dir: string, plan: AddPlan, written: boolean, flags: Flags): Promise<void> {
  const { mergeData, printMerge, proposalLines } = await import('../terminal/merge-text.ts');
  if (flags.json === true) {
    const { part, proposed } = plan;
    printJson({ dir, part, proposed, written, ...mergeData(plan) });
    return;
  }
  if (plan.proposed !== undefined && (flags.yes === true || flags.dryRun === true))
    print(proposalLines(plan.proposed));
  if (!written && flags.dryRun !== true) print(['Nothing was written.']);
  else await printMerge(plan, written ? `Added ${plan.part}` : `Adding ${plan.part}`, !written, dir);
}
