import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The Pythons that a plugin's code may be run with, best first: the one that was named, that of the active
 * virtualenv, or the first on PATH and then the system's own.
 */
export function authorPythons(chosen?: string): readonly [string, ...string[]] {
  if (chosen !== undefined) return [chosen];
  const venv = process.env['VIRTUAL_ENV'];
  if (venv !== undefined && existsSync(path.join(venv, 'bin/python3')))
    return [path.join(venv, 'bin/python3')];
  return ['python3', '/usr/bin/python3'];
}
