import { usageError, type UserError } from '../support/errors.ts';
import { typedPath } from '../support/quote.ts';
import type { Plugin } from './plugin.ts';

const MOST_NAMED = 5;

/** The error of a command that takes one plugin, of a folder with several. `flag` comes before the folder. */
export function severalPlugins(given: string, plugins: readonly Plugin[], flag = ''): UserError {
  const names = plugins.slice(0, MOST_NAMED).map(({ dir }) => typedPath(dir));
  const more = plugins.length > MOST_NAMED ? ` and ${plugins.length - MOST_NAMED} more` : '';
  return usageError(
    `${given === '.' ? 'several plugins here' : `several plugins in ${given}`}: ${names.join(', ')}${more}`,
    `Name one, e.g. ${flag}${names[0] ?? ''}`,
  );
}
