import { readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { expandBraces, globMatcher, hasWildcard } from './glob.ts';
import { type ConfigSource, byBytes, normalizePath } from './source.ts';
import { readBytes } from '../../support/read-file.ts';

/**
 * Files below `root`, which stands for `/` of a machine: `/etc/asterisk/x` is read from `root/etc/asterisk/x`.
 * A symbolic link that leads out of `root` leads to nothing.
 */
export function folderSource(root: string): ConfigSource {
  const top = realpathSync.native(root);
  const locate = (installed: string): string | undefined => {
    try {
      const real = realpathSync.native(path.join(top, normalizePath(installed)));
      return real === top || real.startsWith(top + path.sep) || top === path.sep ? real : undefined;
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
