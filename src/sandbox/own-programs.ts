import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../support/paths.ts';
import type { Identity, Shown } from './enclose.ts';

/**
 * Folders of `src` with programs of ours that run code of plugins, as a sandbox shows them. For somebody else than us,
 * as copies: a package that root installed may be for root alone.
 * @param folder where the copies go
 */
export function ownPrograms(
  names: readonly string[],
  folder: string,
  owner: Identity | undefined,
): readonly (string | Shown)[] {
  const src = path.join(packageRoot(), 'src');
  return names.map((name, at) => {
    const [from, to] = [path.join(folder, `programs-${at}`), path.join(src, name)];
    if (owner === undefined) return to;
    copyForAll(to, from);
    return { from, to };
  });
}

function copyForAll(from: string, to: string): void {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) copyForAll(source, copy);
    else if (entry.isFile()) {
      copyFileSync(source, copy);
      chmodSync(copy, 0o644);
    }
  }
}
