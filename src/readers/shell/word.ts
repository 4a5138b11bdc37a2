import type { CommandArgument, DoubleQuotedChild, ParsedScript, Word, WordPart } from 'unbash';

/** The known variables where a word stands: literal values, by name; `1`, `2`… are arguments. */
export type Bindings = ReadonlyMap<string, string>;

interface Variable {
  readonly name: string;
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
}

export interface ShellWord {
  /** As written. */
  readonly text: string;
  /**
   * Its text before the shell expands patterns, with the package's folder as `$pkgdir`;
   * undefined when that is known only when it runs.
   */
  readonly value: string | undefined;
  /** Holds an unquoted `*`, `?`, `[…]`. */
  readonly glob: boolean;
  readonly variables: readonly Variable[];
  readonly start: number;
  readonly end: number;
}

/** Reads a word or an assignment that stands as an argument (`export A=b`). */
export function readWord(node: CommandArgument, bindings: Bindings): ShellWord {
  const { text, pos: start, end } = node;
  if (node.type === 'Assignment') {
    const right = node.value.type === 'Word' ? readWord(node.value, bindings) : undefined;
    const value = right?.value === undefined ? undefined : `${node.name}=${right.value}`;
    return { text, value, glob: false, variables: right?.variables ?? [], start, end };
  }
  const found: Variable[] = [];
  const value = partsValue(node, bindings, found);
  const glob = (node.parts ?? []).some((part) => part.type === 'Glob' || part.type === 'ExtendedGlob');
  return { text, value, glob, variables: found, start, end };
}

function partsValue(word: Word, bindings: Bindings, found: Variable[]): string | undefined {
  if (word.parts === undefined) return word.value;
  return join(word.parts.map((part) => partValue(part, false, bindings, found)));
}

/** A value that grows beyond this is not known any more: `a=$a$a` doubles it. */
const LONGEST = 10_000;

function join(pieces: readonly (string | undefined)[]): string | undefined {
  if (pieces.includes(undefined)) return undefined;
  const value = pieces.join('');
  return value.length > LONGEST ? undefined : value;
}

function partValue(
  part: WordPart | DoubleQuotedChild,
  quoted: boolean,
  bindings: Bindings,
  found: Variable[],
): string | undefined {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'Glob':
      return part.value;
    case 'DoubleQuoted':
    case 'LocaleString':
      return join(part.parts.map((child) => partValue(child, true, bindings, found)));
    case 'SimpleExpansion': {
      const name = part.text.slice(1);
      found.push({ name, quoted, start: part.pos, end: part.end });
      return bindings.get(name);
    }
    case 'ParameterExpansion': {
      found.push({ name: part.parameter, quoted, start: part.pos, end: part.end });
      const checked = part.operation?.type === 'Default' && part.operation.operator.endsWith('?');
      const plain = part.prefix === undefined && (part.operation === undefined || checked);
      return plain ? bindings.get(part.parameter) : undefined;
    }
    case 'CommandExpansion':
      return /^(?:\$\(\s*pwd\s*\)|`\s*pwd\s*`)$/.test(part.text) ? '.' : undefined;
    default:
      return undefined;
  }
}

/** The scripts of `$(…)`, backticks and `<(…)` in a word. */
export function scriptsOf(node: CommandArgument): readonly ParsedScript[] {
  const word = node.type === 'Word' ? node : node.value.type === 'Word' ? node.value : undefined;
  return (word?.parts ?? []).flatMap(scriptsOfPart);
}

function scriptsOfPart(part: WordPart | DoubleQuotedChild): readonly ParsedScript[] {
  if (part.type === 'DoubleQuoted' || part.type === 'LocaleString') return part.parts.flatMap(scriptsOfPart);
  if (part.type === 'CommandExpansion' || part.type === 'ProcessSubstitution')
    return part.script === undefined ? [] : [part.script];
  return [];
}
