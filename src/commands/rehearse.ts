import type { Command } from 'commander';
import type { RehearsalEvent } from '../rehearse/events.ts';
import { EXIT, usageError } from '../support/errors.ts';
import { writeFitted } from '../terminal/fit.ts';

interface RehearseFlags {
  readonly faults?: true;
  readonly stack?: string;
  readonly json?: true;
}

const DETAILS = `
Builds the package and takes it through install, reinstall, upgrade (a higher
version with a renamed file), remove, install and purge on a real stack that is
made for it and goes afterwards. Services of Wazo that rules name, and that the
stack lacks, are units that only sleep. With --faults each step fails once: each
maintainer script, each program that rules call, a full disk, dpkg killed; the
next run must reach the same state. Needs what real stacks need: wdev doctor.`;

export function configure(command: Command): void {
  command
    .argument('[path...]', 'folders of plugins, or folders that hold some (default: this folder)')
    .option('--faults', 'let each step fail once, and see that the next run recovers')
    .option('--stack <name>', 'name of the stack that is made and ended (default: a new one)')
    .option('--json', 'events, one JSON object a line')
    .addHelpText('after', DETAILS)
    .action(async (paths: string[], flags: RehearseFlags) => {
      process.exitCode = await runRehearsal(paths.length > 0 ? paths : ['.'], flags);
    });
}

async function runRehearsal(paths: readonly string[], flags: RehearseFlags): Promise<number> {
  const [{ discoverPlugins }, { rehearse }] = await Promise.all([
    import('../kinds/discover.ts'),
    import('../rehearse/rehearse.ts'),
  ]);
  const plugins = discoverPlugins(paths);
  if (plugins.length === 0) {
    throw usageError(
      `there is no plugin in ${paths.join(', ')}`,
      'A plugin has wazo/plugin.yml and wazo/rules.',
    );
  }
  // modes in the package follow the umask, and a systemd service has this one
  process.umask(0o022);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  const emit = await printer(new Map(plugins.map(({ id, dir }) => [id, dir])), flags.json === true);
  const good = await rehearse(plugins, {
    faults: flags.faults === true,
    ...(flags.stack === undefined ? {} : { stack: flags.stack }),
    emit,
    onProgress: (text) => void process.stderr.write(`wdev: ${text}\n`),
    signal: stop.signal,
  });
  if (stop.signal.aborted) {
    emit({ event: 'stopped', reason: 'interrupted' });
    return EXIT.interrupted;
  }
  return good ? EXIT.done : EXIT.failed;
}

async function printer(
  folders: ReadonlyMap<string, string>,
  json: boolean,
): Promise<(event: RehearsalEvent) => void> {
  const started = performance.now();
  if (json) {
    return (event) => {
      const t = Math.round(performance.now() - started);
      process.stdout.write(`${JSON.stringify({ ...event, t })}\n`);
    };
  }
  const [{ rehearsalLines }, { lineReader }] = await Promise.all([
    import('../terminal/rehearsal-view.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  return (event) => {
    const lines = rehearsalLines(event, (plugin) => lineReader(folders.get(plugin) ?? '.'));
    writeFitted(lines.map((line) => `${line}\n`).join(''));
  };
}
