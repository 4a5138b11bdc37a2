import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { expandBraces, globToRegExp, hasWildcard } from './glob.ts';
import { type ConfigSource, byBytes, normalizePath } from './source.ts';

/**
 * Files below `root`, which stands for `/` of a machine: `/etc/asterisk/x` is read from `root/etc/asterisk/x`.
 * What a symbolic link leads to outside of `root` does not exist here.
 */
export function folderSource(root: string): ConfigSource {
  const top = realpathSync(root);
  const locate = (installed: string): string | undefined => {
    try {
      const real = realpathSync(path.join(top, normalizePath(installed)));
      return real === top || real.startsWith(top + path.sep) || top === path.sep ? real : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    read(installed) {
      const file = locate(installed);
      try {
        return file !== undefined && statSync(file).isFile() ? readFileSync(file) : undefined;
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
  const [segment, ...rest] = segments;
  if (segment === undefined) return [folder];
  if (!hasWildcard(segment)) {
    const name = `${folder}/${segment}`;
    return locate(name) === undefined ? [] : walk(rest, name, locate);
  }
  const [matcher] = globToRegExp(segment);
  return namesIn(locate(folder === '' ? '/' : folder))
    .filter((name) => matcher?.test(name))
    .sort(byBytes)
    .flatMap((name) => walk(rest, `${folder}/${name}`, locate));
}

function namesIn(folder: string | undefined): string[] {
  try {
    return folder === undefined ? [] : readdirSync(folder);
  } catch {
    return [];
  }
}
