import path from 'node:path';
import { homedir } from 'node:os';
import { existsSync, realpathSync } from 'node:fs';
import { run } from '../support/run.ts';
import { isOfSystem } from './enclose.ts';

/** What a Python needs to be seen of, to run as it does for the person. */
export interface PythonHome {
  /** Folders outside the system: of the interpreter, a virtualenv, packages that the person installed. */
  readonly readable: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const ASK = `import json, os, site, sys
print(json.dumps([sys.executable, sys.prefix, sys.base_prefix, os.path.realpath(sys.executable), site.getuserbase(), *sys.path]))`;

const known = new Map<string, Promise<PythonHome>>();

/** The folders of a Python of the person's; nothing where it is the system's own and has no packages but those. */
export async function pythonHome(python: string): Promise<PythonHome> {
  let home = known.get(python);
  if (home === undefined) known.set(python, (home = ask(python)));
  return await home;
}

async function ask(python: string): Promise<PythonHome> {
  const nothing = { readable: [], env: {} };
  const user = process.env['PYTHONUSERBASE'] ?? path.join(homedir(), '.local');
  if (isSystems(python) && !existsSync(path.join(user, 'lib'))) return nothing;
  const { status, stdout } = await run([python, '-c', ASK]);
  if (status !== 0) return nothing;
  const [executable = '', prefix = '', base = '', real = '', userBase = '', ...search] = JSON.parse(
    stdout,
  ) as string[];
  const folders = search.filter((entry) => path.isAbsolute(entry) && existsSync(entry));
  const prefixes = [prefix, base].filter((one) => !isOfSystem(one));
  const programs = [executable, real].filter((file) => !isOfSystem(file));
  const wanted = [...prefixes, ...programs, ...folders.filter((one) => !isOfSystem(one))];
  return {
    readable: outermost(wanted.filter((one) => existsSync(one) && !holdsHome(one))),
    env: { PYTHONUSERBASE: userBase },
  };
}

/** A program on PATH, or one with its path. */
function isSystems(python: string): boolean {
  const folders = path.isAbsolute(python) ? [''] : (process.env['PATH'] ?? '').split(':');
  const file = folders.map((folder) => path.join(folder, python)).find((one) => existsSync(one));
  return file !== undefined && isOfSystem(file) && isOfSystem(realpathSync(file));
}

/** A folder that would show a person's home: a Python whose packages lie anywhere is not followed there. */
function holdsHome(folder: string): boolean {
  return `${homedir()}/`.startsWith(`${folder}/`) || folder === '/';
}

function outermost(names: readonly string[]): readonly string[] {
  const all = [...new Set(names)].sort();
  return all.filter((name) => !all.some((other) => other !== name && name.startsWith(`${other}/`)));
}
