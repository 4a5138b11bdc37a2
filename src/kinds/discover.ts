import { readFileSync, readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { UserError, messageOf } from '../support/errors.ts';
import { readManifest } from '../readers/yaml/manifest.ts';
import type { Plugin } from './plugin.ts';
import { readCallLoggerManifest } from './call-logger-manifest.ts';
import { statOf } from '../support/stat.ts';

/** Folders that never hold a plugin's sources. */
const PRUNED = new Set(['node_modules', '__pycache__', '_pkg', 'build', 'dist', 'venv', 'tests']);

/** Levels of folders below a given path that are searched for plugins. */
const DEPTH = 4;

/**
 * Finds the plugins at or below the given folders. `searched` takes the folders that are none, but may come to hold
 * some.
 * @throws UserError `no-such-folder` when a path is not a folder
 */
export function discoverPlugins(paths: readonly string[], searched: string[] = []): readonly Plugin[] {
  const found = new Map<string, Plugin>();
  for (const given of paths) {
    const dir = path.resolve(given);
    if (!isFolder(dir)) {
      throw new UserError('no-such-folder', `${given} is not a folder`, {
        help: 'Name the folder of a plugin, or one that holds plugins.',
        exit: 2,
      });
    }
    search(dir, DEPTH, found, searched);
  }
  return [...found.values()].sort((a, b) => (a.dir < b.dir ? -1 : 1));
}

function search(dir: string, depth: number, found: Map<string, Plugin>, searched: string[]): void {
  const plugin = readPlugin(dir);
  if (plugin !== undefined) {
    found.set(dir, plugin);
    return;
  }
  searched.push(dir);
  if (depth === 0) return;
  for (const entry of listFolder(dir)) {
    if (!entry.isDirectory() || entry.name.startsWith('.') || PRUNED.has(entry.name)) continue;
    search(path.join(dir, entry.name), depth - 1, found, searched);
  }
}

/** The plugin whose source folder is `dir`, if it is one. */
export function readPlugin(dir: string): Plugin | undefined {
  const names = new Set(listFolder(dir).map((entry) => entry.name));
  if (names.has('wazo') && (exists(dir, 'wazo/plugin.yml') || exists(dir, 'wazo/rules')))
    return readStack(dir);
  if (names.has('package.yml') && names.has('Makefile')) return readLegacy(dir);
  const manifest = readCallLoggerManifest(dir, names);
  if (manifest !== undefined) {
    const { name, version } = manifest;
    return { kind: 'call-logger', dir, id: name, name, namespace: '', version, callLogger: manifest };
  }
  return readConfgend(dir, names);
}

function readStack(dir: string): Plugin {
  const fields = fieldsOf(dir, 'wazo/plugin.yml');
  const name = fields.get('name') ?? path.basename(dir);
  const namespace = fields.get('namespace') ?? '';
  const id = namespace === '' ? name : `${namespace}/${name}`;
  return { kind: 'stack', dir, id, name, namespace, version: fields.get('version') ?? '' };
}

function readLegacy(dir: string): Plugin {
  const fields = fieldsOf(dir, 'package.yml');
  const name = fields.get('name') ?? path.basename(dir);
  return { kind: 'legacy', dir, id: name, name, namespace: '', version: fields.get('version') ?? '' };
}

function readConfgend(dir: string, names: ReadonlySet<string>): Plugin | undefined {
  const packaging = ['setup.py', 'setup.cfg', 'pyproject.toml'].filter((name) => names.has(name));
  const text = packaging.map((name) => readText(dir, name)).join('\n');
  if (!/\b(?:wazo|xivo)_confgend\.\w+\.\S/.test(text)) return undefined;
  const name = /^\s*name\s*=\s*["']?([^"'\n,]+)/m.exec(text)?.[1]?.trim() ?? path.basename(dir);
  return { kind: 'confgend', dir, id: name, name, namespace: '', version: '' };
}

function fieldsOf(dir: string, file: string): ReadonlyMap<string, string> {
  if (!exists(dir, file)) return new Map();
  return readManifest(readText(dir, file)).fields;
}

function readText(dir: string, file: string): string {
  try {
    return readFileSync(path.join(dir, file), 'utf8');
  } catch (error) {
    throw new UserError('file-unreadable', `${path.join(dir, file)} cannot be read: ${messageOf(error)}`);
  }
}

function listFolder(dir: string): readonly Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}

function exists(dir: string, file: string): boolean {
  return statOf(path.join(dir, file)) !== undefined;
}

function isFolder(dir: string): boolean {
  return statOf(dir)?.isDirectory() === true;
}
