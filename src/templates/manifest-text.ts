/** The text of a template.yml or part.yml, held against the published schema, with the line of each value. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LineCounter, isNode, isPair, parseDocument } from 'yaml';
import { validate, type Schema } from '../readers/yaml/validate.ts';
import { UserError } from '../support/errors.ts';
import { packageRoot } from '../support/paths.ts';
import type { Fields } from './manifest-fields.ts';

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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const place = (offset: number): string => `${name}:${lines.linePos(offset).line}`;
  const problems = document.errors.map(({ message, pos }) => `${place(pos[0])}: ${message.split('\n')[0]}`);
  if (problems.length === 0) {
    const found = validate(document.contents, schema());
    problems.push(
      ...found.map(({ path: where, message, offset }) => `${place(offset)}: ${where} ${message}`.trim()),
    );
  }
  if (problems.length > 0) throw new UserError('bad-template', problems.join('\n'), { help: SCHEMA_HELP });
  const at = (...keys: readonly (string | number)[]): string => {
    for (let depth = keys.length; depth > 0; depth -= 1) {
      const node: unknown = document.getIn(keys.slice(0, depth), true);
      const found = isPair(node) ? node.key : node;
      if (isNode(found) && found.range) return place(found.range[0]);
    }
    return `${name}:1`;
  };
  return { name, fields: (document.toJS() as Fields | null) ?? {}, at };
}

const SCHEMA_HELP = 'What a manifest may say: wdev templates manifest-schema.';

let known: Schema | undefined;

/** The JSON Schema of manifests, as `wdev templates manifest-schema` prints it. */
export function manifestSchemaText(): string {
  return readFileSync(path.join(packageRoot(), 'src/templates/template.schema.json'), 'utf8');
}

function schema(): Schema {
  known ??= JSON.parse(manifestSchemaText()) as Schema;
  return known;
}
