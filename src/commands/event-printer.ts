import type { LoopEvent } from '../loop/events.ts';

export interface PrinterOptions {
  readonly json: boolean;
  /** Whether the loop ends after the first batch. */
  readonly once: boolean;
}

/** Where events of the loop go: JSON lines for programs, sentences for people. */
export async function eventPrinter(
  paths: readonly string[],
  options: PrinterOptions,
): Promise<(event: LoopEvent) => void> {
  const started = performance.now();
  if (options.json) {
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
    once: options.once,
    keys: false,
  });
  return (event) =>
    process.stdout.write(
      view
        .lines(event)
        .map((line) => `${line}\n`)
        .join(''),
    );
}
