import path from 'node:path';
import { messageOf } from '../support/errors.ts';
import { deepMatcher } from '../support/glob.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { isPassing } from '../git/sources.ts';
import { FolderPolls } from './folder-polls.ts';
import { FolderWatches } from './folder-watches.ts';
import { TreeWatches } from './tree-watches.ts';

export interface WatcherOptions {
  readonly poll: boolean;
  /** The system whose events they come by; that of this machine by default. */
  readonly platform?: NodeJS.Platform;
  /** Patterns of files that are passed over although git does not ignore them. */
  readonly ignore: readonly string[];
  /** Whether git tracks a file, or one in a folder, although it has the name of one that passes; no by default. */
  readonly isKept?: (plugin: Plugin, file: string) => boolean;
  /** `file` is relative to the plugin's folder. */
  readonly onChange: (plugin: Plugin, file: string) => void;
  readonly onProblem: (reason: string) => void;
}

/** The system's errors when it has no more watches, or no more watchers, and the setting that raises the limit. */
const LIMITS: Readonly<Record<string, string>> = {
  ENOSPC: 'fs.inotify.max_user_watches=524288',
  EMFILE: 'fs.inotify.max_user_instances=1024',
};

export interface Watching {
  /** Watches one more plugin, or one whose folder is there again, or of which more is kept now. */
  add(plugin: Plugin): void;
  close(): void;
}

/**
 * Watches the plugins' folders. When the system's limit of watches is reached it says so and polls instead, so that
 * no change is silently missed.
 */
export function watchPlugins(plugins: readonly Plugin[], options: WatcherOptions): Watching {
  const owners = new Map(plugins.map((plugin) => [plugin.dir, plugin]));
  const isIgnored = ignoring(owners, options);
  const onChange = (full: string): void => {
    const plugin = ownerOf(owners, full);
    if (plugin !== undefined) options.onChange(plugin, path.relative(plugin.dir, full));
  };
  const polls = (): FolderPolls => new FolderPolls({ isIgnored, onChange });
  const Watches = (options.platform ?? process.platform) === 'linux' ? FolderWatches : TreeWatches;
  let isPolled = options.poll;
  let watching = isPolled ? polls() : new Watches({ isIgnored, onChange, onError });
  const lookAtAll = (): void => {
    for (const dir of owners.keys()) watching.look(dir, false);
  };
  function onError(error: NodeJS.ErrnoException): void {
    const setting = LIMITS[error.code ?? ''];
    if (setting === undefined) return options.onProblem(messageOf(error));
    if (isPolled) return;
    isPolled = true;
    options.onProblem(
      `the system's limit of file watches is reached, so files are polled (raise it: sysctl ${setting})`,
    );
    watching.close();
    watching = polls();
    lookAtAll();
  }
  lookAtAll();
  return {
    add(plugin) {
      owners.set(plugin.dir, plugin);
      watching.look(plugin.dir, false);
    },
    close: () => watching.close(),
  };
}

/** Folder → its plugin. */
type Owners = ReadonlyMap<string, Plugin>;

/** Tells paths that are no change of a plugin: editors' own files, and those that wdev.yml ignores. */
function ignoring(owners: Owners, options: WatcherOptions): (full: string) => boolean {
  // as in .gitignore, a name without a folder is meant in every folder
  const ignored = options.ignore.map((pattern) =>
    deepMatcher(pattern.includes('/') ? pattern : `**/${pattern}`),
  );
  return (full) => {
    const plugin = ownerOf(owners, full);
    if (plugin === undefined) return false;
    const file = path.relative(plugin.dir, full);
    const passes = isPassing(file) && options.isKept?.(plugin, file) !== true;
    return passes || ignored.some((matches) => matches(file));
  };
}

/** The plugin whose folder, or the nearest folder above, holds a path. */
function ownerOf(owners: Owners, full: string): Plugin | undefined {
  for (let at = full; ; at = path.dirname(at)) {
    const plugin = owners.get(at);
    if (plugin !== undefined || at === path.dirname(at)) return plugin;
  }
}
