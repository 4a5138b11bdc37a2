import path from 'node:path';
import type { Command } from '../cli/commander.ts';
import { EXIT } from '../support/errors.ts';
import type { UpdatePlan } from '../update/update.ts';
import { jsonOption } from '../cli/options.ts';
import { printJson } from '../terminal/output.ts';

interface Flags {
  readonly template?: string;
  readonly base?: string;
  readonly set?: readonly string[];
  readonly offline?: true;
  readonly dryRun?: true;
  readonly force?: true;
  readonly json?: true;
}

const DETAILS = `
Renders the template as it was and as it is with the recorded answers, and
merges the difference into your files. What both changed stands between
markers and is listed (exit 1). wdev undo rolls it back.`;

export function configure(command: Command): void {
  command
    .argument('[plugin]', 'folder of a plugin (default: this folder)')
    .option('--template <ref>', 'go to this template or version of it (default: the recorded one)')
    .option('--base <folder>', 'where the recorded version of the template is')
    .option('--set <name=value>', 'an answer other than the recorded one, or than a new default', collect)
    .option('--offline', 'use the cached copies of templates')
    .option('--dry-run', 'show the difference, and write nothing')
    .option('--force', 'also into a work tree with changes that are not committed')
    .addOption(jsonOption('the outcome'))
    .addHelpText('after', DETAILS)
    .action(async (given: string | undefined, flags: Flags) => {
      process.exitCode = await update(path.resolve(given ?? '.'), flags);
    });
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

async function update(dir: string, flags: Flags): Promise<number> {
  const { planUpdate, applyPlan } = await import('../update/update.ts');
  const { setAnswers } = await import('../answers/set-answers.ts');
  const plan = await planUpdate(dir, { ...flags, given: setAnswers(flags.set ?? []) });
  if (flags.dryRun !== true) await applyPlan(dir, plan, 'update', flags.force ?? false);
  await print(dir, plan, flags);
  return plan.conflicts.length > 0 ? EXIT.failed : EXIT.done;
}

async function print(dir: string, plan: UpdatePlan, flags: Flags): Promise<void> {
  const { mergeData, printMerge } = await import('../terminal/merge-text.ts');
  const { from, to, answered } = plan;
  if (flags.json === true) {
    const data = { dir, from, to, dryRun: flags.dryRun ?? false, answered, ...mergeData(plan) };
    printJson(data);
    return;
  }
  const name = from.template === to.template ? `${to.template} ` : `${from.template} to ${to.template} `;
  const versions = from.version === to.version ? String(to.version) : `${from.version} to ${to.version}`;
  await printMerge(plan, `${name}${versions}`, flags.dryRun ?? false, dir);
}
