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
Renders the old and the new version of the template with the answers that are
recorded in the plugin, and merges the difference into your files. Conflicts are
marked in the files and listed (exit status 1). Roll back: wdev undo.`;

export function configure(command: Command): void {
  command
    .argument('[plugin]', 'plugin folder (default: this folder)')
    .option(
      '--template <ref>',
      'update to this template, in any form that wdev new --template takes, like git+URL#v2 (default: the newest version of the one that made the plugin)',
    )
    .option(
      '--base <folder>',
      "read the plugin's original template (the version that made it) from this folder",
    )
    .option('--set <name=value>', 'change an answer, or answer a new question; repeatable', collect)
    .option('--offline', 'use the cached copy of the template')
    .option('--dry-run', 'show the changes; write nothing')
    .option('--force', 'write even with uncommitted changes in git; they are merged, not lost')
    .addOption(jsonOption())
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
  await printMerge(plan, `template ${name}${versions}`, flags.dryRun ?? false, dir);
}
