import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../support/paths.ts';

/** The program that runs a handler of a wazo-agid module. */
export const AGID_RUNNER = 'src/simulate/python/wdev_agid.py';

/** The command that runs a handler on this machine. */
export function handlerCommand(
  file: string,
  name: string | undefined,
  python: string,
): readonly [string, ...string[]] {
  if (name !== undefined) return [python, path.join(packageRoot(), AGID_RUNNER), file, name];
  if (isExecutable(file)) return [file];
  return file.endsWith('.py') ? [python, file] : ['sh', file];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
