import { watch, type FSWatcher } from 'chokidar';
import { readdirSync, type Dirent } from 'node:fs';
import { lstat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { messageOf } from '../support/errors.ts';
import { patternToRegExp } from '../settings/reload-rows.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { isPassing } from '../git/sources.ts';
import { lstatOf } from '../support/stat.ts';

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

/** A file's time may be that of the clock's last tick. Milliseconds. */
const CLOCK = 10;

/** Looks at a file until those that were asked for before are done: twice as many as there are threads. */
const TURNS = 8;

/** When a new folder is looked into again, in milliseconds. */
const LOOK_AGAIN = [50, 250, 1000];

/** The system's errors when it has no more watches, or no more watchers, and the setting that raises the limit. */
const LIMITS: Readonly<Record<string, string>> = {
  ENOSPC: 'fs.inotify.max_user_watches=524288',
  EMFILE: 'fs.inotify.max_user_instances=1024',
};

export interface Watching {
  /** Watches one more plugin, or one whose folder is there again. */
  add(plugin: Plugin): void;
  close(): Promise<void>;
}

/**
 * Watches the plugins' folders. When the system's limit of watches is reached it says so and polls instead,
 * so that no change is silently missed. Answers once every folder is watched.
 */
export async function watchPlugins(plugins: readonly Plugin[], options: WatcherOptions): Promise<Watching> {
  const owners = new Map(plugins.map((plugin) => [plugin.dir, plugin]));
  const limit = new AbortController();
  const start = (folders: Owners, usePolling: boolean): FSWatcher => {
    const watcher = open(folders, options, usePolling);
    watcher.on('error', (error) => {
      const setting = LIMITS[(error as NodeJS.ErrnoException).code ?? ''];
      if (setting === undefined || usePolling) options.onProblem(messageOf(error));
      else limit.abort(setting);
    });
    return watcher;
  };
  const state = { watcher: start(owners, options.poll) };
  /** Folder → its own watcher, which says when it sees everything. */
  const added = new Map<string, FSWatcher>();
  const closeAll = async (): Promise<void> => {
    const watchers = [state.watcher, ...added.values()];
    added.clear();
    await Promise.all(watchers.map(async (watcher) => await watcher.close()));
  };
  const poll = async (): Promise<void> => {
    options.onProblem(
      `the system's limit of file watches is reached, so files are polled (raise it: sysctl ${String(limit.signal.reason)})`,
    );
    await closeAll();
    state.watcher = start(owners, true);
    await ready(state.watcher);
  };
  /** Nobody saw the changes before its folder was watched. */
  const catchUp = async (plugin: Plugin, watcher: FSWatcher, since: number): Promise<void> => {
    await ready(watcher);
    const isIgnored = ignoring(owners, options);
    const missed = filesSince(plugin.dir, since).filter((full) => !isIgnored(full));
    for (const full of missed) options.onChange(plugin, path.relative(plugin.dir, full));
  };
  await ready(state.watcher, limit.signal);
  if (limit.signal.aborted) await poll();
  else limit.signal.addEventListener('abort', () => void poll());
  return {
    add(plugin) {
      const since = Date.now() - CLOCK;
      owners.set(plugin.dir, plugin);
      state.watcher.unwatch(plugin.dir);
      void added.get(plugin.dir)?.close();
      const watcher = start(new Map([[plugin.dir, plugin]]), options.poll || limit.signal.aborted);
      added.set(plugin.dir, watcher);
      void catchUp(plugin, watcher, since);
    },
    close: closeAll,
  };
}

/** Files below a folder that changed at a time or later. */
function filesSince(dir: string, time: number): readonly string[] {
  return entriesBelow(dir)
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((full) => (lstatOf(full)?.ctimeMs ?? 0) >= time);
}

/** Folder → its plugin. */
type Owners = ReadonlyMap<string, Plugin>;

/** Tells paths that are no change of a plugin: editors' own files, and those that wdev.yml ignores. */
function ignoring(owners: Owners, options: WatcherOptions): (full: string) => boolean {
  // as in .gitignore, a name without a folder is meant in every folder
  const ignored = options.ignore.map((pattern) =>
    patternToRegExp(pattern.includes('/') ? pattern : `**/${pattern}`),
  );
  return (full) => {
    const plugin = ownerOf(owners, full);
    if (plugin === undefined) return false;
    const file = path.relative(plugin.dir, full);
    return isPassing(file) || ignored.some((pattern) => pattern.test(file));
  };
}

function open(owners: Owners, options: WatcherOptions, usePolling: boolean): FSWatcher {
  const isIgnored = ignoring(owners, options);
  const changed = (full: string): void => {
    const plugin = ownerOf(owners, full);
    if (plugin !== undefined) options.onChange(plugin, path.relative(plugin.dir, full));
  };
  // Linux tells of a folder which of its files changed, so files need no watches of their own: tens of
  // thousands of them take seconds to set, and the system's limit
  const byFolder = !usePolling && process.platform === 'linux';
  const watcher = watch([...owners.keys()], {
    ignoreInitial: true,
    followSymlinks: false,
    usePolling,
    interval: POLL_INTERVAL,
    atomic: false,
    ignored: (full, stats) => (byFolder && stats?.isDirectory() === false) || isIgnored(full),
  });
  // what comes into a new folder before it is watched would be missed
  const follow = (folder: string): void => {
    lookInto(folder);
    for (const ms of LOOK_AGAIN) setTimeout(() => lookInto(folder), ms).unref();
  };
  const lookInto = (folder: string): void => {
    const watched = watcher.closed ? {} : watcher.getWatched();
    for (const entry of entriesBelow(folder)) {
      const full = path.join(entry.parentPath, entry.name);
      if (watcher.closed || isIgnored(full)) continue;
      const isFile = !entry.isDirectory();
      if (isFile) changed(full);
      const isKnown = isFile ? watched[entry.parentPath]?.includes(entry.name) : watched[full] !== undefined;
      if (isKnown !== true && !(isFile && byFolder)) watcher.add(full);
    }
  };
  watcher.on('all', (event, full) => {
    if (event !== 'addDir') changed(full);
    else follow(full);
  });
  if (byFolder) {
    watcher.on('raw', (_event, name: string | null, details) => {
      const { watchedPath } = details as { readonly watchedPath: string };
      const full = name === null ? watchedPath : path.join(watchedPath, name);
      if (!isIgnored(full) && !isFolder(full)) changed(full);
    });
  }
  return watcher;
}

/** The plugin whose folder, or the nearest folder above, holds a path. */
function ownerOf(owners: Owners, full: string): Plugin | undefined {
  for (let at = full; ; at = path.dirname(at)) {
    const plugin = owners.get(at);
    if (plugin !== undefined || at === path.dirname(at)) return plugin;
  }
}

function entriesBelow(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch {
    // gone again
    return [];
  }
}

function isFolder(full: string): boolean {
  return lstatOf(full)?.isDirectory() === true;
}

/** Waits until every folder is watched, or until `limit` says that it can't be. */
async function ready(watcher: FSWatcher, limit?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    watcher.once('ready', () => resolve());
    limit?.addEventListener('abort', () => resolve(), { once: true });
  });
  // a file that is polled has still to be looked at for the first time, by threads that take what comes in order
  if (watcher.options.usePolling) for (let turn = 0; turn < TURNS; turn += 1) await lstat(os.tmpdir());
}
