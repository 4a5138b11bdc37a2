import type { Upgrade } from '../status/upgrade.ts';
import { usageError } from '../support/errors.ts';
import { SUITES } from '../wazo/debian.ts';
import { wazoVersionProblem } from '../wazo/names.ts';

/** The Wazo version and the Debian release that `--engine` and `--debian` name. @throws UserError `usage` */
export function upgradeOf(flags: { readonly engine: string; readonly debian?: string }): Upgrade {
  const wrong = wazoVersionProblem(flags.engine);
  if (wrong !== undefined) throw usageError(`--engine: ${wrong}`);
  const debian = flags.debian === undefined ? undefined : Number(flags.debian);
  if (debian !== undefined && !SUITES.has(debian))
    throw usageError(`--debian: unknown value ${flags.debian}; choose from ${[...SUITES.keys()].join(', ')}`);
  return { engine: flags.engine, debian };
}
