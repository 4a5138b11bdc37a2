import path from 'node:path';
import { parseEntryPoints } from '../readers/entry-points.ts';
import type { EntryPoint } from '../wazo/entry-point.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { sectionText, splitSections } from '../effects/sections.ts';
import { manifestPath, peekSession, type InstalledPlugin, type Session } from '../targets/session.ts';
import { readOwners, readPackage, type DebianPackage, type Owner } from '../targets/packages.ts';
import { debianPackageName } from '../wazo/names.ts';
import { besidesOf, editedLeft, packagesBelow, unownedPaths, type PackageBelow } from './past.ts';
import type { Target } from '../targets/target.ts';
import {
  contextNames,
  contextStates,
  expectedFiles,
  readShows,
  type ContextState,
} from './dialplan-shown.ts';
import { strangerWith } from '../effects/needed.ts';
import { needsOf, type Needs } from './needs.ts';
import { isOlder, isRecordOnly, readServices, type ServiceState } from './service-state.ts';
import type { Lister } from '../git/sources.ts';
import { readSourceStates, type SourceState } from './source-state.ts';
import { fileState, readFiles, readTexts, type FileFacts, type FileState } from '../targets/target-files.ts';

/** A service that a plugin needs. */
export interface NeededService {
  readonly unit: string;
  readonly state: ServiceState['state'];
  /** ISO 8601; absent when it is not known or the service does not run. */
  readonly since?: string;
  /** It runs, but began before its files came: it serves what is not there any more. */
  readonly stale: boolean;
  /** The target's clock was set since it began, and which came first cannot be told. */
  readonly clockWasSet?: true;
  /** Only its restarts are recorded: no service runs behind it. */
  readonly standIn?: true;
}

export interface InstalledStatus {
  readonly id: string;
  readonly version: string;
  /** ISO 8601, by the target's clock. */
  readonly installedAt: string;
  readonly files: readonly { readonly path: string; readonly state: FileState }[];
  readonly contexts: readonly {
    readonly name: string;
    readonly loaded: boolean;
    readonly extensions: readonly string[];
  }[];
  readonly services: readonly NeededService[];
  /** Debian packages that brought files at its paths; absent where there are none. */
  readonly packages?: readonly PackageBelow[];
  /** Undefined when no sources of it lie below the folder that was looked at. */
  readonly source?: SourceState;
}

export interface StatusReport {
  readonly target: string;
  /** The folder of this machine where an embedded stack keeps its files; its Asterisk is a stand-in. */
  readonly root?: string;
  /** Who holds the target's lock. */
  readonly watchedBy?: string;
  /** A batch was cut off; the next wdev that opens the target takes it back. */
  readonly interrupted: boolean;
  readonly asterisk: 'running' | 'stopped' | 'absent';
  readonly plugins: readonly InstalledStatus[];
  /** Files that stay of plugins that were uninstalled: somebody edited them on the target. */
  readonly left: readonly string[];
  /** Plugins below the folder that are not installed. */
  readonly notInstalled: readonly {
    readonly id: string;
    readonly dir: string;
    /** The Debian package as which wazo-plugind installed it. */
    readonly package?: DebianPackage;
  }[];
}

/**
 * Tells what wdev installed on a target, what of it is loaded, and what is stale against the sources.
 * @param list how the sources are listed; one git for all of them unless told
 */
export async function readStatus(
  target: Target,
  sources: readonly Plugin[],
  list?: Lister,
): Promise<StatusReport> {
  const session = await peekSession(target);
  const state = await readTargetState(session);
  // the target is busy with one while this machine is with the other
  const [plugins, sourceStates] = await Promise.all([
    readPlugins(session, state.times),
    readSourceStates(session, sources, list),
  ]);
  return {
    target: target.id,
    ...(target.root === '' ? {} : { root: target.root }),
    ...(state.watchedBy === undefined ? {} : { watchedBy: state.watchedBy }),
    interrupted: state.interrupted,
    asterisk: state.asterisk,
    plugins: plugins.map((plugin) => {
      const source = sourceStates.get(plugin.id);
      return source === undefined ? plugin : { ...plugin, source };
    }),
    left: await editedLeft(session),
    notInstalled: await readNotInstalled(session, sources),
  };
}

async function readNotInstalled(
  session: Session,
  sources: readonly Plugin[],
): Promise<StatusReport['notInstalled']> {
  const absent = sources.filter(({ id }) => !session.installed.has(id));
  if (!session.hasPackages) return absent.map(({ id, dir }) => ({ id, dir }));
  return await Promise.all(
    absent.map(async ({ id, dir, namespace, name }) => {
      const found = await readPackage(session.target, debianPackageName(namespace, name));
      return { id, dir, ...(found && { package: { name: found.name, version: found.version } }) };
    }),
  );
}

interface TargetState {
  readonly watchedBy: string | undefined;
  readonly interrupted: boolean;
  readonly asterisk: StatusReport['asterisk'];
  /** Plugin → when its manifest was written, in seconds. */
  readonly times: ReadonlyMap<string, number>;
}

async function readTargetState({ target, installed, facts }: Session): Promise<TargetState> {
  const script = [
    'wdev_section lock; wdev_holder',
    'wdev_section batch; [ ! -s "$S/batch/list" ] || echo yes',
    'wdev_section asterisk; wdev_console "core waitfullybooted"',
    'wdev_section times; stat -c "%Z %n" "$S"/plugins/*.json 2>/dev/null || :',
  ].join('; ');
  const { stdout } = await target.run(script);
  const sections = splitSections(stdout.toString('utf8'), target.mark);
  const times = new Map(
    sectionText(sections, 'times')
      .split('\n')
      .map((line) => [line.slice(line.lastIndexOf('/') + 1), Number.parseInt(line, 10)]),
  );
  const holder = sectionText(sections, 'lock').trim();
  const boots = /fully booted/.test(sectionText(sections, 'asterisk'));
  return {
    watchedBy: holder === '' ? undefined : holder,
    interrupted: holder === '' && sectionText(sections, 'batch').trim() === 'yes',
    asterisk: facts.hasAsterisk ? (boots ? 'running' : 'stopped') : 'absent',
    times: new Map(
      [...installed.keys()].map((id) => [id, times.get(path.posix.basename(manifestPath(id))) ?? 0]),
    ),
  };
}

interface Installed {
  readonly plugin: InstalledPlugin;
  readonly needs: Needs;
}

async function readPlugins(
  session: Session,
  times: ReadonlyMap<string, number>,
): Promise<readonly InstalledStatus[]> {
  const { target } = session;
  const all = [...session.installed.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const paths = [...new Set(all.flatMap(({ files }) => [...files.keys()]))];
  const [files, entryPoints] = await Promise.all([readFiles(target, paths), readEntryPoints(target, paths)]);
  const plugins = all.map((plugin) => withNeeds(plugin, entryPoints));
  const dialplan = expectedFiles(
    await readTexts(
      target,
      plugins.flatMap(({ needs }) => needs.dialplan),
    ),
  );
  const shows = await readShows(target, session.facts.hasAsterisk ? contextNames(dialplan) : []);
  const units = [...new Set(plugins.flatMap(({ needs }) => [...needs.units.keys()]))];
  const services = await readServices(target, units);
  const unowned = unownedPaths(session);
  const touched = [...new Set(all.flatMap((plugin) => besidesOf(session, plugin, unowned)))];
  const owners = session.hasPackages
    ? (await readOwners(target, [...paths, ...touched])).of
    : new Map<string, Owner>();
  return plugins.map(({ plugin, needs }) => {
    const packages = packagesBelow(
      plugin.id,
      [...plugin.files.keys(), ...besidesOf(session, plugin, unowned)],
      owners,
      session.touched,
    );
    const own = new Map([...dialplan].filter(([path]) => plugin.files.has(path)));
    return {
      id: plugin.id,
      version: plugin.version,
      installedAt: isoTime(times.get(plugin.id) ?? 0),
      files: [...plugin.files].map(([path, put]) => ({ path, state: fileState(put, files.get(path)) })),
      contexts: contextStates(own, shows).map(({ name, loaded, extensions }: ContextState) => ({
        name,
        loaded,
        extensions,
      })),
      services: [...needs.units].map(([unit, read]) => ({
        ...neededService(services.get(unit), unit, read, files),
        ...(isRecordOnly(target, unit) ? { standIn: true as const } : {}),
      })),
      ...(packages.length === 0 ? {} : { packages }),
    };
  });
}

/** The entry points of installed packages, by the path of their `entry_points.txt`. */
export async function readEntryPoints(
  target: Target,
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly EntryPoint[]>> {
  const texts = await readTexts(
    target,
    paths.filter((path) => path.endsWith('-info/entry_points.txt')),
  );
  return new Map([...texts].map(([path, text]) => [path, parseEntryPoints(text)]));
}

function withNeeds(
  plugin: InstalledPlugin,
  entryPoints: ReadonlyMap<string, readonly EntryPoint[]>,
): Installed {
  const paths = [...plugin.files.keys()];
  const own = paths.flatMap((path) => entryPoints.get(path) ?? []);
  return { plugin, needs: needsOf(paths, strangerWith(own)) };
}

function neededService(
  service: ServiceState | undefined,
  unit: string,
  read: readonly string[],
  files: ReadonlyMap<string, FileFacts>,
): NeededService {
  const state = service?.state ?? 'absent';
  if (service === undefined || state !== 'active') return { unit, state, stale: false };
  const older = read.map((path) => isOlder(service, files.get(path)?.changed ?? 0));
  const stale = older.includes(true);
  const { startedAt } = service;
  const clock = !stale && older.includes('unknown') ? { clockWasSet: true as const } : {};
  return { unit, state, ...(startedAt === 0 ? {} : { since: isoTime(startedAt) }), stale, ...clock };
}

function isoTime(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().replace(/\.\d+Z$/, 'Z');
}
