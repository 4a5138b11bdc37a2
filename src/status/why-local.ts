import { existsSync } from 'node:fs';
import path from 'node:path';
import { refuseHalfDone } from '../edits/half-done.ts';
import { usageError } from '../support/errors.ts';
import type { Finding } from '../findings/finding.ts';
import { discoverPlugins, readPlugin } from '../kinds/discover.ts';
import { severalPlugins } from '../kinds/several-plugins.ts';
import { readManifest, type ManifestFields } from '../readers/yaml/manifest.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { isPassing, listSources, type SourceListing } from '../git/sources.ts';
import { stagePlugin, type StageResult } from '../stage/stage.ts';
import { entriesOf } from '../support/entries.ts';
import { statOf } from '../support/stat.ts';
import { readText } from '../support/read-file.ts';

/** The subject of the question, and its files on the author's machine. */
export interface LocalFacts {
  /** The plugin's source folder. */
  readonly dir: string;
  readonly plugin: Plugin | undefined;
  /** The one source file that is asked about, relative to `dir`; undefined for all of it. */
  readonly file: string | undefined;
  /** Whether that file is there. */
  readonly fileExists: boolean;
  /** `wazo/plugin.yml` of a stack plugin. */
  readonly manifest: ManifestFields | undefined;
  /** Files that are there and belong into a package, as far as their place tells. */
  readonly onDisk: readonly string[];
  readonly handedOut: SourceListing;
  readonly stage: StageResult | undefined;
}

/** Where a package's files lie in the sources, by the habits of public plugins. */
const PACKAGED = /^(?:etc|usr|var|lib|srv|opt|wazo)\//;

/** Folders that builds leave in a source folder. */
const BUILT = /(?:^|\/)(?:_pkg|build|dist|[^/]+\.egg-info|venv|site-packages|\.[^/]+)(?:\/|$)|\.py[co]$/;

/** Whether a source lies in a tree that packages take whole. */
export function isPackaged(file: string): boolean {
  return PACKAGED.test(file) && !BUILT.test(file);
}

/**
 * Reads what the author's machine knows: the sources, what git hands out, and the stage.
 * @throws UserError `usage` when there is no plugin at, around or below the path, or several, `half-done`
 */
export async function readLocalFacts(given: string): Promise<LocalFacts> {
  const { dir, file } = locate(path.resolve(given), given);
  refuseHalfDone(dir);
  const plugin = readPlugin(dir);
  const handedOut = await listSources(dir);
  const folders = new Set([...handedOut.keys()].map((name) => path.posix.dirname(name)));
  const manifest = existsSync(path.join(dir, 'wazo/plugin.yml'))
    ? readManifest(readText(path.join(dir, 'wazo/plugin.yml')))
    : undefined;
  return {
    dir,
    plugin,
    file,
    fileExists: file === undefined || existsSync(path.join(dir, file)),
    manifest,
    onDisk: [...walk(dir, '')].filter((name) => belongs(name, plugin, folders)),
    handedOut,
    stage: plugin === undefined ? undefined : await stagePlugin(plugin, { listed: handedOut }),
  };
}

/** The plugin's folder is the path itself, the nearest one around it, or the only one below; what remains is the file. */
function locate(full: string, given: string): { dir: string; file: string | undefined } {
  for (let dir = full; ; dir = path.dirname(dir)) {
    if (isFolder(dir) && readPlugin(dir) !== undefined) {
      const file = path.relative(dir, full);
      return { dir, file: file === '' || isFolder(full) ? undefined : file };
    }
    if (dir === path.dirname(dir)) break;
  }
  const below = isFolder(full) ? discoverPlugins([full]) : [];
  const [only, another] = below;
  if (another !== undefined) throw severalPlugins(given, below);
  if (only !== undefined) return { dir: only.dir, file: undefined };
  throw usageError(
    `${given} is not inside a plugin${isFolder(full) ? ', and has none in it' : ''}`,
    'Name the folder of one plugin, or one of its files: wdev why hello',
  );
}

function isFolder(dir: string): boolean {
  return statOf(dir)?.isDirectory() === true;
}

function* walk(dir: string, below: string): Generator<string> {
  for (const { name: own, is } of entriesOf(path.join(dir, below))) {
    const name = below === '' ? own : `${below}/${own}`;
    if (isPassing(name) || BUILT.test(name)) continue;
    if (is.isDirectory()) yield* walk(dir, name);
    else yield name;
  }
}

/** Python files count where git hands out others of their folder. */
function belongs(name: string, plugin: Plugin | undefined, folders: ReadonlySet<string>): boolean {
  if (isPackaged(name) || /^(?:setup\.(?:py|cfg)|pyproject\.toml|MANIFEST\.in)$/.test(name)) return true;
  const { callLogger } = plugin ?? {};
  if (callLogger !== undefined && [callLogger.module, callLogger.settings].includes(name)) return true;
  return name.endsWith('.py') && folders.has(path.posix.dirname(name));
}

/** The first thing that kept a plugin from being staged. */
export function stageProblem({ stage }: LocalFacts): Finding | undefined {
  return stage === undefined || stage.ok ? undefined : stage.findings[0];
}
