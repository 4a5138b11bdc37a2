import { lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { expandBraces, globMatcher, hasWildcard } from '../../support/glob.ts';
import { type ConfigSource, byBytes, normalizePath } from './source.ts';
import { readBytes } from '../../support/read-file.ts';

/**
 * Files below `root`, which stands for `/` of a machine: `/etc/asterisk/x` is read from `root/etc/asterisk/x`.
 * `root` is also what links begin at, and what they cannot leave.
 */
export function folderSource(root: string): ConfigSource {
  const top = realpathSync.native(root);
  const locate = (installed: string): string | undefined => {
    try {
      return resolveBelow(top, normalizePath(installed));
    } catch {
      return undefined;
    }
  };
  return {
    read(installed) {
      const file = locate(installed);
      try {
        return file !== undefined && statSync(file).isFile() ? readBytes(file) : undefined;
      } catch {
        return undefined;
      }
    },
    glob(pattern) {
      const found = new Set<string>();
      for (const one of expandBraces(normalizePath(pattern))) {
        for (const name of walk(one.split('/').slice(1), '', locate)) found.add(name);
      }
      return [...found];
    },
  };
}

/** How many links the system follows before it takes them for a circle. */
const MOST_LINKS = 40;

/** The place that a path leads to in a machine whose `/` is `top`; undefined when there is nothing. */
function resolveBelow(top: string, installed: string): string | undefined {
  let at: readonly string[] = [];
  let rest = partsOf(installed);
  for (let links = 0; links <= MOST_LINKS;) {
    const [part, ...more] = rest;
    if (part === undefined) return path.join(top, ...at);
    rest = more;
    if (part === '..') {
      at = at.slice(0, -1);
      continue;
    }
    const full = path.join(top, ...at, part);
    const stat = lstatSync(full, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    if (!stat.isSymbolicLink()) {
      at = [...at, part];
      continue;
    }
    links += 1;
    const text = readlinkSync(full);
    if (text.startsWith('/')) at = [];
    rest = [...partsOf(text), ...rest];
  }
  return undefined;
}

function partsOf(name: string): readonly string[] {
  return name.split('/').filter((part) => part !== '' && part !== '.');
}

function walk(
  segments: readonly string[],
  folder: string,
  locate: (path: string) => string | undefined,
): string[] {
  const at = segments.findIndex(hasWildcard);
  const plain = [folder, ...segments.slice(0, at < 0 ? segments.length : at)].join('/');
  const found = locate(plain === '' ? '/' : plain);
  if (found === undefined) return [];
  const segment = segments[at];
  if (segment === undefined) return [plain];
  return namesIn(found)
    .filter(globMatcher(segment))
    .sort(byBytes)
    .flatMap((name) => walk(segments.slice(at + 1), `${plain}/${name}`, locate));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
