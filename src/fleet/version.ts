/** A version of a plugin in the repository of a fleet: built, published, and what is expected of it written down. */

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkOut } from '../git/checkout.ts';
import { gitIn } from '../git/call.ts';
import { hashFile } from '../git/large-files.ts';
import { findRepository } from '../git/repository.ts';
import { tagsOf } from '../git/tags.ts';
import { changesNotCommitted } from '../git/state.ts';
import type { Finding } from '../findings/finding.ts';
import { discoverPlugins, readPlugin } from '../kinds/discover.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { buildPackage } from '../package/build.ts';
import { EXIT, UserError, usageError } from '../support/errors.ts';
import { typedPath } from '../support/quote.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { debianPackageName } from '../wazo/names.ts';
import { expectedOf } from './expected.ts';
import { isFleetFolder, publish } from './folder.ts';

/** A plugin in one version, as a person names it: `acme/hello=0.2.0`. */
export interface Wanted {
  readonly id: string;
  readonly version: string;
  readonly package: string;
}

/** @throws UserError `usage` */
export function readWanted(text: string): Wanted {
  const [, namespace, name, version] = /^([a-z0-9]+)\/([a-z0-9-]+)=(\S+)$/.exec(text) ?? [];
  if (namespace === undefined || name === undefined || version === undefined)
    throw usageError(`${text} is not NAMESPACE/NAME=VERSION`, 'Like this: acme/hello=0.2.0');
  return { id: `${namespace}/${name}`, version, package: debianPackageName(namespace, name) };
}

/**
 * The folder of a fleet: the one that is named, else the current one, else `fleet` in it.
 * @throws UserError `usage` where it is not one
 */
export function fleetFolder(named?: string): string {
  const dirs = named === undefined ? ['.', 'fleet'] : [named];
  const found = dirs.find(isFleetFolder);
  if (found !== undefined) return found;
  const what = named === undefined ? 'neither . nor ./fleet is' : `${named} is not`;
  throw usageError(
    `${what} a fleet folder`,
    'Name it with --dir DIR, or make one: wdev fleet init --inventory FILE',
  );
}

/** Whether the repository has another version of the plugin: then roll-outs went before, and published what they replaced. */
export function hasWayBack(dir: string, wanted: Wanted): boolean {
  return otherVersions(dir, wanted).length > 0;
}

/** Versions of the plugin in the repository, without the one that is wanted. */
export function otherVersions(dir: string, { package: name, version }: Wanted): readonly string[] {
  const versions = poolOf(dir).flatMap((file) => {
    const [, own, found] = /^([^_]+)_([^_]+)_all\.deb$/.exec(path.basename(file)) ?? [];
    return own === name && found !== undefined && found !== version ? [found] : [];
  });
  return [...new Set(versions)];
}

/** Whether the package lies in the pool of the repository. */
export function isPublished(dir: string, wanted: Wanted): boolean {
  return debOf(dir, wanted) !== undefined && existsSync(expectedFile(dir, wanted));
}

function poolOf(dir: string): readonly string[] {
  const pool = path.join(dir, 'apt/public/pool');
  if (!existsSync(pool)) return [];
  return readdirSync(pool, { recursive: true, encoding: 'utf8' }).map((name) => path.join(pool, name));
}

/** The package of a version in the pool of the repository. */
export function debOf(dir: string, { package: name, version }: Wanted): string | undefined {
  const file = `${name}_${version.replace(/^\d+:/, '')}_all.deb`;
  return poolOf(dir).find((one) => path.basename(one) === file);
}

function expectedFile(dir: string, { package: name, version }: Wanted): string {
  return path.join(dir, 'expected', `${name}_${version}.json`);
}

/** Where a version came from: it was published before, the tag of that name, or the folder as it is. */
export type Origin = 'repository' | 'tag' | 'folder';

/**
 * Makes sure that the repository of a fleet has a version, with what is expected of it: by the tag of that name, else by
 * the folder where the plugin has that version.
 * @param source a folder with the plugin
 * @param isDry only finds out where it would come from
 * @throws UserError `no-such-version`, `build-failed` with findings told by `onFindings`, `version-differs`, `publish-failed`
 */
export async function provide(
  dir: string,
  wanted: Wanted,
  source: string,
  isDry: boolean,
  onFindings: (plugin: Plugin, findings: readonly Finding[]) => Promise<void>,
): Promise<Origin> {
  if (isPublished(dir, wanted)) return 'repository';
  const folder = temporaryFolder('fleet');
  try {
    const { plugin, from } = await sourceOf(wanted, source, path.join(folder, 'commit'));
    if (isDry) return from;
    const result = await buildPackage(plugin, path.join(folder, 'out'));
    if (!result.ok) {
      await onFindings(plugin, result.findings);
      throw new UserError('build-failed', `${wanted.id} ${wanted.version} gives no package`, {
        help: 'No server was touched. wdev build says the same.',
      });
    }
    const { deb } = result.built;
    const { hash } = hashFile(deb);
    const known = debOf(dir, wanted);
    if (known !== undefined && hashFile(known).hash !== hash)
      throw new UserError(
        'version-differs',
        `${wanted.id} ${wanted.version} is published with another content`,
        {
          help: 'A version never changes: raise it (wdev release patch), and roll that out.',
        },
      );
    if (known === undefined) await publish(dir, [deb]);
    const expected = expectedOf(result.built, hash);
    writeFileSync(expectedFile(dir, wanted), `${JSON.stringify(expected, null, 2)}\n`);
    return from;
  } finally {
    removeFolder(folder);
  }
}

async function sourceOf(
  { id, version }: Wanted,
  source: string,
  folder: string,
): Promise<{ readonly plugin: Plugin; readonly from: Origin }> {
  const own = discoverPlugins([source]).find((one) => one.id === id);
  if (own === undefined)
    throw new UserError(
      'no-such-version',
      `${id} ${version} is not in the repository of the fleet, and ${id} is not below ${source}`,
      {
        exit: EXIT.usage,
        help: 'Name the folder of the plugin: --from DIR',
      },
    );
  const repository = findRepository(own.dir);
  const tag =
    repository === undefined
      ? undefined
      : await gitIn(repository.root, ['rev-parse', '--verify', '--quiet', `refs/tags/${version}^{commit}`]);
  if (repository !== undefined && tag?.status === 0) {
    await checkOut(repository, tag.stdout.trim(), folder);
    const plugin = readPlugin(path.join(folder, path.relative(repository.root, own.dir)));
    if (plugin?.id === id && plugin.version === version) return { plugin, from: 'tag' };
    throw new UserError(
      'no-such-version',
      `tag ${version} contains ${[plugin?.id ?? 'no plugin', plugin?.version ?? ''].join(' ').trim()}`,
    );
  }
  const changed = repository === undefined ? [] : await changesNotCommitted(repository.root);
  const tags = repository === undefined ? [] : await tagsOf(repository);
  const meant = tags.length === 0 ? '' : `Its last tags: ${tags.slice(-5).join(', ')}.\n`;
  if (own.version !== version || changed.length > 0)
    throw new UserError(
      'no-such-version',
      own.version === version
        ? `${id} ${version} has no tag, and there are uncommitted changes: ${changed.slice(0, 3).join(', ')}`
        : `${id} has no tag ${version} (the version in ${own.dir} is ${own.version ?? 'not set'})`,
      {
        exit: EXIT.usage,
        help: `${meant}To release it: wdev release ${version} --dir ${typedPath(own.dir)}`,
      },
    );
  return { plugin: own, from: 'folder' };
}
