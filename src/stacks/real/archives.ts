/** The packages that apt fetched for roots and layers: kept, so that none is fetched twice, nor after a Ctrl-C. */

import { existsSync, linkSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { rootsFolder } from './root-folder.ts';
import { makeFolders } from '../../support/make-folders.ts';

/**
 * A folder for one apt, which locks it: with all packages that were fetched before, and those of one for the same
 * purpose that was interrupted.
 */
export function openArchives(purpose: string): string {
  const all = allArchives();
  const own = path.join(all, purpose);
  makeFolders(path.join(own, 'partial'));
  for (const name of packagesIn(all)) linkOnce(path.join(all, name), path.join(own, name));
  return own;
}

/** Hands on what was fetched to those that come later, and removes the folder. */
export function closeArchives(purpose: string): void {
  const all = allArchives();
  const own = path.join(all, purpose);
  for (const name of packagesIn(own)) linkOnce(path.join(own, name), path.join(all, name));
  rmSync(own, { recursive: true, force: true });
}

function allArchives(): string {
  return path.join(rootsFolder(), 'archives');
}

function packagesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.deb')) : [];
}

function linkOnce(from: string, to: string): void {
  if (existsSync(to)) return;
  try {
    linkSync(from, to);
  } catch {
    // another wdev was faster, or removed it: then apt fetches it
  }
}
