import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

let root: string | undefined;

/** The folder of this package (where package.json lies), from `src/` as well as from `dist/src/`. */
export function packageRoot(): string {
  if (root !== undefined) return root;
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('package.json of generator-wazo-plugin was not found');
    folder = parent;
  }
  root = folder;
  return root;
}

let version: string | undefined;

/** The version in this package's package.json. */
export function packageVersion(): string {
  if (version !== undefined) return version;
  const text = readFileSync(path.join(packageRoot(), 'package.json'), 'utf8');
  ({ version } = JSON.parse(text) as { version: string });
  return version;
}

/** Folder for what the person decided: `$XDG_CONFIG_HOME/wdev`. */
export function configFolder(): string {
  const given = process.env['XDG_CONFIG_HOME'] ?? '';
  // a relative one is to be ignored (XDG Base Directory Specification)
  return path.join(path.isAbsolute(given) ? given : path.join(homedir(), '.config'), 'wdev');
}

/** Folder for what can be made again (stack roots, fetched templates): `$XDG_CACHE_HOME/wdev`. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] || path.join(process.env['HOME'] || '/tmp', '.cache');
  return path.join(base, 'wdev');
}

/** Folder for what outlives a run and cannot be made again (what `wdev undo` needs): `$XDG_STATE_HOME/wdev`. */
export function stateFolder(): string {
  const given = process.env['XDG_STATE_HOME'] ?? '';
  // a relative one is invalid (XDG base directory specification)
  const base = path.isAbsolute(given) ? given : path.join(homedir(), '.local/state');
  return path.join(base, 'wdev');
}
