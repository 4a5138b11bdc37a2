import { isListOf, isText, parsedJson } from '../support/shape.ts';
import path from 'node:path';
import { homedir } from 'node:os';
import { existsSync, realpathSync } from 'node:fs';
import { askInterpreter } from '../readers/python/interpreters.ts';
import { isCommon, isOfSystem } from './enclose.ts';

/** The paths that a Python must see to run as it does for the person. */
export interface PythonHome {
  /** Folders outside the system: of the interpreter, a virtualenv, packages that the person installed. */
  readonly readable: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The interpreter itself: what is on PATH may be a script that looks for it. */
  readonly program: string;
}

const ASK = `import json, os, site, sys
print(json.dumps([sys.executable, sys.prefix, sys.base_prefix, os.path.realpath(sys.executable), site.getuserbase(), *sys.path]))`;

const known = new Map<string, Promise<PythonHome>>();

/** The folders of a Python of the person's; nothing where it is the system's own and has no packages but those. */
export async function pythonHome(python: string): Promise<PythonHome> {
  const key = `${python}\n${process.env['PYTHONPATH'] ?? ''}`;
  let home = known.get(key);
  if (home === undefined) known.set(key, (home = ask(python)));
  return await home;
}

async function ask(python: string): Promise<PythonHome> {
  const nothing = { readable: [], env: {}, program: python };
  const searched = process.env['PYTHONPATH'] ?? '';
  const user = process.env['PYTHONUSERBASE'] ?? path.join(homedir(), '.local');
  if (searched === '' && isSystems(python) && !existsSync(path.join(user, 'lib'))) return nothing;
  const { status, stdout } = await askInterpreter(python, ASK);
  if (status !== 0) return nothing;
  const said = parsedJson(stdout);
  // a Python that says more at its start is taken as it is found
  if (!isListOf(isText)(said)) return nothing;
  const [executable = '', prefix = '', base = '', real = '', userBase = '', ...search] = said;
  const folders = search.filter((entry) => path.isAbsolute(entry) && existsSync(entry));
  const prefixes = [prefix, base].filter((one) => !isOfSystem(one));
  const programs = [executable, real].filter((file) => !isOfSystem(file));
  const wanted = [...prefixes, ...programs, ...folders.filter((one) => !isOfSystem(one))];
  return {
    readable: outermost(wanted.filter((one) => existsSync(one) && !isCommon(one))),
    env: { PYTHONUSERBASE: userBase, ...(searched === '' ? {} : { PYTHONPATH: searched }) },
    program: executable === '' ? python : executable,
  };
}

/** A program on PATH, or one with its path. */
function isSystems(python: string): boolean {
  const folders = path.isAbsolute(python) ? [''] : (process.env['PATH'] ?? '').split(':');
  const file = folders.map((folder) => path.join(folder, python)).find((one) => existsSync(one));
  return file !== undefined && isOfSystem(file) && isOfSystem(realpathSync(file));
}

function outermost(names: readonly string[]): readonly string[] {
  const all = [...new Set(names)].sort();
  return all.filter((name) => !all.some((other) => other !== name && name.startsWith(`${other}/`)));
}
