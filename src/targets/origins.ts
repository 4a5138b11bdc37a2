import type { Plan } from '../effects/change.ts';
import { foldersAbove } from './file-script.ts';
import { readOwners, sourceOfByteCode, type Owner } from './packages.ts';
import type { Session } from './session.ts';

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
  const found = await readOwners(session.target, [...fresh, ...new Set(folders)]);
  const byteCode = found.byteCode.filter(
    (path) => !fresh.has(path) && fresh.has(sourceOfByteCode(path) ?? ''),
  );
  const { of: ofByteCode } = await readOwners(session.target, byteCode);
  // a folder of one package alone goes with it, once it is empty
  return { of: new Map([...found.of, ...ofByteCode].filter(([path]) => !found.shared.has(path))), byteCode };
}
