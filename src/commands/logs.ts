import { paint } from '../terminal/paint.ts';
import { InvalidArgumentError, type Command } from '../cli/commander.ts';
import { eventsOption, targetOption, trustOption } from '../cli/options.ts';
import { print as printLines, printAside, printJson } from '../terminal/output.ts';
import { heedsSandbox } from '../cli/programs.ts';
import { EXIT } from '../support/errors.ts';
import type { LogLine } from '../status/log-lines.ts';

interface LogsFlags {
  readonly target?: string;
  readonly trust?: true;
  readonly follow?: true;
  readonly lines: number;
  readonly json?: true;
}

const DETAILS = `
Without a service, shows the logs of those that the plugins below this folder
need, else of those that all plugins on the target need. Marks with * the
lines that mention files, contexts or packages of a plugin.`;

/** Milliseconds between two reads of a log that is followed. */
const INTERVAL = 250;

export function configure(command: Command): void {
  command
    .argument('[service...]', 'asterisk, or systemd units like wazo-calld')
    .addOption(targetOption())
    .addOption(trustOption())
    .option('-f, --follow', 'keep printing new lines; stop with Ctrl-C')
    .option('-n, --lines <number>', 'print this number of lines from the end of each log', wholeNumber, 50)
    .addOption(eventsOption('lines'))
    .addHelpText('after', DETAILS)
    .action(async (services: string[], flags: LogsFlags) => {
      process.exitCode = await show(services, flags);
    });
  heedsSandbox(command);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('not a number of lines');
  return Number(text);
}

async function show(services: readonly string[], flags: LogsFlags): Promise<number> {
  const [{ Logs }, { onTarget }, { interruption }, { discoverPlugins }] = await Promise.all([
    import('../status/logs.ts'),
    import('../cli/target.ts'),
    import('../cli/interruption.ts'),
    import('../kinds/discover.ts'),
  ]);
  const signal = flags.follow === true ? interruption().signal : undefined;
  return await onTarget(flags, async (target) => {
    const plugins = discoverPlugins(['.']).map(({ id }) => id);
    const logs = await Logs.open(target, { services, plugins });
    const width = Math.max(...logs.services.map(({ length }) => length));
    const print = (lines: readonly LogLine[]): void => {
      if (flags.json === true) lines.forEach(printJson);
      else
        printLines(
          lines.map((line) => lineText(line, width)),
          { fit: false },
        );
      printAside(logs.takeNotes().map((note) => `wdev: ${note}`));
    };
    print(await logs.last(flags.lines));
    if (signal === undefined) return EXIT.done;
    while (!signal.aborted) {
      await pause(signal);
      if (!signal.aborted) print(await logs.next());
    }
    return EXIT.interrupted;
  });
}

function lineText({ service, text, own }: LogLine, width: number): string {
  const line = `${own ? '*' : ' '} ${service.padEnd(width)} | ${text.replaceAll('\t', '    ')}`;
  return own ? paint.bold(line) : line;
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, INTERVAL);
    signal.addEventListener('abort', end);
  });
}
