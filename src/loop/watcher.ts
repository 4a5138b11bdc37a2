import { watch, type FSWatcher } from 'chokidar';
import path from 'node:path';
import { messageOf } from '../support/errors.ts';
import { patternToRegExp } from '../plan/custom-rows.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { isPassing } from '../stage/listing.ts';

export interface WatcherOptions {
  readonly poll: boolean;
  /** Patterns of files that are passed over although git does not ignore them. */
  readonly ignore: readonly string[];
  /** `file` is relative to the plugin's folder. */
  readonly onChange: (plugin: Plugin, file: string) => void;
  readonly onProblem: (reason: string) => void;
}

/** Milliseconds. */
const POLL_INTERVAL = 300;

/** What the system says when it has no more watches, or no more watchers, and what raises the limit. */
const LIMITS: Readonly<Record<string, string>> = {
  ENOSPC: 'fs.inotify.max_user_watches=524288',
  EMFILE: 'fs.inotify.max_user_instances=1024',
};

/**
 * Watches the plugins' folders. When the system's limit of watches is reached it says so and polls instead,
 * so that no change is silently missed. Answers once every folder is watched.
 */
export async function watchPlugins(
  plugins: readonly Plugin[],
  options: WatcherOptions,
): Promise<() => Promise<void>> {
  const state = { watcher: open(plugins, options, options.poll) };
  const limit = new AbortController();
  const poll = async (): Promise<void> => {
    options.onProblem(
      `the system's limit of file watches is reached, so files are polled (raise it: sysctl ${String(limit.signal.reason)})`,
    );
    await state.watcher.close();
    state.watcher = open(plugins, options, true);
    await ready(state.watcher);
  };
  state.watcher.on('error', (error) => {
    const setting = LIMITS[(error as NodeJS.ErrnoException).code ?? ''];
    if (setting === undefined || options.poll) options.onProblem(messageOf(error));
    else limit.abort(setting);
  });
  await ready(state.watcher, limit.signal);
  if (limit.signal.aborted) await poll();
  else limit.signal.addEventListener('abort', () => void poll());
  return async () => await state.watcher.close();
}

function open(plugins: readonly Plugin[], options: WatcherOptions, usePolling: boolean): FSWatcher {
  const owners = [...plugins].sort((a, b) => b.dir.length - a.dir.length);
  const ownerOf = (full: string): Plugin | undefined =>
    owners.find(({ dir }) => full === dir || full.startsWith(`${dir}${path.sep}`));
  const relative = (full: string): string => path.relative(ownerOf(full)?.dir ?? '', full);
  const ignored = options.ignore.map(patternToRegExp);
  const watcher = watch(
    plugins.map(({ dir }) => dir),
    {
      ignoreInitial: true,
      followSymlinks: false,
      usePolling,
      interval: POLL_INTERVAL,
      atomic: false,
      ignored: (full) =>
        ownerOf(full) !== undefined &&
        (isPassing(relative(full)) || ignored.some((pattern) => pattern.test(relative(full)))),
    },
  );
  watcher.on('all', (event, full) => {
    const plugin = ownerOf(full);
    if (plugin !== undefined && event !== 'addDir') options.onChange(plugin, relative(full));
  });
  return watcher;
}

/** Waits until every folder is watched, or until `limit` says that it can't be. */
async function ready(watcher: FSWatcher, limit?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    watcher.once('ready', () => resolve());
    limit?.addEventListener('abort', () => resolve(), { once: true });
  });
}
