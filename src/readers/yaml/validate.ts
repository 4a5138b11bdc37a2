import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

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

/** Holds a YAML node against a schema; `root` is where its `$ref`s lead. */
export function validate(
  node: Node | null,
  asked: Schema,
  path = '',
  root: Schema = asked,
): readonly Violation[] {
  const schema = resolved(asked, node, root);
  const offset = node?.range?.[0] ?? 0;
  const wrong = (message: string): readonly Violation[] => [{ path, message, offset }];
  switch (schema.type) {
    case 'object':
      return isMap(node)
        ? node.items
            .flatMap((pair) => property(pair, schema, path, root))
            .concat(lacking(node.items, schema, path, offset))
        : wrong(`must be ${expectation(asked, root)}`);
    case 'array':
      return isSeq(node)
        ? node.items.flatMap((item, index) =>
            schema.items === undefined ? [] : validate(item as Node, schema.items, `${path}[${index}]`, root),
          )
        : wrong(`must be ${expectation(asked, root)}`);
    default:
      return scalar(node, schema) ?? wrong(`must be ${expectation(asked, root)}`);
  }
}

/** Follows `$ref`, and takes the branch of `anyOf` whose type is the node's; the last one when there is none. */
function resolved(schema: Schema, node: Node | null, root: Schema): Schema {
  const name = schema.$ref?.replace('#/$defs/', '');
  const found = name === undefined ? schema : root.$defs?.[name];
  if (found === undefined) throw new Error(`the schema has no ${schema.$ref}`);
  if (found.anyOf === undefined) return found === schema ? schema : resolved(found, node, root);
  const branches = found.anyOf.map((branch) => resolved(branch, node, root));
  const fitting = branches.find(({ type }) => typeOf(node) === type);
  return fitting ?? branches.at(-1) ?? found;
}

function typeOf(node: Node | null): Type | undefined {
  if (isMap(node)) return 'object';
  if (isSeq(node)) return 'array';
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (Number.isInteger(value)) return 'integer';
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

function scalar(node: Node | null, schema: Schema): readonly Violation[] | undefined {
  if (!isScalar(node)) return undefined;
  const { value } = node;
  const fits = schema.type === 'integer' ? Number.isInteger(value) : typeof value === schema.type;
  if (!fits || (schema.enum !== undefined && !schema.enum.includes(String(value)))) return undefined;
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(String(value))) return undefined;
  return [];
}

function property(pair: Pair, schema: Schema, path: string, root: Schema): readonly Violation[] {
  const key = isScalar(pair.key) ? String(pair.key.value) : '';
  const where = path === '' ? key : `${path}.${key}`;
  const known = schema.properties?.[key];
  if (known !== undefined) return validate(pair.value as Node | null, known, where, root);
  if (typeof schema.additionalProperties === 'object')
    return validate(pair.value as Node | null, schema.additionalProperties, where, root);
  if (schema.additionalProperties !== false) return [];
  const names = Object.keys(schema.properties ?? {}).join(', ');
  return [
    {
      path: where,
      message: `is not known here (known: ${names})`,
      offset: (pair.key as Node).range?.[0] ?? 0,
    },
  ];
}

function lacking(pairs: readonly Pair[], schema: Schema, path: string, offset: number): readonly Violation[] {
  const keys = new Set(pairs.map(({ key }) => (isScalar(key) ? String(key.value) : '')));
  return (schema.required ?? [])
    .filter((name) => !keys.has(name))
    .map((name) => ({ path: path === '' ? name : `${path}.${name}`, message: 'is missing', offset }));
}
