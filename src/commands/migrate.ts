import type { Command } from '../cli/commander.ts';
import type { MigrateOptions, MigrationPlan } from '../migrate/migrate.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { EXIT, usageError } from '../support/errors.ts';
import { print, printContent, printJson } from '../terminal/output.ts';

interface MigrateFlags {
  readonly to?: string;
  readonly namespace: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

const DETAILS = `
Changes in a plugin:
  package.yml and Makefile                 become wazo/plugin.yml and wazo/rules
  reloads in uninstall                     move to postrm
  setup.py bdist in wazo/rules             becomes setup.py install
  renamed services, modules and variables  get their new names
Shows the changes and asks before it writes. Roll back: wdev undo.`;

export function configure(command: Command): void {
  command
    .argument('[path]', 'plugin folder (default: this folder)')
    .option(
      '--to <version>',
      'use the names that services, modules and variables have in this Wazo version (default: the newest that wdev knows)',
    )
    .option('--namespace <name>', 'namespace to give a plugin of the oldest format, which has none', 'local')
    .option('--dry-run', 'show the changes; write nothing')
    .option('--yes', 'write without asking')
    .option('--json', 'print the changes as JSON; nothing is written without --yes')
    .addHelpText('after', DETAILS)
    .action(async (given: string | undefined, flags: MigrateFlags) => {
      process.exitCode = await migrate(given ?? '.', flags);
    });
}

async function migrate(given: string, flags: MigrateFlags): Promise<number> {
  const { planFor, applyMigration } = await import('../migrate/migrate.ts');
  const options = await readOptions(flags);
  const plugin = await onlyPlugin(given);
  const plan = await planFor(plugin, options);
  if (flags.json === true) {
    if (flags.yes === true && flags.dryRun !== true) await applyMigration(plugin, plan);
    printJson({ plugin: plugin.id, ...plan });
    return EXIT.done;
  }
  await show(plugin, plan);
  if (plan.edits.length === 0 || flags.dryRun === true) return EXIT.done;
  if (flags.yes !== true && !(await agreed(plan.edits.length))) {
    print(['Nothing was written.']);
    return EXIT.done;
  }
  await applyMigration(plugin, plan);
  const { undoHint } = await import('../terminal/merge-text.ts');
  const { length } = plan.edits;
  print([`${length} ${length === 1 ? 'file' : 'files'} written. ${undoHint(plugin.dir)}`]);
  return EXIT.done;
}

async function readOptions(flags: MigrateFlags): Promise<MigrateOptions> {
  const [{ namespaceProblem }, { NEWEST_WAZO, wazoReleaseProblem }] = await Promise.all([
    import('../wazo/names.ts'),
    import('../wazo/versions.ts'),
  ]);
  const to = flags.to ?? NEWEST_WAZO;
  const wrong = wazoReleaseProblem(to);
  if (wrong !== undefined) throw usageError(`--to: ${wrong.message}`, wrong.help);
  const namespace = namespaceProblem(flags.namespace);
  if (namespace !== undefined) throw usageError(`--namespace: ${namespace}`);
  const { noteNewer } = await import('../cli/releases.ts');
  noteNewer([to], flags.json === true);
  return { to, namespace: flags.namespace };
}

async function onlyPlugin(given: string): Promise<Plugin> {
  const [{ findPlugins }, { severalPlugins }] = await Promise.all([
    import('../cli/plugins.ts'),
    import('../kinds/several-plugins.ts'),
  ]);
  const [plugin, other, ...others] = findPlugins([given]);
  if (other !== undefined) throw severalPlugins(given, [plugin, other, ...others]);
  return plugin;
}

async function show(plugin: Plugin, plan: MigrationPlan): Promise<void> {
  const [{ paint }, { findingLines }, { lineReader }, { diffOf }, { paintDiff }] = await Promise.all([
    import('../terminal/paint.ts'),
    import('../terminal/finding-text.ts'),
    import('../terminal/source-lines.ts'),
    import('../migrate/migrate.ts'),
    import('../terminal/fixed-diff.ts'),
  ]);
  if (plan.edits.length === 0) print([`${paint.bold(plugin.id)}: nothing to change.`]);
  else printContent(await diffOf(plan.edits), paintDiff);
  if (plan.edits.length > 0 && plan.done.length > 0) print(['']);
  print(plan.done.map((sentence) => `  ${paint.green('•')} ${sentence}`));
  const readLine = lineReader(plugin.dir);
  print(plan.findings.flatMap((finding) => findingLines(finding, readLine)).map((line) => `  ${line}`));
}

async function agreed(count: number): Promise<boolean> {
  const { confirm } = await import('../terminal/prompt.ts');
  return await confirm(`Write ${count} files?`, 'Nothing was written. To write it, add --yes.');
}
