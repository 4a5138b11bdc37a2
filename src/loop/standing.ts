import type { Plugin } from '../kinds/plugin.ts';
import type { InstalledFile, StagedTree } from '../stage/tree.ts';
import { readPackage, sourceOfByteCode } from '../targets/packages.ts';
import type { Session } from '../targets/session.ts';
import { readFiles } from '../targets/target-files.ts';
import { debianPackageName } from '../wazo/names.ts';

/**
 * Files of a plugin on a target that wdev did not bring there itself, or not all of it: files that are as they are
 * staged, and so need not be put; and files that go, of what wdev brought before and of what the plugin's Debian package
 * brought, as an upgrade by wazo-plugind would remove them.
 */
export async function standingFiles(
  session: Session,
  plugin: Plugin,
  tree: StagedTree,
): Promise<ReadonlyMap<string, InstalledFile>> {
  const { target, installed, hasPackages } = session;
  const name = plugin.namespace === '' ? undefined : debianPackageName(plugin.namespace, plugin.name);
  const packaged = hasPackages && name !== undefined ? await readPackage(target, name) : undefined;
  const own = installed.get(plugin.id)?.files ?? new Map<string, InstalledFile>();
  const coming = [...tree.values()].filter(({ partOf }) => partOf === undefined);
  const going = [...own.keys(), ...(packaged?.files ?? [])].filter((path) => !tree.has(path));
  const files = await readFiles(target, [...coming.map(({ path }) => path), ...going]);
  const standing = new Map<string, InstalledFile>();
  for (const { path, hash, mode } of coming) {
    const now = files.get(path);
    if (now?.hash === hash && now.mode === mode) standing.set(path, { hash, mode });
  }
  for (const path of going) {
    const [now, put] = [files.get(path), own.get(path)];
    if (put !== undefined) standing.set(path, put);
    // byte-code goes with its source
    else if (now !== undefined && now.hash !== 'folder' && sourceOfByteCode(path) === undefined)
      standing.set(path, now);
  }
  return standing;
}
