import type { StagedTree } from '../stage/tree.ts';
import { readSettings } from '../readers/service-settings.ts';
import { PLUGIN_GROUPS } from '../wazo/groups.ts';

export interface EnabledName {
  readonly group: string;
  readonly name: string;
  /** Installed path of the settings file. */
  readonly file: string;
}

/** The names that the settings files of a package enable, by group. */
export function enabledNames(tree: StagedTree): readonly EnabledName[] {
  return [...tree.values()].flatMap((file) => {
    const unit = /^\/etc\/(wazo-[a-z-]+)\/conf\.d\/[^/]+\.yml$/.exec(file.path)?.[1];
    if (unit === undefined) return [];
    const read = readSettings(file.bytes.toString('utf8'));
    if (!read.ok) return [];
    const groups = PLUGIN_GROUPS.filter(({ service, shape }) => service === unit && shape === 'flags');
    const plain = groups.flatMap(({ group, keys }) =>
      namesBelow(read.value, keys).map((name) => ({ group, name, file: file.path })),
    );
    return unit === 'wazo-confgend' ? drivers(read.value, file.path) : plain;
  });
}

function below(value: unknown, keys: readonly string[]): Record<string, unknown> {
  let found = value;
  for (const key of keys) found = isMapping(found) ? found[key] : undefined;
  return isMapping(found) ? found : {};
}

function namesBelow(value: unknown, keys: readonly string[]): readonly string[] {
  return Object.entries(below(value, keys)).flatMap(([name, on]) => (on ? [name] : []));
}

function drivers(value: unknown, file: string): readonly EnabledName[] {
  return Object.entries(below(value, ['plugins'])).flatMap(([generated, name]) =>
    typeof name === 'string' ? [{ group: `wazo_confgend.${generated}`, name, file }] : [],
  );
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
