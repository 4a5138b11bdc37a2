import { dictEntries } from '../readers/yaml/node.ts';
import { readYaml } from '../readers/yaml/read.ts';
import type { StagedFile } from '../stage/tree.ts';
import type { Effect } from '../wazo/effect.ts';

const AUTH_KEYS = /^\/etc\/wazo-auth-keys\/conf\.d\/.*\.yml$/;

/**
 * The services whose rights a file of wazo-auth-keys sets: each has to fetch a new token, which it does when it
 * starts. Nothing for other files, and for one that is no YAML: wazo-auth-keys itself says so.
 */
export function keyHolders(file: StagedFile): readonly Effect[] {
  if (!AUTH_KEYS.test(file.path)) return [];
  const { root } = readYaml(file.bytes.toString('utf8'));
  if (root?.kind !== 'map') return [];
  const names = dictEntries(root).map(({ key }) => key.text);
  return names.filter((name) => /^[a-z][a-z0-9-]*$/.test(name)).map((unit) => ({ do: 'restart', unit }));
}
