import type { Plan } from '../effects/change.ts';
import { foldersAbove } from './file-script.ts';
import { readOwners, sourceOfByteCode, type Owner } from './packages.ts';
import type { Session } from './session.ts';
import { debianPackageName } from '../wazo/names.ts';

/** The Debian packages of files that wdev changes for the first time. */
export interface Origins {
  readonly of: ReadonlyMap<string, Owner>;
  /** Byte-code that came with them, and that goes when they change. */
  readonly byteCode: readonly string[];
}

/** Asks for them. */
export async function readOrigins(session: Session, { changes }: Plan): Promise<Origins> {
  if (!session.hasPackages) return { of: new Map(), byteCode: [] };
  const paths = changes.flatMap(({ difference: { put, removed } }) => [
    ...put.map(({ path }) => path),
    ...removed,
  ]);
  const fresh = new Set(paths.filter((path) => !session.touched.has(path)));
  if (fresh.size === 0) return { of: new Map(), byteCode: [] };
  const folders = [...fresh].flatMap(foldersAbove);
  const found = await readOwners(session.target, fresh, new Set(folders));
  const byteCode = found.byteCode.filter(
    (path) => !fresh.has(path) && fresh.has(sourceOfByteCode(path) ?? ''),
  );
  const { of: ofByteCode } = await readOwners(session.target, byteCode);
  // a folder of one package alone goes with it, once it is empty
  return { of: new Map([...found.of, ...ofByteCode].filter(([path]) => !found.shared.has(path))), byteCode };
}

/** wazo-provd reads every folder there, and ends at its start when one has no plugin in it. */
const READ_AT_START = /^\/var\/lib\/wazo-provd\/plugins\/[^/]+/;

/** Folders in which a batch leaves nothing of its plugins: those of the plugins alone, and others. */
export function emptiedFolders(
  { past }: Session,
  changes: Plan['changes'],
  of: ReadonlyMap<string, Owner>,
): { readonly own: readonly string[]; readonly others: readonly string[] } {
  const folders = new Map<string, boolean>();
  for (const { plugin, tree, difference } of changes) {
    if (difference.removed.length === 0) continue;
    const held = new Set([...tree.keys()].flatMap((path) => [path, ...foldersAbove(path)]));
    const name = debianPackageName(plugin.namespace, plugin.name);
    for (const folder of difference.removed.flatMap(foldersAbove)) {
      // a folder of the system's has no more than two names
      if (held.has(folder) || folder.split('/').length < 4) continue;
      const owner = of.get(folder) ?? past.get(folder);
      folders.set(folder, owner?.name === name || READ_AT_START.test(folder));
    }
  }
  const having = (isOwn: boolean): readonly string[] =>
    [...folders].flatMap(([folder, own]) => (own === isOwn ? [folder] : []));
  return { own: having(true), others: having(false) };
}
