import type { Command } from 'commander';
import { EXIT } from '../support/errors.ts';

interface InstallFlags {
  readonly target?: string;
  readonly json?: true;
}

const DETAILS = `
The same as wdev watch --once: stages, applies, verifies, and takes back what
failed. Where a service was restarted, it waits 2 s to see that it stays up.`;

export function configure(command: Command): void {
  command
    .argument('[path...]', 'folders of plugins, or folders that hold some (default: this folder)')
    .option('--target <target>', 'an address, or a name from wdev.yml (default: embedded)')
    .option('--json', 'events, one JSON object a line')
    .addHelpText('after', DETAILS)
    .action(async (paths: string[], flags: InstallFlags) => {
      process.exitCode = await install(paths, flags);
    });
}

async function install(given: readonly string[], flags: InstallFlags): Promise<number> {
  const [{ runLoop }, { readSettings, targetAddress }, { eventPrinter }] = await Promise.all([
    import('../loop/loop.ts'),
    import('../settings/settings.ts'),
    import('../cli/event-printer.ts'),
  ]);
  const settings = readSettings(process.cwd());
  const paths = given.length > 0 ? given : (settings.plugins ?? ['.']);
  const { print } = await eventPrinter(paths, {
    json: flags.json === true,
    once: true,
  });
  const target = targetAddress(flags.target, settings);
  const stop = new AbortController();
  const interrupt = (): void => {
    // the second Ctrl-C does not wait for the batch in hand; the journal on the target covers it
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  const once = { once: true, clean: false, keepBroken: false, poll: false };
  const status = await runLoop({ paths, target, settings, ...once }, print, stop.signal);
  return stop.signal.aborted ? EXIT.interrupted : status;
}
