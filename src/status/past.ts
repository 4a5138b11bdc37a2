import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import type { Change } from '../effects/change.ts';
import type { StagedFile } from '../stage/tree.ts';
import { sourceOfByteCode, type DebianPackage, type Owner } from '../targets/packages.ts';
import { verifyPackages, type PackageChange } from '../targets/past.ts';
import type { InstalledPlugin, Session } from '../targets/session.ts';
import { readFiles } from '../targets/target-files.ts';
import { debianPackageName } from '../wazo/names.ts';

/** Paths that wdev touched and that are a file of no plugin now. */
export function unownedPaths({ touched, installed }: Session): readonly string[] {
  const owned = new Set([...installed.values()].flatMap(({ files }) => [...files.keys()]));
  return [...touched].filter((one) => !owned.has(one));
}

/** Files that stay of plugins that were removed, since somebody edited them on the target. */
export async function editedLeft(session: Session): Promise<readonly string[]> {
  const paths = unownedPaths(session).filter(
    (one) => !session.past.has(one) && sourceOfByteCode(one) === undefined,
  );
  if (paths.length === 0) return [];
  const files = await readFiles(session.target, paths);
  return paths.filter((one) => files.has(one) && files.get(one)?.hash !== 'folder');
}

/**
 * Paths that wdev touched for a plugin, and that are none of its files now: those of versions before, and byte-code that
 * its Debian package installed.
 * @param unowned `unownedPaths` of the session, for one who asks for many plugins
 */
export function besidesOf(
  session: Session,
  { id, files }: InstalledPlugin,
  unowned: readonly string[] = unownedPaths(session),
): readonly string[] {
  const { past, installed } = session;
  const isAlone = [...installed.keys()].every((other) => other === id);
  const name = packageOf(id);
  return unowned.filter((one) => {
    if (files.has(one)) return false;
    return isAlone || past.get(one)?.name === name || files.has(sourceOfByteCode(one) ?? '');
  });
}

/** The Debian package that wazo-plugind makes of a plugin. */
function packageOf(id: string): string {
  return debianPackageName(path.posix.dirname(id), path.posix.basename(id));
}

/**
 * The Debian packages that restoring these paths is about: those that installed their originals, those that were changed
 * meanwhile, and those of the plugins themselves.
 */
export function concernedPackages(
  { past }: Session,
  plugins: readonly string[],
  paths: readonly string[],
  changes: readonly PackageChange[],
): readonly string[] {
  const own = plugins.map(packageOf);
  const names = paths.flatMap((one) => past.get(one)?.name ?? []);
  return [...new Set([...own, ...names, ...changes.map(({ name }) => name)])].sort();
}

/** A Debian package that has files where a plugin has some. */
export interface PackageBelow extends DebianPackage {
  /** How many of the paths it installed, and how many of those wdev replaced or removed. */
  readonly files: number;
  readonly replaced: number;
  /** Whether wazo-plugind made it of the plugin itself. */
  readonly own: boolean;
}

/** The packages that installed files at a plugin's paths, the plugin's own first. */
export function packagesBelow(
  id: string,
  paths: readonly string[],
  owners: ReadonlyMap<string, Owner>,
  touched: ReadonlySet<string>,
): readonly PackageBelow[] {
  const found = new Map<string, PackageBelow>();
  for (const one of paths) {
    const owner = owners.get(one);
    if (owner === undefined) continue;
    const { name, version } = owner;
    const known = found.get(name) ?? { name, version, files: 0, replaced: 0, own: name === packageOf(id) };
    found.set(name, {
      ...known,
      files: known.files + 1,
      replaced: known.replaced + (touched.has(one) ? 1 : 0),
    });
  }
  return [...found.values()].sort((a, b) => Number(b.own) - Number(a.own) || (a.name < b.name ? -1 : 1));
}

/** Told of the packages whose files a batch replaced or removed first. */
export function packageFindings(
  { plugin, tree, difference }: Change,
  origins: ReadonlyMap<string, Owner>,
): readonly Finding[] {
  const paths = [...difference.put.map(({ path: one }) => one), ...difference.removed].filter(
    (one) => !isFolderOf(tree.get(one)),
  );
  const below = packagesBelow(plugin.id, paths, origins, new Set(paths));
  return below.map(({ name, version, files, own }) => {
    const first = paths.find((one) => origins.get(one)?.name === name) ?? '';
    const what = files === 1 ? first : `${first} and ${files - 1} more`;
    const source = tree.get(first)?.source;
    const place = source === undefined ? {} : { file: source };
    return own
      ? {
          code: 'package-replaced',
          level: 'info',
          message: `${plugin.id} is already installed on the target as Debian package ${name} ${version}; wdev ${difference.removed.includes(first) ? 'removed' : 'replaced'} its ${what}`,
        }
      : {
          code: 'file-of-package',
          level: 'warning',
          message: `${what} ${files === 1 ? 'belongs' : 'belong'} to Debian package ${name} ${version}: wdev replaced ${files === 1 ? 'it' : 'them'} on the target (undo: wdev restore), but dpkg refuses to, so wazo-plugind cannot install the plugin`,
          ...place,
        };
  });
}

function isFolderOf(file: StagedFile | undefined): boolean {
  return file?.folder === true;
}

/** Told of a package that was changed while wdev had its own files there. */
export function packageChanged({ name, was, now, paths }: PackageChange): Finding {
  const what =
    now === undefined
      ? `${name} ${was} was removed from the target after wdev replaced its files, so wdev restore does not bring them back`
      : was === undefined || was === now
        ? `${name} ${now} was installed on the target after wdev wrote its files: wdev restore brings back the files of that version`
        : `${name} changed on the target from version ${was} to ${now}: wdev restore brings back the files of version ${now}`;
  return {
    code: 'package-changed',
    level: 'info',
    message: `${what} (${paths.length} ${paths.length === 1 ? 'file' : 'files'})`,
  };
}

/** No apt source has what wazo-plugind built. */
function reinstallHelp(names: readonly string[]): string {
  const isBuilt = names.some((name) => name.startsWith('wazo-plugind-'));
  const how = isBuilt ? 'wdev deploy --reinstall' : `apt-get install --reinstall ${names.join(' ')}`;
  return `See dpkg --verify ${names.join(' ')} on the target, and reinstall: ${how}`;
}

/**
 * The answer of `dpkg --verify` about packages whose files were restored. `paths` are those that wdev wrote: there
 * it is a fault; elsewhere only worth knowing.
 */
export async function unlikePackages(
  session: Session,
  names: readonly string[],
  paths: readonly string[],
  asBefore: ReadonlySet<string> = new Set(),
): Promise<readonly Finding[]> {
  const own = new Set(paths);
  const unlike = await verifyPackages(session, names);
  return unlike.map(({ path: file, isMissing }) => ({
    code: 'package-unlike',
    level: own.has(file) && !asBefore.has(file) ? 'error' : 'warning',
    message: `${file} ${isMissing ? 'is missing on the target' : 'differs from its Debian package'}${asBefore.has(file) ? ', as it did before wdev' : ''}`,
    help: reinstallHelp(names),
  }));
}
