import type { Command } from '../cli/commander.ts';
import { eventsOption, pathsArgument, trustOption } from '../cli/options.ts';
import { runsPrograms } from '../cli/programs.ts';
import type { RehearsalEvent } from '../rehearse/events.ts';
import { EXIT } from '../support/errors.ts';
import { doing } from '../support/doing.ts';

interface RehearseFlags {
  readonly faults?: true;
  readonly stack?: string;
  readonly trust?: true;
  readonly json?: true;
}

const DETAILS = `
Builds the package and takes it through install, reinstall, upgrade (a higher
version with a renamed file), remove, install and purge on a real stack that is
made for it and goes afterwards. Services of Wazo that rules name, and that the
stack lacks, are units that only sleep. With --faults each step fails once: each
maintainer script, each program that rules call, a full disk, dpkg killed; the
next run must reach the same state. Needs what real stacks need: wdev doctor.
With --stack and the name of a stack that runs, another is made as up made that
one: on one with Wazo's services they take the place of the stand-ins, and its
wazo-plugind, where it has one, installs, upgrades and removes the plugin too,
with the steps and the evidence of wdev deploy.`;

export function configure(command: Command): void {
  command
    .addArgument(pathsArgument())
    .option('--faults', 'let each step fail once, and see that the next run recovers')
    .option(
      '--stack <name>',
      'a stack that runs: on another like it; else the name of the one that is made (default: a new one)',
    )
    .addOption(trustOption())
    .addOption(eventsOption())
    .addHelpText('after', DETAILS)
    .action(async (paths: string[], flags: RehearseFlags) => {
      process.exitCode = await runRehearsal(paths, flags);
    });
  runsPrograms(command);
}

async function runRehearsal(paths: readonly string[], flags: RehearseFlags): Promise<number> {
  const [{ findPlugins }, { agreeToAll }, { rehearse }, { interruption }] = await Promise.all([
    import('../cli/plugins.ts'),
    import('../cli/agree-to-all.ts'),
    import('../rehearse/rehearse.ts'),
    import('../cli/interruption.ts'),
  ]);
  await agreeToAll(paths.length > 0 ? paths : ['.'], flags.trust === true);
  const plugins = findPlugins(paths);
  // modes in the package follow the umask, and a systemd service has this one
  process.umask(0o022);
  const { signal } = interruption();
  const emit = await printer(new Map(plugins.map(({ id, dir }) => [id, dir])), flags.json === true);
  const good = await rehearse(plugins, {
    faults: flags.faults === true,
    ...(flags.stack === undefined ? {} : { stack: flags.stack }),
    emit,
    onProgress: doing,
    signal,
  });
  if (signal.aborted) {
    emit({ event: 'stopped', reason: 'interrupted' });
    return EXIT.interrupted;
  }
  return good ? EXIT.done : EXIT.failed;
}

async function printer(
  folders: ReadonlyMap<string, string>,
  json: boolean,
): Promise<(event: RehearsalEvent) => void> {
  const { eventPrinter, print } = await import('../terminal/output.ts');
  if (json) return eventPrinter();
  const [{ rehearsalLines }, { lineReader }] = await Promise.all([
    import('../terminal/rehearsal-view.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  return (event) => print(rehearsalLines(event, (plugin) => lineReader(folders.get(plugin) ?? '.')));
}
