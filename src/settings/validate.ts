import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

/** The part of JSON Schema that wdev.schema.json uses. */
export interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly description?: string;
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

const WORDS: Readonly<Record<Schema['type'], string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
};

/** Holds a YAML node against a schema. */
export function validate(node: Node | null, schema: Schema, path = ''): readonly Violation[] {
  const offset = node?.range?.[0] ?? 0;
  const wrong = (message: string): readonly Violation[] => [{ path, message, offset }];
  switch (schema.type) {
    case 'object':
      return isMap(node)
        ? node.items
            .flatMap((pair) => property(pair, schema, path))
            .concat(lacking(node.items, schema, path, offset))
        : wrong(`must be ${WORDS.object}`);
    case 'array':
      return isSeq(node)
        ? node.items.flatMap((item, index) =>
            schema.items === undefined ? [] : validate(item as Node, schema.items, `${path}[${index}]`),
          )
        : wrong(`must be ${WORDS.array}`);
    case 'string':
    case 'integer':
    case 'boolean':
      return scalar(node, schema) ?? wrong(expectation(schema));
  }
}

function expectation(schema: Schema): string {
  return schema.enum === undefined
    ? `must be ${WORDS[schema.type]}`
    : `must be one of ${schema.enum.join(', ')}`;
}

function scalar(node: Node | null, schema: Schema): readonly Violation[] | undefined {
  if (!isScalar(node)) return undefined;
  const { value } = node;
  const fits = schema.type === 'integer' ? Number.isInteger(value) : typeof value === schema.type;
  if (!fits || (schema.enum !== undefined && !schema.enum.includes(String(value)))) return undefined;
  return [];
}

function property(pair: Pair, schema: Schema, path: string): readonly Violation[] {
  const key = isScalar(pair.key) ? String(pair.key.value) : '';
  const where = path === '' ? key : `${path}.${key}`;
  const known = schema.properties?.[key];
  if (known !== undefined) return validate(pair.value as Node | null, known, where);
  if (typeof schema.additionalProperties === 'object')
    return validate(pair.value as Node | null, schema.additionalProperties, where);
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
