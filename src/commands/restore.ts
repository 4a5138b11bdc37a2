import { durationText } from '../terminal/duration.ts';
import { paint } from '../terminal/paint.ts';
import type { Command } from '../cli/commander.ts';
import { eventsOption, targetOption, trustOption } from '../cli/options.ts';
import { print, printJson } from '../terminal/output.ts';
import { heedsSandbox } from '../cli/programs.ts';
import { EXIT } from '../support/errors.ts';
import { isError } from '../findings/finding.ts';
import { effectLabel } from '../effects/registry.ts';
import type { VerifiedRestore } from '../status/restored.ts';
import type { Session } from '../targets/session.ts';

interface RestoreFlags {
  readonly target?: string;
  readonly trust?: true;
  readonly json?: true;
}

const DETAILS = `
Uninstalls every plugin that wdev installed, restores the files that wdev
changed, reloads the services, and removes what wdev recorded there: also what
others installed with wdev. Does not ask. A version that wazo-plugind or you had
installed before serves again. The records are on the target, so this works from
any machine that can connect to it. To remove one plugin only: wdev uninstall.`;

export function configure(command: Command): void {
  command
    .addOption(targetOption())
    .addOption(trustOption())
    .addOption(eventsOption())
    .addHelpText('after', DETAILS)
    .action(async (flags: RestoreFlags) => {
      process.exitCode = await restore(flags);
    });
  heedsSandbox(command);
}

async function restore(flags: RestoreFlags): Promise<number> {
  const [{ inSession }, { restoreVerified }] = await Promise.all([
    import('../cli/target.ts'),
    import('../status/restored.ts'),
  ]);
  const started = performance.now();
  const work = async (session: Session): Promise<number> => {
    const result = await restoreVerified(session);
    const ms = Math.round(performance.now() - started);
    if (flags.json === true) printEvents(result, ms);
    else await printText(result, session.target.id, ms);
    return result.findings.some(isError) ? EXIT.failed : EXIT.done;
  };
  return await inSession(flags, work, { restoring: true });
}

function actionsOf({ plan }: VerifiedRestore): readonly string[] {
  return plan.effects.map(({ effect }) => effectLabel(effect));
}

function printEvents(result: VerifiedRestore, ms: number): void {
  const { paths, plugins, earlier, removed, putBack, findings, complaints } = result;
  const event = {
    event: 'restored',
    paths,
    actions: actionsOf(result),
    plugins,
    earlier,
    removed,
    putBack,
    findings,
    complaints,
    t: ms,
  };
  printJson(event);
  printJson({ event: 'stopped', reason: 'done', t: ms });
}

function amount(files: number): string {
  return `${files} ${files === 1 ? 'file' : 'files'}`;
}

async function printText(result: VerifiedRestore, target: string, ms: number): Promise<void> {
  const { findingLines } = await import('../terminal/finding-text.ts');
  const { paths, plugins, earlier, removed, putBack, findings, complaints } = result;
  const off = plugins.filter((plugin) => !earlier.includes(plugin));
  const lines: string[] = [];
  const bad = findings.some(isError);
  if (paths.length === 0 && !bad)
    lines.push(`Nothing to restore: wdev has changed nothing on target ${target}.`);
  else {
    const sign = bad ? paint.red('✗') : paint.green('✓');
    const state = bad ? 'is not fully restored' : 'is as it was before wdev';
    lines.push(`${sign} Target ${paint.bold(target)} ${state}${paint.dim(`  ${durationText(ms)}`)}`);
    const gone = removed.length === 0 ? [] : [`removed ${amount(removed.length)}`];
    const back = putBack.length === 0 ? [] : [`restored ${amount(putBack.length)}`];
    lines.push(paint.dim(`    ${[...gone, ...back].join(', ') || 'no file to remove or restore'}`));
    const actions = actionsOf(result);
    if (actions.length > 0) lines.push(paint.dim(`    actions: ${actions.join(', ')}`));
    if (off.length > 0) lines.push(paint.dim(`    uninstalled: ${off.join(', ')}`));
    if (earlier.length > 0)
      lines.push(paint.dim(`    the version before wdev serves again: ${earlier.join(', ')}`));
  }
  for (const complaint of complaints) lines.push(paint.dim(`    uninstall said: ${complaint}`));
  for (const finding of findings)
    lines.push(...findingLines(finding, () => undefined).map((line) => `  ${line}`));
  print(lines);
}
