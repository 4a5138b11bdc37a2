import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../support/errors.ts';
import { readBytes } from '../../support/read-file.ts';

/** A handler with what it may import from beside it. */
export interface HandlerSources {
  /** Folder for Python's search path: that of the handler, or the one around its outermost package. */
  readonly root: string;
  /** The handler, relative to `root`. */
  readonly handler: string;
  /** Files relative to `root`, the handler among them. */
  readonly files: readonly string[];
}

const PASSED_OVER = /^(?:\..*|__pycache__|node_modules|venv|.*\.egg-info)$/;

/** Bytes that a handler's folder may hold; more of them are no sources of a handler. */
const LIMIT = 5_000_000;

/** Folder that Python finds the modules of a handler in. */
export function handlerRoot(handler: string): string {
  let folder = path.dirname(handler);
  while (existsSync(path.join(folder, '__init__.py'))) folder = path.dirname(folder);
  return folder;
}

/**
 * The files that a handler needs: its outermost package, or its folder when it is in none.
 * @throws UserError `agi-folder-large` when that is more than 5 MB
 */
export function handlerSources(handler: string): HandlerSources {
  const root = handlerRoot(handler);
  const relative = path.relative(root, handler);
  const [top = ''] = relative.split(path.sep);
  const isPackaged = top !== relative;
  const files = isPackaged ? [...filesBelow(root, top)] : [...filesBelow(root, '', false)];
  const size = files.reduce((sum, file) => sum + statSync(path.join(root, file)).size, 0);
  if (size <= LIMIT) return { root, handler: relative, files };
  throw new UserError('agi-folder-large', `${path.join(root, isPackaged ? top : '')} holds more than 5 MB`, {
    help: 'Give it a folder of its own, with the modules that it imports.',
  });
}

/** A folder that is no package is copied with the packages in it, and not with all else. */
function* filesBelow(root: string, below: string, isPackage = true): Generator<string> {
  for (const entry of readdirSync(path.join(root, below), { withFileTypes: true })) {
    const name = path.join(below, entry.name);
    if (PASSED_OVER.test(entry.name)) continue;
    if (entry.isFile()) yield name;
    else if (entry.isDirectory() && (isPackage || existsSync(path.join(root, name, '__init__.py')))) {
      yield* filesBelow(root, name);
    }
  }
}

/** Bytes of a file below the root, and whether it may be run. */
export function readSource(root: string, file: string): { bytes: Buffer; mode: number } {
  const whole = path.join(root, file);
  return { bytes: readBytes(whole), mode: (statSync(whole).mode & 0o111) === 0 ? 0o644 : 0o755 };
}
