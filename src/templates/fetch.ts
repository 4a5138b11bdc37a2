import { packageVersion } from '../support/paths.ts';
import { builtInNames, builtInTemplate } from './built-in.ts';
import type { FetchedTemplate, FetchOptions } from './fetch-elsewhere.ts';

export type { FetchedTemplate, FetchOptions } from './fetch-elsewhere.ts';

/**
 * The template that a person names for `wdev new`, or that an answers file recorded with its pin.
 * @throws UserError `unknown-template` (exit 2), `template-unreachable`, `unsafe-template`, `bad-template`, and
 * `pin-mismatch` when what is there now is not what the pin says and the cache does not have that either
 */
export async function fetchTemplate(text: string, options: FetchOptions = {}): Promise<FetchedTemplate> {
  const isOfThisVersion = options.pin === undefined || options.pin.wdev === packageVersion();
  if (isOfThisVersion && builtInNames().includes(text))
    return { kind: 'built-in', template: builtInTemplate(text), notes: [] };
  const { fetchElsewhere } = await import('./fetch-elsewhere.ts');
  return await fetchElsewhere(text, options);
}
