import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { discoverPlugins, readPlugin } from '../kinds/discover.ts';
import { SETTINGS_FILE } from '../settings/settings.ts';
import { UserError, usageError } from '../support/errors.ts';
import { isFolder } from '../support/stat.ts';

/** More plugins than this below one folder may not all be meant. */
const MANY = 50;

/**
 * Asks before the programs of plugins run that the person may not have thought of: of all below `/` or the home
 * folder, or of many below a folder that is no project with a wdev.yml.
 * @throws UserError `usage` without a terminal to ask on, `declined`
 */
export async function agreeToAll(paths: readonly string[], isTrusted: boolean): Promise<void> {
  if (isTrusted) return;
  const found = notMeant(paths);
  if (found !== undefined) await demandYes(found);
}

/** The programs that would run without the person having thought of them; undefined when all is meant. */
export function notMeant(paths: readonly string[]): string | undefined {
  for (const given of paths.length > 0 ? paths : ['.']) {
    const dir = existsSync(given) ? realpathSync(given) : given;
    const found = isFolder(dir) ? whatIsFound(dir) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A warning about what the person may not have thought of; undefined when there is nothing. */
function whatIsFound(dir: string): string | undefined {
  if (readPlugin(dir) !== undefined) return undefined;
  if (isWide(dir)) return `every plugin below ${dir}`;
  if (existsSync(path.join(dir, SETTINGS_FILE))) return undefined;
  const { length } = discoverPlugins([dir]);
  return length > MANY ? `all ${length} plugins below ${dir}` : undefined;
}

/** Whether the folder is the root of the file system, or holds all that the person has. */
function isWide(dir: string): boolean {
  const home = existsSync(homedir()) ? realpathSync(homedir()) : homedir();
  const below = path.relative(dir, home);
  return path.dirname(dir) === dir || (below !== '..' && !below.startsWith(`..${path.sep}`));
}

async function demandYes(found: string): Promise<void> {
  const [{ confirm }, { isTerminal }] = await Promise.all([
    import('../terminal/prompt.ts'),
    import('../terminal/output.ts'),
  ]);
  const help = 'Name the folders of the plugins that you mean, or approve the programs in advance: --trust';
  if (!isTerminal())
    throw usageError(`programs of ${found} would run, and there is no terminal to ask on`, help);
  if (await confirm(`Run the programs of ${found}?`, help)) return;
  throw new UserError('declined', 'nothing was done', { help });
}
