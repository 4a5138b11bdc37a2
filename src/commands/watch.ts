import type { Command } from '../cli/commander.ts';
import { eventsOption, pathsArgument, targetOption, trustOption } from '../cli/options.ts';
import { runsPrograms } from '../cli/programs.ts';
import { EXIT } from '../support/errors.ts';
import type { LoopEvent } from '../loop/events.ts';
import type { LoopOptions } from '../loop/loop.ts';
import type { LoopControl } from '../loop/control.ts';
import type { LoopView } from '../terminal/loop-view.ts';

interface WatchFlags {
  target?: string;
  once?: true;
  clean?: true;
  keepBroken?: true;
  calls?: string;
  poll?: true;
  dryRun?: true;
  bell?: true;
  test?: true;
  ui?: string | true;
  report?: string;
  trust?: true;
  json?: true;
}

export function configure(command: Command): void {
  command
    .addArgument(pathsArgument())
    .addOption(targetOption())
    .option('--once', 'install the plugins once, then exit')
    .option('--clean', 'at the end, remove from the target all that wdev installed, as wdev restore does')
    .option('--keep-broken', 'do not roll back a save that failed verification')
    .option(
      '--calls <policy>',
      'restart services now, which may disturb calls, or wait until no call is active (default: calls in wdev.yml, else now)',
    )
    .option('--poll', 'read files at intervals, for network file systems that report no changes')
    .option('--dry-run', 'show once what would be done; change nothing on the target')
    .option('--test', "run the plugin's own tests after each verified save")
    .option('--bell', 'ring the terminal bell when a save fails, and when all is well again')
    .option(
      '--ui [port]',
      'show the watch as a page, on this machine only; on a free port unless one is given',
    )
    .option('--report <file>', 'write the page to this HTML file at the end')
    .addOption(trustOption())
    .addOption(eventsOption())
    .action(async (paths: string[], flags: WatchFlags) => {
      process.exitCode = await watch(paths, flags);
    });
  runsPrograms(command);
}

async function watch(words: readonly string[], flags: WatchFlags): Promise<number> {
  const [
    { runLoop },
    { agreedLoop },
    { LoopControl, QUIT },
    { usageError },
    { interruption },
    { openPage, pathsBehind },
    { WatchRecord },
  ] = await Promise.all([
    import('../loop/loop.ts'),
    import('../cli/agree.ts'),
    import('../loop/control.ts'),
    import('../support/errors.ts'),
    import('../cli/interruption.ts'),
    import('../cli/watch-page.ts'),
    import('../live/beside.ts'),
  ]);
  const given = pathsBehind(words, flags);
  const calls = flags.calls ?? 'now';
  if (calls !== 'now' && calls !== 'wait')
    throw usageError(`--calls: unknown value "${calls}"; choose from now, wait`);
  const agreed = await agreedLoop(given, flags);
  const { paths, settings } = agreed;
  const once = flags.once === true || flags.dryRun === true;
  const { signal, end } = interruption();
  const control = new LoopControl();
  const page = await openPage(paths, flags, control);
  const { print, close } = await printer(paths, flags, once, control, end);
  const record = once ? undefined : new WatchRecord(paths);
  const tell = (event: LoopEvent): void => {
    print(event);
    page?.hear(event);
    record?.hear(event);
    if (event.event === 'ready' && page?.address !== undefined)
      print({ event: 'page', address: page.address });
  };
  try {
    const options: LoopOptions = {
      ...agreed,
      settings: flags.calls === undefined ? settings : { ...settings, calls },
      once,
      clean: flags.clean === true,
      keepBroken: flags.keepBroken === true,
      poll: flags.poll === true,
      dryRun: flags.dryRun === true,
      test: flags.test === true,
      control,
    };
    const status = await runLoop(options, tell, signal);
    return signal.aborted && signal.reason !== QUIT ? EXIT.interrupted : status;
  } finally {
    close();
    record?.close();
    const report = await page?.close();
    if (report !== undefined) print({ event: 'reported', file: report });
  }
}

/** Where events go; on a terminal, keys are read too. `close` gives the terminal back. */
async function printer(
  paths: readonly string[],
  flags: WatchFlags,
  once: boolean,
  control: LoopControl,
  end: (reason?: 'quit') => void,
): Promise<{ print: (event: LoopEvent) => void; close: () => void }> {
  const [{ loopPrinter }, output, { Bell }] = await Promise.all([
    import('../cli/loop-printer.ts'),
    import('../terminal/output.ts'),
    import('../terminal/bell.ts'),
  ]);
  const bell = flags.bell === true && process.stderr.isTTY ? new Bell() : undefined;
  const keys = flags.json !== true && !once && output.isTerminal();
  const { print, view } = await loopPrinter(paths, {
    json: flags.json === true,
    once,
    keys,
    dryRun: flags.dryRun === true,
  });
  const tell = (event: LoopEvent): void => {
    print(event);
    // not in what may be piped on
    if (bell?.hear(event) === true) output.ringBell();
    if (flags.dryRun === true && event.event === 'plan' && view !== undefined)
      output.print([...(event.actions.length > 0 ? ['It would:'] : []), ...view.plan()]);
  };
  return {
    print: tell,
    close: keys && view !== undefined ? await keyboard(view, control, end) : () => undefined,
  };
}

async function keyboard(
  view: LoopView,
  control: LoopControl,
  end: (reason?: 'quit') => void,
): Promise<() => void> {
  const [{ KEYS, keyHelp, listenForKeys }, { clearScreen, print }] = await Promise.all([
    import('../terminal/keys.ts'),
    import('../terminal/output.ts'),
  ]);
  return listenForKeys(process.stdin, KEYS, (action) => {
    view.asked();
    switch (action) {
      case 'quit':
        return end(action);
      case 'interrupt':
        return end();
      case 'plan':
        return print(view.plan());
      case 'state':
        return print(view.states());
      case 'warnings':
        return print(view.warnings());
      case 'next':
        return print(view.showNext());
      case 'clear':
        return clearScreen();
      case 'help':
        return print(keyHelp());
      default:
        return control.send(action);
    }
  });
}
