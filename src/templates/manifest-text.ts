/** The text of a template.yml or part.yml, held against the published schema, with the line of each value. */

import path from 'node:path';
import { readOwnYaml } from '../readers/yaml/own.ts';
import type { Schema } from '../readers/yaml/validate.ts';
import { UserError } from '../support/errors.ts';
import { packageRoot } from '../support/paths.ts';
import type { Fields } from './manifest-fields.ts';
import { readText } from '../support/read-file.ts';

export interface ManifestText {
  /** How messages call the file. */
  readonly name: string;
  readonly fields: Fields;
  /** `FILE:LINE` of the value at these keys, or of the nearest one above that is there. */
  readonly at: (...keys: readonly (string | number)[]) => string;
}

/**
 * Reads a manifest; `name` is how messages call the file.
 * @throws UserError `bad-template` with `file:line` of everything that the schema does not take
 */
export function parseManifest(text: string, name: string): ManifestText {
  const { value, problems, lineAt } = readOwnYaml(text, { schema: schema() });
  if (problems.length > 0) {
    const sorted = [...problems].sort((one, other) => one.line - other.line);
    const lines = sorted.map(({ line, message }) => `${name}:${line}: ${message}`);
    throw new UserError('bad-template', lines.join('\n'), { help: SCHEMA_HELP });
  }
  const at = (...keys: readonly (string | number)[]): string => `${name}:${lineAt(...keys)}`;
  return { name, fields: (value as Fields | null) ?? {}, at };
}

const SCHEMA_HELP = 'See the format: wdev templates manifest-schema';

let known: Schema | undefined;

/** The JSON Schema of manifests, as `wdev templates manifest-schema` prints it. */
export function manifestSchemaText(): string {
  return readText(path.join(packageRoot(), 'src/templates/template.schema.json'));
}

function schema(): Schema {
  known ??= JSON.parse(manifestSchemaText()) as Schema;
  return known;
}
