/** The person's own settings, beside those of a plugin: `$XDG_CONFIG_HOME/wdev/config.yml`. */

import path from 'node:path';
import type { Schema } from '../readers/yaml/validate.ts';
import { CHOICES, type Choice } from '../sandbox/policy.ts';
import { EXIT, UserError } from '../support/errors.ts';
import { readTextIfThere } from '../support/read-file.ts';
import { configFolder } from '../support/paths.ts';

export interface PersonSettings {
  /** How programs of plugins are kept from the rest of the machine. */
  readonly sandbox?: Choice;
  /** Seconds that one step of a plugin may take. */
  readonly timeout?: number;
}

const SCHEMA: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    sandbox: { enum: [...CHOICES] },
    timeout: { type: 'integer' },
  },
};

/**
 * The settings of who calls wdev; empty when there are none.
 * @throws UserError `settings-broken` (exit 2) naming each wrong line
 */
export async function readPersonSettings(): Promise<PersonSettings> {
  const file = path.join(configFolder(), 'config.yml');
  const text = readTextIfThere(file);
  if (text === undefined) return {};
  const { readOwnYaml } = await import('../readers/yaml/own.ts');
  const { value, problems } = readOwnYaml(text, { schema: SCHEMA });
  if (problems.length === 0) return (value as PersonSettings | null) ?? {};
  const lines = problems.map(({ line, message }) => `${file}:${line}: ${message}`);
  throw new UserError('settings-broken', lines.join('\n      '), {
    help: `sandbox: ${CHOICES.join(', ')}; timeout: seconds.`,
    exit: EXIT.usage,
  });
}
