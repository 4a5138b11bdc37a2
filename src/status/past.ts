import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import { sourceOfByteCode } from '../targets/packages.ts';
import { verifyPackages, type PackageChange } from '../targets/past.ts';
import type { InstalledPlugin, Session } from '../targets/session.ts';
import { debianPackageName } from '../wazo/names.ts';

/**
 * Paths that wdev touched for a plugin, and that are none of its files now: those of versions before, and byte-code that
 * its Debian package brought.
 */
export function besidesOf(
  { touched, past, installed }: Session,
  { id, files }: InstalledPlugin,
): readonly string[] {
  const others = [...installed.values()].filter((plugin) => plugin.id !== id);
  const name = packageOf(id);
  return [...touched].filter((one) => {
    if (files.has(one) || others.some((plugin) => plugin.files.has(one))) return false;
    return others.length === 0 || past.get(one)?.name === name || files.has(sourceOfByteCode(one) ?? '');
  });
}

/** The Debian package that wazo-plugind makes of a plugin. */
function packageOf(id: string): string {
  return debianPackageName(path.posix.dirname(id), path.posix.basename(id));
}

/**
 * The Debian packages that giving these paths back is about: those that brought their originals, those that were changed
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

/** Told of a package that was changed while wdev had its own files there. */
export function packageChanged({ name, was, now, paths }: PackageChange): Finding {
  const what =
    now === undefined
      ? `${name} ${was} was removed from the target since wdev put files over its own, so these do not come back`
      : was === undefined || was === now
        ? `${name} ${now} was installed on the target since wdev put its files there: what it brought is what wdev gives back`
        : `${name} ${was} became ${now} on the target since wdev put files over its own: ${now} is what wdev gives back`;
  return {
    code: 'package-changed',
    level: 'info',
    message: `${what} (${paths.length} ${paths.length === 1 ? 'file' : 'files'}).`,
  };
}

/**
 * What `dpkg --verify` says of packages whose files were given back. `paths` are those that wdev had its hands on: there
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
    message: `${file} ${isMissing ? 'is missing' : 'is not as its Debian package brought it'}${asBefore.has(file) ? ', as before wdev' : ''}.`,
    help: `On the target: dpkg --verify ${names.join(' ')}; installing that version again brings its files back.`,
  }));
}
