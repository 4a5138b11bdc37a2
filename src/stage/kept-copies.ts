import path from 'node:path';
import { sizeOf } from '../git/content.ts';
import type { SourceListing } from '../git/sources.ts';
import { ownerOfPrograms } from '../sandbox/way.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import type { Identity } from '../sandbox/enclose.ts';
import { CleanCopy } from './clean-copy.ts';
import { ClearLater } from './clear-later.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** From so many files, or bytes, on a clean copy is kept; it is as quickly made anew below. */
const MUCH = { files: 200, bytes: 4 * 2 ** 20 } as const;

interface Kept {
  readonly folder: string;
  readonly copy: CleanCopy;
  readonly owner: Identity | undefined;
  isTaken: boolean;
}

/** Folder of a plugin → the clean copy of its sources, until this process ends. */
const kept = new Map<string, Kept>();

const clearing = new ClearLater();

/** As openWorkspace, for a plugin that will be staged again: of much, only what changed is copied the next time. */
export async function keptWorkspace(dir: string, sources: SourceListing): Promise<Workspace> {
  const owner = await ownerOfPrograms();
  const one = isMuch(sources) ? (kept.get(dir) ?? make(dir, owner)) : undefined;
  // a staging that was cut off may still be ending its programs
  if (one === undefined || one.isTaken) return await openWorkspace(sources);
  one.isTaken = true;
  const source = path.join(one.folder, 'source');
  const pkgdir = path.join(source, '_pkg');
  const remove = (): void => {
    one.isTaken = false;
    removeFolder(pkgdir);
  };
  try {
    await one.copy.lay(sources);
  } catch (error) {
    one.isTaken = false;
    throw error;
  }
  return { folder: one.folder, source, pkgdir, owner: one.owner, isKept: true, remove };
}

/** Undefined where there is no room for it. */
function make(dir: string, owner: Identity | undefined): Kept | undefined {
  const folder = temporaryFolder('copy');
  if (!clearing.take(folder)) {
    removeFolder(folder);
    return undefined;
  }
  const one = { folder, copy: new CleanCopy(path.join(folder, 'source'), owner), owner, isTaken: false };
  kept.set(dir, one);
  return one;
}

function isMuch(sources: SourceListing): boolean {
  if (sources.size > MUCH.files) return true;
  let bytes = 0;
  for (const source of sources.values()) bytes += sizeOf(source);
  return bytes > MUCH.bytes;
}
