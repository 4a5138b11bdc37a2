import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError, usageError } from '../support/errors.ts';
import { meantBy } from '../support/nearest.ts';
import { packageRoot } from '../support/paths.ts';
import { readOwnYaml, type OwnYaml } from '../readers/yaml/own.ts';
import type { Schema } from '../readers/yaml/validate.ts';
import { readText } from '../support/read-file.ts';

export const SETTINGS_FILE = 'wdev.yml';

/** One step of a reload row in wdev.yml. */
export type ReloadStep =
  | { readonly console: string }
  | { readonly restart: string }
  | { readonly run: readonly [string, ...string[]] }
  | { readonly rules: 'install' }
  | { readonly nothing: true };

export interface ReloadRow {
  readonly path: string;
  readonly do: readonly ReloadStep[];
  readonly because?: string;
}

/** The contents of wdev.yml; wdev.schema.json describes each. */
export interface Settings {
  readonly target?: string;
  readonly targets?: Readonly<Record<string, string>>;
  readonly tokens?: Readonly<Record<string, string>>;
  readonly plugins?: readonly string[];
  readonly ignore?: readonly string[];
  readonly after?: readonly string[];
  readonly quiet?: number;
  readonly calls?: 'now' | 'wait';
  readonly reload?: readonly ReloadRow[];
  readonly hooks?: {
    readonly before?: readonly (readonly [string, ...string[]])[];
    readonly after?: readonly (readonly [string, ...string[]])[];
  };
  readonly check?: { readonly ignore?: readonly string[] };
  readonly preview?: Readonly<Record<string, unknown>>;
}

/**
 * The settings of a folder; empty when it has no wdev.yml.
 * @throws UserError `settings-broken` (exit 2) naming each wrong line
 */
export function readSettings(folder: string): Settings {
  const file = path.join(folder, SETTINGS_FILE);
  return existsSync(file) ? parseSettings(readText(file), path.relative(process.cwd(), file)) : {};
}

/** As readSettings, from the text of a wdev.yml; `name` is how messages call the file. */
export function parseSettings(text: string, name: string = SETTINGS_FILE): Settings {
  const { value, problems } = readSettingsText(text);
  if (problems.length > 0) {
    throw new UserError(
      'settings-broken',
      problems.map(({ line, message }) => `${name}:${line}: ${message}`).join('\n'),
      {
        help: `Fix ${SETTINGS_FILE}. To check it as you type: wdev editors`,
        exit: EXIT.usage,
      },
    );
  }
  return (value as Settings | null) ?? {};
}

/** The text of a wdev.yml against its schema; what is wrong is in `problems`. */
export function readSettingsText(text: string): OwnYaml {
  return readOwnYaml(text, { schema: settingsSchema() });
}

/** The JSON Schema of wdev.yml. */
export function settingsSchema(): Schema {
  return JSON.parse(readText(path.join(packageRoot(), 'src/settings/wdev.schema.json'))) as Schema;
}

export interface ChosenTarget {
  readonly address: string;
  /** Where the settings name it; undefined for an address that was typed, or that nobody named. */
  readonly keys?: readonly string[];
  /** The command of `tokens` for it. */
  readonly tokenCommand?: string;
}

/**
 * The address behind a target's name in wdev.yml, or what was given; `embedded` when nothing says anything. An address
 * is no name, whatever the settings call so.
 * @throws UserError `usage` for a word that is nearly the name of a target
 */
export function chosenTarget(given: string | undefined, settings: Settings): ChosenTarget {
  const { target, targets = {}, tokens = {} } = settings;
  const name = given ?? target ?? 'embedded';
  const own = given === undefined && target !== undefined ? { keys: ['target'] } : {};
  if (name.includes(':') || PLAIN_ADDRESSES.includes(name)) return { address: name, ...own };
  const address = Object.hasOwn(targets, name) ? targets[name] : undefined;
  const tokenCommand = Object.hasOwn(tokens, name) ? tokens[name] : undefined;
  const token = tokenCommand === undefined ? {} : { tokenCommand };
  if (address !== undefined) return { address, keys: ['targets', name], ...token };
  const meant = meantBy(name, [...Object.keys(targets), ...PLAIN_ADDRESSES]);
  if (meant === undefined) return { address: name, ...own };
  const where = given === undefined ? `${SETTINGS_FILE}: target: ` : '';
  throw usageError(`${where}unknown target ${name}`, `Did you mean ${meant}?`);
}

/** Addresses without a colon (targets/address.ts). */
const PLAIN_ADDRESSES: readonly string[] = ['embedded', 'local', 'stack'];
