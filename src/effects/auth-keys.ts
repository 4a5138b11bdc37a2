import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import type { StagedFile } from '../stage/tree.ts';
import type { Effect } from '../wazo/effect.ts';

const AUTH_KEYS = /^\/etc\/wazo-auth-keys\/conf\.d\/.*\.yml$/;

/**
 * The services whose rights a file of wazo-auth-keys sets: each has to fetch a new token, which it does when it
 * starts. Nothing for other files, and for one that is no YAML: wazo-auth-keys itself says so.
 */
export function keyHolders(file: StagedFile): readonly Effect[] {
  if (!AUTH_KEYS.test(file.path)) return [];
  try {
    const keys = load(file.bytes.toString('utf8'), { schema: FAILSAFE_SCHEMA });
    const names = typeof keys === 'object' && keys !== null && !Array.isArray(keys) ? Object.keys(keys) : [];
    return names.filter((name) => /^[a-z][a-z0-9-]*$/.test(name)).map((unit) => ({ do: 'restart', unit }));
  } catch {
    return [];
  }
}
