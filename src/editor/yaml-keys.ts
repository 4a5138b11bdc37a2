import type { EditorText, OutlinePart } from './language.ts';
import type { Span } from './span.ts';

/** Keys of YAML by the indents of its lines: a text that is being typed is seldom whole, and a parser refuses it. */

export interface YamlKey {
  readonly name: string;
  /** The keys above it. */
  readonly above: readonly string[];
  readonly at: Span;
  /** To where the next key begins that is not below it. */
  readonly whole: Span;
  /** The rest of its line. */
  readonly value: string;
  readonly valueStart: number;
}

/** Longer lines have no key that a person wrote. */
const LONGEST_LINE = 1_000;

const KEY = /^([ \t]*(?:-[ \t]+)*)(["']?)([\w.*/-][\w.*/ -]*?)\2[ \t]*:(?=[ \t]|$)([ \t]*)(.*)$/;

export function yamlKeys(text: string): readonly YamlKey[] {
  const found: (YamlKey & { whole: { start: number; end: number }; readonly indent: number })[] = [];
  const standing: typeof found = [];
  let block = Infinity;
  let start = 0;
  let last = 0;
  for (const line of text.split('\n')) {
    const indent = indentOf(line);
    const isBlank = line.trim() === '' || line.trimStart().startsWith('#');
    if (!isBlank && indent <= block) block = Infinity;
    const match = block === Infinity && !isBlank && line.length <= LONGEST_LINE ? KEY.exec(line) : null;
    if (match !== null) {
      const [, before = '', quote = '', name = '', , value = ''] = match;
      while ((standing.at(-1)?.indent ?? -1) >= before.length) close(standing, last);
      const from = start + before.length + quote.length;
      const key = {
        name,
        above: standing.map((one) => one.name),
        at: { start: from, end: from + name.length },
        whole: { start, end: start + line.length },
        value: value.replace(/\s#[^]*$/, '').trimEnd(),
        valueStart: start + line.length - value.length,
        indent: before.length,
      };
      found.push(key);
      standing.push(key);
      if (/^[|>]/.test(value)) block = before.length;
    }
    if (line.trim() !== '') last = start + line.trimEnd().length;
    start += line.length + 1;
  }
  while (standing.length > 0) close(standing, last);
  return found;
}

function close(standing: { whole: { end: number } }[], end: number): void {
  const key = standing.pop();
  if (key !== undefined) key.whole.end = Math.max(key.whole.end, end);
}

/** The keys that a line stands below, the outermost first. */
export function keysAbove(lines: readonly string[], line: number): readonly string[] {
  const keys: string[] = [];
  let indent = indentOf(lines[line] ?? '');
  for (let at = line - 1; at >= 0 && indent > 0; at--) {
    const above = lines[at] ?? '';
    const key = /^[\s-]*(["']?)([\w.*/][\w.*/-]*)\1\s*:\s*(?:#.*)?$/.exec(above)?.[2];
    if (key === undefined || indentOf(above) >= indent) continue;
    indent = indentOf(above);
    keys.unshift(key);
  }
  return keys;
}

/** Columns before the key; a dash counts as room. */
export function indentOf(text: string): number {
  return /^[\s-]*/.exec(text)?.[0].length ?? 0;
}

/** The keys of a file, each with those below it. */
export function yamlOutline({ text }: Pick<EditorText, 'text'>): readonly OutlinePart[] {
  interface Grown extends OutlinePart {
    readonly parts: Grown[];
  }
  const top: Grown[] = [];
  const line: Grown[] = [];
  for (const { name, above, at, whole } of yamlKeys(text)) {
    line.length = above.length;
    const part: Grown = { name, kind: 'key', at, whole, parts: [] };
    (line.at(-1)?.parts ?? top).push(part);
    line.push(part);
  }
  return top;
}
