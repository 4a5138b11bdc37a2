import { existsSync } from 'node:fs';
import path from 'node:path';
import { run, type RunResult } from '../../support/run.ts';

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

/** Whether a Python has modules; none is imported, since setuptools alone takes a quarter of a second. */
export async function hasModules(python: string, modules: readonly string[]): Promise<boolean> {
  const program =
    'import sys\nfrom importlib.util import find_spec\nsys.exit(not all(map(find_spec, sys.argv[1:])))';
  return (await askInterpreter(python, program, { args: modules })).status === 0;
}

export interface InterpreterQuestion {
  readonly args?: readonly string[];
  readonly input?: string;
}

/**
 * Runs a program of ours in a Python of the person's. Not in the present folder: Python looks for modules there first,
 * and it may be a plugin's, with a `json.py` of its own.
 */
export async function askInterpreter(
  python: string,
  program: string,
  { args = [], input }: InterpreterQuestion = {},
): Promise<RunResult> {
  const named = python.includes('/') ? path.resolve(python) : python;
  return await run([named, '-c', program, ...args], {
    cwd: '/',
    env: { PYTHONIOENCODING: 'utf-8' },
    ...(input === undefined ? {} : { input }),
  });
}
