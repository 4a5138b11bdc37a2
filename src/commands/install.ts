import type { Command } from '../cli/commander.ts';
import { eventsOption, pathsArgument, targetOption, trustOption } from '../cli/options.ts';
import { runsPrograms } from '../cli/programs.ts';
import { EXIT } from '../support/errors.ts';

interface InstallFlags {
  readonly target?: string;
  readonly trust?: true;
  readonly json?: true;
}

const DETAILS = `
Does the same as wdev watch --once: installs, verifies, and rolls back what
failed. After restarting a service, waits 2 s to check that it stays up.
Restarts may disturb active calls; to wait until there are none, write
calls: wait into wdev.yml, or run wdev watch --once --calls wait.`;

export function configure(command: Command): void {
  command
    .addArgument(pathsArgument())
    .addOption(targetOption())
    .addOption(trustOption())
    .addOption(eventsOption())
    .addHelpText('after', DETAILS)
    .action(async (paths: string[], flags: InstallFlags) => {
      process.exitCode = await install(paths, flags);
    });
  runsPrograms(command);
}

async function install(given: readonly string[], flags: InstallFlags): Promise<number> {
  const [{ runLoop }, { agreedLoop }, { loopPrinter }, { interruption }] = await Promise.all([
    import('../loop/loop.ts'),
    import('../cli/agree.ts'),
    import('../cli/loop-printer.ts'),
    import('../cli/interruption.ts'),
  ]);
  const agreed = await agreedLoop(given, flags);
  const { print } = await loopPrinter(agreed.paths, { json: flags.json === true, once: true });
  const { signal } = interruption();
  const once = { once: true, clean: false, keepBroken: false, poll: false };
  const status = await runLoop({ ...agreed, ...once }, print, signal);
  return signal.aborted ? EXIT.interrupted : status;
}
