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
Makes a new real stack, builds the package, and runs install, reinstall, upgrade
(to a higher version that wdev makes, with one file renamed), remove, install
and purge; then removes the new stack. Stand-ins take the place of Wazo services
that the plugin needs and the stack lacks. Needs what real stacks need: wdev
doctor.

With --faults makes each maintainer script and each program that wazo/rules
calls fail once, fills the disk once, and kills dpkg once. The next run must
reach the same state.

With --stack NAME of a running stack, the new stack gets the same services as
that one, which stays as it is. If wazo-plugind is among them, it installs,
upgrades and removes the plugin too, verified as by wdev deploy.`;

export function configure(command: Command): void {
  command
    .addArgument(pathsArgument())
    .option('--faults', 'make each step fail once, and verify that the next run recovers')
    .option(
      '--stack <name>',
      'give the new stack the services of this running stack; if none of that name runs, the name is for the new stack',
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
  let isBelow = false;
  return (event) => {
    print(rehearsalLines(event, (plugin) => lineReader(folders.get(plugin) ?? '.'), isBelow));
    isBelow = event.event === 'ready' || (isBelow && !['verified', 'failed'].includes(event.event));
  };
}
