import { dictEntries, type YamlNode, type YamlScalar } from './node.ts';

/** Marks a value that JSON has no type for; wdev_values.py reads it. */
const MARK = '$python';

/**
 * A value as JSON carries it to Python, for `decode` of wdev_values.py: it arrives with the type that PyYAML gives it.
 * `{"$python": [TYPE, TEXT]}` stands for what JSON lacks: dates, bytes, sets, tuples, big numbers, other keys.
 */
export function pythonValue(node: YamlNode | undefined): unknown {
  if (node === undefined) return null;
  switch (node.kind) {
    case 'map': {
      const entries = dictEntries(node);
      const isPlain = entries.every(({ key }) => isPlainKey(key));
      const pairs = entries.map(({ key, value }) => [
        isPlain ? key.text : pythonScalar(key),
        pythonValue(value),
      ]);
      return isPlain ? (Object.fromEntries(pairs) as unknown) : marked('map', pairs);
    }
    case 'list': {
      const items = node.items.map(pythonValue);
      return node.tuple === true ? marked('tuple', items) : items;
    }
    case 'set':
      return marked('set', node.items.map(pythonScalar));
    default:
      return pythonScalar(node);
  }
}

/** JavaScript puts keys that are numbers before the others. */
function isPlainKey({ kind, text }: YamlScalar): boolean {
  return kind === 'string' && text !== MARK && !/^\d+$/.test(text);
}

function pythonScalar({ kind, text, python }: YamlScalar): unknown {
  switch (kind) {
    case 'null':
      return null;
    case 'boolean':
      return python === 'True';
    case 'string':
      return text;
    case 'integer':
      return Number.isSafeInteger(Number(python)) ? Number(python) : marked('int', python);
    case 'float':
      // JSON has no 1.0, no NaN and no Infinity
      return Number.isInteger(Number(python)) || !Number.isFinite(Number(python))
        ? marked('float', python)
        : Number(python);
    case 'timestamp':
      return marked(python.includes(' ') ? 'datetime' : 'date', python);
    case 'binary':
      return marked('bytes', python);
  }
}

function marked(type: string, value: unknown): unknown {
  return { [MARK]: [type, value] };
}
