/** The remedy for a module that tests import and this machine lacks. */

import { installCommand } from '../stacks/requirements.ts';
import { knownDebianPackage, stackBrings } from '../wazo/python-modules.ts';

const MISSING = /\bNo module named '([A-Za-z_]\w*)/;

/**
 * The command or sentence that provides the module which a test did not find.
 * @param message the reason of a failure, or of skipping it
 * @param python the program that the tests run with
 * @param files of the plugin: what it brings itself, no package does
 */
export function remedyOfMissing(
  message: string,
  python: string,
  files: Iterable<string>,
): string | undefined {
  const [, module] = MISSING.exec(message) ?? [];
  if (module === undefined || isOwn(module, files)) return undefined;
  const debian = knownDebianPackage(module);
  if (debian !== undefined && python === SYSTEM_PYTHON) return installCommand([debian]);
  if (debian === undefined && stackBrings(module))
    return `${module} comes with Wazo and is not installed here: add a stand-in for it, as in tests/standins of a new plugin`;
  const named = debian === undefined ? '' : `; for the system's own Python it is ${debian}`;
  return `${python} has no module ${module}: install it there${named}`;
}

/** It has the modules of Debian's packages; another one, as of a virtualenv, does not. */
const SYSTEM_PYTHON = '/usr/bin/python3';

function isOwn(module: string, files: Iterable<string>): boolean {
  const own = new RegExp(`(?:^|/)${module}(?:\\.py$|/)`);
  return [...files].some((file) => own.test(file));
}
