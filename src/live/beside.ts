import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import { foldersByName } from '../kinds/discover.ts';
import { mergedLoaded } from './loaded.ts';
import type { LoopEvent } from '../loop/events.ts';
import { cacheFolder } from '../support/paths.ts';
import { isAlive, markOf, type ProcessMark } from '../support/process.ts';
import { readText } from '../support/read-file.ts';
import {
  isListOf,
  isNumber,
  isOneOf,
  isPlaceNumber,
  isRecord,
  isText,
  parsedJson,
  type Shape,
} from '../support/shape.ts';
import { makeFolders } from '../support/make-folders.ts';

/** The state of a watch, for other programs of the same person: an editor shows it beside the text. */

export interface ServedPlugin {
  readonly id: string;
  /** Its folder. */
  readonly dir: string;
  /** The version that the target serves, and when it was verified, in milliseconds since 1970. */
  readonly live?: { readonly version: string; readonly at: number };
  /** As `verified` tells it: `CONTEXT: EXTENSIONS`, services, generated files. */
  readonly loaded: readonly string[];
  /** The findings of the save that failed last, unless one was verified since. */
  readonly trouble?: { readonly at: number; readonly findings: readonly Finding[] };
}

export interface WatchState extends ProcessMark {
  readonly target: string;
  readonly plugins: readonly ServedPlugin[];
}

/** The folder where each watch has a file as long as it runs. */
export function watchesFolder(): string {
  return path.join(cacheFolder(), 'watches');
}

interface Live {
  readonly version: string;
  readonly at: number;
  readonly batch: number;
}

interface Known {
  live: Live | undefined;
  before: Live | undefined;
  loaded: readonly string[];
  trouble: ServedPlugin['trouble'] | undefined;
}

/** Milliseconds after which an event is written down, with those that came meanwhile. */
const SOON = 200;

/** Writes down what the events of a watch say of its plugins. A watch works without it, too. */
export class WatchRecord {
  readonly #paths: readonly string[];
  #folders: ReadonlyMap<string, string> = new Map();
  readonly #file = path.join(watchesFolder(), `${process.pid}.json`);
  readonly #plugins = new Map<string, Known>();
  #target = '';
  #timer: NodeJS.Timeout | undefined;

  /** @param paths where plugins are looked for, as the loop does */
  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  hear(event: LoopEvent): void {
    switch (event.event) {
      case 'ready':
        this.#target = event.target;
        for (const id of event.plugins) this.#plugin(id);
        break;
      case 'plugins':
        for (const id of event.added) this.#plugin(id);
        break;
      case 'verified': {
        const { id, plugin, version, loaded } = event;
        const known = this.#plugin(plugin);
        known.before = known.live;
        known.live = version === undefined ? undefined : { version, at: Date.now(), batch: id };
        known.trouble = undefined;
        known.loaded = mergedLoaded(known.loaded, loaded);
        break;
      }
      case 'failed': {
        const known = this.#plugin(event.plugin);
        // it was verified, and failed after all
        if (known.live?.batch === event.id) known.live = known.before;
        known.trouble = { at: Date.now(), findings: event.findings };
        break;
      }
      default:
        return;
    }
    // many plugins are told of at once, and each write looks for all of them
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, SOON).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
    rmSync(this.#file, { force: true });
  }

  #plugin(id: string): Known {
    const known = this.#plugins.get(id) ?? {
      live: undefined,
      before: undefined,
      loaded: [],
      trouble: undefined,
    };
    this.#plugins.set(id, known);
    return known;
  }

  #write(): void {
    try {
      this.#folders = foldersByName(this.#paths, this.#folders);
      const plugins = [...this.#folders].flatMap(([id, dir]): readonly ServedPlugin[] => {
        const known = this.#plugins.get(id);
        if (known === undefined) return [];
        const { live, loaded, trouble } = known;
        return [
          {
            id,
            dir: path.resolve(dir),
            ...(live === undefined ? {} : { live: { version: live.version, at: live.at } }),
            loaded,
            ...(trouble === undefined ? {} : { trouble }),
          },
        ];
      });
      const state: WatchState = { ...markOf(process.pid), target: this.#target, plugins };
      makeFolders(path.dirname(this.#file), 0o700);
      writeFileSync(`${this.#file}.new`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${this.#file}.new`, this.#file);
    } catch {
      // the next event tries again
    }
  }
}

/** The watches that run now. Files of those that were killed go. */
export function runningWatches(): readonly WatchState[] {
  return filesIn(watchesFolder()).flatMap((file) => {
    const state = readState(file);
    if (state !== undefined && isAlive(state.pid, state.start)) return [state];
    if (file.endsWith('.json')) rmSync(file, { force: true });
    return [];
  });
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

const isFinding = isRecord(
  { code: isText, level: isOneOf('error', 'warning', 'info'), message: isText },
  { file: isText, line: isPlaceNumber, column: isPlaceNumber, help: isText },
);

const isWatchState = isRecord({
  pid: isNumber,
  start: isText,
  target: isText,
  plugins: isListOf(
    isRecord(
      { id: isText, dir: isText, loaded: isListOf(isText) },
      {
        live: isRecord({ version: isText, at: isNumber }),
        trouble: isRecord({ at: isNumber, findings: isListOf(isFinding) }),
      },
    ),
  ),
}) as unknown as Shape<WatchState>;

function readState(file: string): WatchState | undefined {
  try {
    const value = parsedJson(readText(file));
    return isWatchState(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
