import { meantBy } from '../../support/nearest.ts';
import type { Places } from './own-places.ts';

type Type = 'object' | 'array' | 'string' | 'integer' | 'boolean';

/** The part of JSON Schema that the schemas of this package use; of `anyOf`, the types must differ. */
export interface Schema {
  readonly type?: Type;
  readonly anyOf?: readonly Schema[];
  /** `#/$defs/name` */
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

export interface Violation {
  /** `targets.pbx`, for people. */
  readonly path: string;
  readonly message: string;
  /** Offset in the text. */
  readonly offset: number;
}

const WORDS: Readonly<Record<Type, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
};

/** Holds a value against a schema; `root` is where its `$ref`s lead. */
export function validate(
  value: unknown,
  places: Places | undefined,
  asked: Schema,
  path = '',
  root: Schema = asked,
): readonly Violation[] {
  const schema = resolved(asked, value, root);
  const offset = places?.start ?? 0;
  const wrong: readonly Violation[] = [{ path, message: `must be ${expectation(asked, root)}`, offset }];
  if (schema.type === 'object') {
    if (typeOf(value) !== 'object') return wrong;
    const entries = Object.entries(value as Readonly<Record<string, unknown>>);
    return entries
      .flatMap(([key, entry]) => property(key, entry, places?.children?.get(key), schema, path, root))
      .concat(lacking(new Set(entries.map(([key]) => key)), schema, path, offset));
  }
  if (schema.type === 'array') {
    const { items } = schema;
    if (!Array.isArray(value)) return wrong;
    if (items === undefined) return [];
    return value.flatMap((item: unknown, index) =>
      validate(item, places?.children?.get(String(index)), items, `${path}[${index}]`, root),
    );
  }
  return isScalarOf(value, schema) ? [] : wrong;
}

/** Follows `$ref`, and takes the branch of `anyOf` whose type is the value's; the last one when there is none. */
function resolved(schema: Schema, value: unknown, root: Schema): Schema {
  const name = schema.$ref?.replace('#/$defs/', '');
  const found = name === undefined ? schema : root.$defs?.[name];
  if (found === undefined) throw new Error(`the schema has no ${schema.$ref}`);
  if (found.anyOf === undefined) return found === schema ? schema : resolved(found, value, root);
  const branches = found.anyOf.map((branch) => resolved(branch, value, root));
  const fitting = branches.find(({ type }) => typeOf(value) === type);
  return fitting ?? branches.at(-1) ?? found;
}

function typeOf(value: unknown): Type | undefined {
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  if (typeof value === 'object' && value !== null) return 'object';
  return typeof value === 'string' || typeof value === 'boolean' ? (typeof value as Type) : undefined;
}

function expectation(schema: Schema, root: Schema): string {
  const plain = schema.$ref === undefined ? schema : resolvedOnce(schema, root);
  if (plain.anyOf !== undefined)
    return [...new Set(plain.anyOf.map((branch) => expectation(branch, root)))].join(' or ');
  if (plain.enum !== undefined) return `one of ${plain.enum.join(', ')}`;
  if (plain.pattern !== undefined) return plain.description ?? `of the form ${plain.pattern}`;
  return plain.type === undefined ? 'something else' : WORDS[plain.type];
}

function resolvedOnce(schema: Schema, root: Schema): Schema {
  return root.$defs?.[schema.$ref?.replace('#/$defs/', '') ?? ''] ?? schema;
}

function isScalarOf(value: unknown, schema: Schema): boolean {
  const type = typeOf(value);
  if (type === 'object' || type === 'array') return false;
  if (type !== schema.type && typeof value !== schema.type) return false;
  if (schema.enum !== undefined && !schema.enum.includes(String(value))) return false;
  return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(String(value));
}

function property(
  key: string,
  value: unknown,
  places: Places | undefined,
  schema: Schema,
  path: string,
  root: Schema,
): readonly Violation[] {
  const where = path === '' ? key : `${path}.${key}`;
  const known = schema.properties?.[key];
  if (known !== undefined) return validate(value, places, known, where, root);
  if (typeof schema.additionalProperties === 'object')
    return validate(value, places, schema.additionalProperties, where, root);
  if (schema.additionalProperties !== false) return [];
  const names = Object.keys(schema.properties ?? {});
  const meant = meantBy(key, names);
  const instead = meant === undefined ? ` (known: ${names.join(', ')})` : `; did you mean ${meant}?`;
  return [{ path: where, message: `is an unknown key${instead}`, offset: places?.key ?? 0 }];
}

function lacking(
  keys: ReadonlySet<string>,
  schema: Schema,
  path: string,
  offset: number,
): readonly Violation[] {
  return (schema.required ?? [])
    .filter((name) => !keys.has(name))
    .map((name) => ({ path: path === '' ? name : `${path}.${name}`, message: 'is missing', offset }));
}
