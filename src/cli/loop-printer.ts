import type { LoopEvent, PlanPart } from '../loop/events.ts';
import type { LoopView } from '../terminal/loop-view.ts';
import { eventPrinter, print as printLines } from '../terminal/output.ts';
import { doing } from '../support/doing.ts';

export interface PrinterOptions {
  readonly json: boolean;
  /** Whether the loop ends after the first batch. */
  readonly once: boolean;
  /** Whether single keys are read; false by default. */
  readonly keys?: boolean;
  /** Whether it only shows what a batch would do; false by default. */
  readonly dryRun?: boolean;
}

export interface LoopPrinter {
  readonly print: (event: LoopEvent) => void;
  /** The view for people; undefined for JSON. */
  readonly view: LoopView | undefined;
}

/** Where events of the loop go: JSON lines for programs, sentences for people. */
export async function loopPrinter(paths: readonly string[], options: PrinterOptions): Promise<LoopPrinter> {
  if (options.json) return { print: eventPrinter(), view: undefined };
  const [{ LoopView }, { lineReader }, { foldersByName }] = await Promise.all([
    import('../terminal/loop-view.ts'),
    import('../terminal/source-lines.ts'),
    import('../kinds/discover.ts'),
  ]);
  // a path may be gone by now, and the loop reports one that never was
  let folders = foldersByName(paths);
  const view = new LoopView({
    readLine: (plugin) => lineReader(folders.get(plugin) ?? '.'),
    clock: () => new Date().toTimeString().slice(0, 8),
    once: options.once,
    keys: options.keys === true,
    dryRun: options.dryRun === true,
  });
  const print = (event: LoopEvent): void => {
    tellOn(event);
    if (event.event === 'plugins' && event.added.length > 0) folders = foldersByName(paths, folders);
    printLines(view.lines(event));
  };
  return { print, view };
}

/** Tells what the loop does between a save and its answer; nothing where it waits for a save. */
export function tellOn(event: LoopEvent): void {
  switch (event.event) {
    case 'ready':
      return doing(`looking at target ${event.target}`);
    case 'batch':
      return doing(`staging ${event.plugin}`);
    case 'plan':
      return doing(applying(event.parts));
    case 'verified':
      // the seconds of another work
      doing('');
      return doing('checking that restarted services stay up');
    case 'held':
    case 'settled':
    case 'failed':
    case 'stopped':
      return doing('');
  }
}

/** The work of a batch as a line that fits: files by their number, effects by name. */
export function applying(parts: readonly PlanPart[]): string {
  const files = parts.reduce((sum, part) => sum + part.files, 0);
  const effects = new Set(parts.flatMap(({ actions }) => actions));
  const words = [...(files === 0 ? [] : [files === 1 ? '1 file' : `${files} files`]), ...effects];
  return words.length === 0 ? 'verifying' : `applying ${words.join(', ')}`;
}
