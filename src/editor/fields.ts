import path from 'node:path';
import { packageRoot } from '../support/paths.ts';
import { readText } from '../support/read-file.ts';
import type { Word } from './language.ts';
import { indentOf, keysAbove } from './yaml-keys.ts';

/** A part of a JSON Schema: as much of it as hover and completion read. */
interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
}

/** Files with a JSON Schema: by what their name ends with. Source: SchemaStore, `fileMatch`. */
export const SCHEMAS = [
  { match: 'wazo/plugin.yml', file: 'src/editor/plugin.schema.json' },
  { match: 'wdev.yml', file: 'src/settings/wdev.schema.json' },
] as const;

const READ = new Map<string, Schema>();

/** The schema of a file by its path; undefined for one without. */
export function schemaOf(file: string): Schema | undefined {
  const found = SCHEMAS.find(({ match }) => `/${file}`.endsWith(`/${match}`));
  if (found === undefined) return undefined;
  const known =
    READ.get(found.file) ?? (JSON.parse(readText(path.join(packageRoot(), found.file))) as Schema);
  READ.set(found.file, known);
  return known;
}

/** The meaning of the field under a position, as Markdown. */
export function fieldHover(
  schema: Schema,
  lines: readonly string[],
  line: number,
  character: number,
): string | undefined {
  const match = /^([\s-]*)(\w[\w-]*)(?=\s*:)/.exec(lines[line] ?? '');
  if (match === null) return undefined;
  const [, before = '', name = ''] = match;
  if (character < before.length || character > before.length + name.length) return undefined;
  const field = schemaAt(schema, lines, line)?.properties?.[name];
  if (field?.description === undefined) return undefined;
  const values =
    field.enum === undefined ? '' : `\n\nOne of ${field.enum.map((one) => `\`${String(one)}\``).join(', ')}`;
  return `**${name}**\n\n${field.description}${values}`;
}

/** The fields, or the values of a field, that fit into a line. */
export function fieldWords(schema: Schema, lines: readonly string[], line: number): readonly Word[] {
  const here = schemaAt(schema, lines, line);
  const value = /^[\s-]*(\w[\w-]*)\s*:\s*\S*$/.exec(lines[line] ?? '');
  const values = here?.properties?.[value?.[1] ?? '']?.enum;
  if (value !== null) return (values ?? []).map((one) => ({ label: String(one), kind: 'value' }));
  const indent = indentOf(lines[line] ?? '');
  const written = new Set(
    lines.filter((text) => indentOf(text) === indent).map((text) => /^[\s-]*(\w[\w-]*)\s*:/.exec(text)?.[1]),
  );
  return Object.entries(here?.properties ?? {})
    .filter(([name]) => !written.has(name))
    .map(([label, { description }]) => ({
      label,
      kind: 'field',
      ...(description === undefined ? {} : { detail: description }),
    }));
}

/** The schema of the mapping that a line stands in, by the indents above it. */
function schemaAt(schema: Schema, lines: readonly string[], line: number): Schema | undefined {
  return keysAbove(lines, line).reduce<Schema | undefined>((here, key) => {
    const next = here?.properties?.[key];
    return next?.items ?? next;
  }, schema);
}
