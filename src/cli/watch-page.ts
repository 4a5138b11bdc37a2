import path from 'node:path';
import type { LoopControl } from '../loop/control.ts';
import type { LoopEvent } from '../loop/events.ts';
import { isFolder } from '../support/stat.ts';
import { usageError } from '../support/errors.ts';

export interface PageFlags {
  /** A port, or true for any that is free; a word that is no port is a path that follows the flag. */
  readonly ui?: string | true;
  readonly report?: string;
  readonly once?: true;
  readonly dryRun?: true;
}

export interface WatchPage {
  readonly hear: (event: LoopEvent) => void;
  /** Where the page is; undefined when only a report was asked for. */
  readonly address: string | undefined;
  /** Ends the page, and writes the report; the file that was written. */
  readonly close: () => Promise<string | undefined>;
}

/** The paths of a command line, with the one that stands right behind `--ui`. */
export function pathsBehind(given: readonly string[], { ui }: PageFlags): readonly string[] {
  return typeof ui === 'string' && portOf(ui) === undefined ? [ui, ...given] : given;
}

/**
 * Opens the page and begins the report of a watch; undefined when neither is asked for.
 * @throws UserError for a port that is taken, and for a report that has no folder
 */
export async function openPage(
  paths: readonly string[],
  flags: PageFlags,
  control: LoopControl,
): Promise<WatchPage | undefined> {
  const { ui, report } = flags;
  if (ui === undefined && report === undefined) return undefined;
  if (ui !== undefined && (flags.once === true || flags.dryRun === true))
    throw usageError('--ui shows a watch until it ends', 'Add --report FILE.html instead: it shows the end.');
  if (report !== undefined && !isFolder(path.dirname(path.resolve(report))))
    throw usageError(`--report ${report}: there is no such folder`);
  const [{ Feed }, { servePage }, { writeReport }] = await Promise.all([
    import('../live/feed.ts'),
    import('../live/server.ts'),
    import('../live/report.ts'),
  ]);
  const feed = new Feed(paths);
  const port = typeof ui === 'string' ? (portOf(ui) ?? 0) : 0;
  const server =
    ui === undefined ? undefined : await servePage(feed, port, (command) => control.send(command));
  return {
    hear: (event) => feed.hear(event),
    address: server?.address,
    close: async () => {
      if (report !== undefined) await writeReport(feed, report);
      server?.close();
      return report;
    },
  };
}

function portOf(text: string): number | undefined {
  const port = Number(text);
  if (!/^\d+$/.test(text)) return undefined;
  if (port > 65_535) throw usageError(`--ui=${text}: a port is a number up to 65535`);
  return port;
}
