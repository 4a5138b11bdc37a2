import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadAll } from 'js-yaml';
import { UserError, messageOf } from '../support/errors.ts';

/** The project's settings. */
export const SETTINGS_FILE = 'wdev.yml';

export interface NamedTargets {
  /** Name → address, as `targets:` in wdev.yml has them. */
  readonly names: ReadonlyMap<string, string>;
  /** `target:` in wdev.yml: a name or an address. */
  readonly usual: string | undefined;
}

/**
 * Reads the targets that a project names.
 * @throws UserError `settings-broken` when wdev.yml is no YAML or its targets are no mapping of texts
 */
export function readTargets(folder: string): NamedTargets {
  const file = path.join(folder, SETTINGS_FILE);
  if (!existsSync(file)) return { names: new Map(), usual: undefined };
  return parseTargets(readFileSync(file, 'utf8'));
}

/** As readTargets, from the text of a wdev.yml. */
export function parseTargets(text: string): NamedTargets {
  let value: unknown;
  try {
    // an empty file is no document
    value = loadAll(text)[0];
  } catch (error) {
    throw new UserError('settings-broken', `${SETTINGS_FILE} cannot be read: ${messageOf(error)}`);
  }
  const { targets, target } = isMapping(value) ? value : {};
  if (targets !== undefined && targets !== null && !isMapping(targets)) {
    throw new UserError(
      'settings-broken',
      `${SETTINGS_FILE}: targets is not a mapping of names to addresses`,
    );
  }
  const names = new Map<string, string>();
  for (const [name, address] of Object.entries(targets ?? {})) {
    if (typeof address !== 'string') {
      throw new UserError('settings-broken', `${SETTINGS_FILE}: the target ${name} has no address`);
    }
    names.set(name, address);
  }
  return { names, usual: typeof target === 'string' ? target : undefined };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The address behind what --target says: a name of wdev.yml, or the address itself; `embedded` by default. */
export function targetAddress(flag: string | undefined, folder: string): string {
  const { names, usual } = readTargets(folder);
  const wanted = flag ?? usual ?? 'embedded';
  return names.get(wanted) ?? wanted;
}
