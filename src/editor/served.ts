import { watch, type FSWatcher } from 'node:fs';
import type { Finding } from '../findings/finding.ts';
import { runningWatches, watchesFolder, type ServedPlugin } from '../live/beside.ts';
import { statOf } from '../support/stat.ts';
import { makeFolders } from '../support/make-folders.ts';

/** The state of a plugin on the targets of running watches, for the lenses of an editor. */

export interface Served {
  readonly target: string;
  readonly plugin: ServedPlugin;
}

/** Calls back when a watch has begun, ended, or has news. */
export function onWatches(changed: () => void): FSWatcher | undefined {
  try {
    makeFolders(watchesFolder(), 0o700);
    let timer: NodeJS.Timeout | undefined;
    return watch(watchesFolder(), { persistent: false }, () => {
      clearTimeout(timer);
      timer = setTimeout(changed, 20);
    });
  } catch {
    // where files cannot be watched, lenses are as new as their last request
    return undefined;
  }
}

/** The targets that serve the plugin of a folder. */
export function servedOf(dir: string): readonly Served[] {
  const here = statOf(dir);
  return runningWatches().flatMap(({ target, plugins }) =>
    plugins
      .filter((plugin) => {
        const there = statOf(plugin.dir);
        return there !== undefined && there.ino === here?.ino && there.dev === here.dev;
      })
      .map((plugin) => ({ target, plugin })),
  );
}

/**
 * A line about a file of the plugin.
 * @param saved when the file was saved last, in milliseconds since 1970; undefined when the editor's text is another
 */
export function servedTitle({ target, plugin }: Served, saved: number | undefined): string {
  const { id, live, trouble } = plugin;
  const serves =
    live === undefined
      ? `${target} serves no version of ${id} yet`
      : `${target} serves ${id} ${live.version}, verified ${clock(live.at)}`;
  if (trouble !== undefined) {
    const codes = [...new Set(trouble.findings.map(({ code }) => code))].join(', ');
    return `${serves}; the save of ${clock(trouble.at)} was refused: ${codes}`;
  }
  if (saved === undefined) return `${serves}; this text is not saved`;
  return live !== undefined && saved > live.at ? `${serves}; a later save is on its way` : serves;
}

/** A line about a context; undefined where nothing was read back of it. */
export function servedContext({ target, plugin }: Served, context: string): string | undefined {
  const text = plugin.loaded.find((one) => one.startsWith(`${context}: `));
  return text === undefined ? undefined : `${target} serves ${text}`;
}

/** The findings of a target about a file. */
export function servedFindings(served: readonly Served[], file: string): readonly Finding[] {
  return served.flatMap(({ plugin }) =>
    (plugin.trouble?.findings ?? []).filter((finding) => finding.file === file),
  );
}

function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
