import { expandBraces, globMatcher, hasWildcard } from '../../support/glob.ts';

/** Where the reader gets text from; all paths are absolute installed paths, e.g. `/etc/asterisk/extensions.conf`. */
export interface ConfigSource {
  /** The bytes of a regular file; undefined when there is none. */
  read(path: string): Uint8Array | undefined;
  /** Existing paths that match, in the byte order of their names; without a wildcard, the path itself if it exists. */
  glob(pattern: string): readonly string[];
}

/** A source that lives in memory; a folder of it is what its files' paths say. */
export function memorySource(files: ReadonlyMap<string, string | Uint8Array>): ConfigSource {
  const encoder = new TextEncoder();
  const names = [...files.keys()];
  const entries = new Set(names.flatMap((name) => [name, ...foldersOf(name)]));
  const below = new Map<string, string[]>();
  for (const entry of [...entries].sort(byBytes)) {
    const folder = folderOf(entry);
    const others = below.get(folder);
    if (others === undefined) below.set(folder, [entry]);
    else others.push(entry);
  }
  // most patterns name their folder
  const candidates = (pattern: string): readonly string[] => {
    const folder = folderOf(pattern);
    return hasWildcard(folder) ? [...below.values()].flat().sort(byBytes) : (below.get(folder) ?? []);
  };
  return {
    read(path) {
      const content = files.get(normalizePath(path));
      return typeof content === 'string' ? encoder.encode(content) : content;
    },
    glob(pattern) {
      const found = new Set<string>();
      for (const one of expandBraces(normalizePath(pattern))) {
        if (/[*?[\\]/.test(one)) for (const name of candidates(one).filter(globMatcher(one))) found.add(name);
        else if (entries.has(one)) found.add(one);
      }
      return [...found];
    },
  };
}

/** `/etc/asterisk/../x//y` → `/etc/x/y`. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The order of names in Asterisk's globs: by bytes, as in the C locale that its service runs in. */
export function byBytes(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    folders.push(path.slice(0, end));
  }
  return folders;
}

/** Asterisk keeps the folder as it was written, `..` and all, unless the folder has a wildcard. */
export function writtenName(pattern: string, file: string): string {
  const folder = pattern.slice(0, pattern.lastIndexOf('/') + 1);
  if (folder === pattern) return pattern;
  return hasWildcard(folder) ? file : folder + file.slice(file.lastIndexOf('/') + 1);
}

/** `"x"` and `<x>`, only when both ends are there and alike. */
export function unquote(text: string): string {
  const pair = text.length > 1 ? text.charAt(0) + text.charAt(text.length - 1) : '';
  return pair === '""' || pair === '<>' ? text.slice(1, -1) : text;
}
