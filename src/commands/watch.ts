import type { Command } from 'commander';
import { EXIT } from '../support/errors.ts';
import type { LoopEvent } from '../loop/events.ts';
import type { LoopOptions } from '../loop/loop.ts';

interface WatchFlags {
  target: string;
  once?: true;
  clean?: true;
  keepBroken?: true;
  poll?: true;
  json?: true;
}

export function configure(command: Command): void {
  command
    .argument('[path...]', 'folders of plugins, or folders that hold some (default: this folder)')
    .option('--target <target>', 'where plugins run: embedded, stack[:NAME], local, ssh://…', 'embedded')
    .option('--once', 'bring them to the target once, and end')
    .option('--clean', 'at the end, give the target back as it was')
    .option('--keep-broken', 'leave what failed verification on the target')
    .option('--poll', 'look at files at intervals (network file systems)')
    .option('--json', 'events, one JSON object a line')
    .action(async (paths: string[], flags: WatchFlags) => {
      process.exitCode = await watch(paths.length > 0 ? paths : ['.'], flags);
    });
}

async function watch(paths: readonly string[], flags: WatchFlags): Promise<number> {
  const [{ runLoop }, print] = await Promise.all([import('../loop/loop.ts'), printer(paths, flags)]);
  const options: LoopOptions = {
    paths,
    target: flags.target,
    once: flags.once === true,
    clean: flags.clean === true,
    keepBroken: flags.keepBroken === true,
    poll: flags.poll === true,
  };
  const stop = new AbortController();
  const interrupt = (): void => {
    // the second Ctrl-C does not wait for the batch in hand; the journal on the target covers it
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  const status = await runLoop(options, print, stop.signal);
  return stop.signal.aborted ? EXIT.interrupted : status;
}

/** Where events go: JSON lines for programs, sentences for people. */
async function printer(paths: readonly string[], flags: WatchFlags): Promise<(event: LoopEvent) => void> {
  const started = performance.now();
  if (flags.json === true) {
    return (event) => {
      const t = Math.round(performance.now() - started);
      process.stdout.write(`${JSON.stringify({ ...event, t })}\n`);
    };
  }
  const [{ LoopView }, { lineReader }, { discoverPlugins }] = await Promise.all([
    import('../terminal/loop-view.ts'),
    import('../terminal/source-lines.ts'),
    import('../plugin/discover.ts'),
  ]);
  const folders = new Map(discoverPlugins(paths).map(({ id, dir }) => [id, dir]));
  const view = new LoopView({
    readLine: (plugin) => lineReader(folders.get(plugin) ?? '.'),
    clock: () => new Date().toTimeString().slice(0, 8),
    once: flags.once === true,
  });
  return (event) =>
    process.stdout.write(
      view
        .lines(event)
        .map((line) => `${line}\n`)
        .join(''),
    );
}
