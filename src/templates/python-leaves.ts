/** Statements of Python as the leaves that black sees, with the parentheses that it may add. Pure. */

export interface Leaf {
  /** Empty for a parenthesis that is not written, and may be. */
  text: string;
  /** A space before it, unless it begins a line. */
  space: boolean;
  readonly kind: 'open' | 'close' | 'name' | 'string' | 'number' | 'operator';
  /** Of a closing bracket: where it opens. */
  opening?: Leaf;
  /** Of an opening bracket: a list, tuple or dict, not a call or a subscript. */
  readonly literal?: boolean;
}

/** One statement: the numbers of its lines, from 0, and how it begins. */
export interface Statement {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  /** Nothing where a comment, a string of several lines or a backslash stands in it. */
  readonly leaves?: readonly Leaf[];
}

const TOKEN =
  /(?<space>[ \t]*)(?:(?<comment>#.*)|(?<long>[A-Za-z]{0,2}(?:"""|'''))|(?<string>[A-Za-z]{0,2}(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))|(?<number>\d[\w.]*)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<operator>\*\*=|\/\/=|>>=|<<=|\.\.\.|->|:=|\*\*|\/\/|<<|>>|[-+*/%@&|^=!<>]=|[-+*/%@&|^~<>=.,:;()[\]{}])|(?<other>[\x22'].*|.))/uy;

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

export const KEYWORDS = new Set(
  'and as assert async await class def del elif else except for from if import in is lambda not or raise return while with yield'.split(
    ' ',
  ),
);

/** The statements of a text, in order. Blank lines and lines of comment belong to none. */
export function* statementsOf(lines: readonly string[]): Generator<Statement> {
  for (let at = 0; at < lines.length; at += 1) {
    if (/^\s*(#|$)/.test(lines[at] ?? '')) continue;
    const read = readStatement(lines, at);
    yield read;
    at = read.to;
  }
}

function readStatement(lines: readonly string[], from: number): Statement {
  const leaves: Leaf[] = [];
  const open: Leaf[] = [];
  let plain = true;
  let at = from;
  for (; at < lines.length; at += 1) {
    let line = lines[at] ?? '';
    for (let column = line.search(/\S|$/), first = true; column < line.length; first = false) {
      TOKEN.lastIndex = column;
      const groups = TOKEN.exec(line)?.groups;
      if (groups === undefined) break;
      column = TOKEN.lastIndex;
      if (groups['long'] !== undefined) {
        plain = false;
        const quote = groups['long'].slice(-3);
        let end = line.indexOf(quote, column);
        while (end < 0 && at + 1 < lines.length) {
          at += 1;
          line = lines[at] ?? '';
          end = line.indexOf(quote);
        }
        column = end < 0 ? line.length : end + 3;
      } else if (groups['comment'] !== undefined || groups['other'] !== undefined) {
        plain &&= (groups['other'] ?? '').trim() === '' && groups['comment'] === undefined;
      } else {
        const space = first && leaves.length > 0 ? undefined : groups['space'] !== '';
        addLeaf(leaves, open, groups, space);
      }
    }
    if (open.length === 0 && !line.endsWith('\\')) break;
    if (line.endsWith('\\')) plain = false;
  }
  const depth = (lines[from] ?? '').search(/\S/) / 4;
  const to = Math.min(at, lines.length - 1);
  return { from, to, depth, ...(plain && open.length === 0 ? { leaves } : {}) };
}

/** `space` is unknown where the leaf begins a further line of its statement. */
function addLeaf(
  leaves: Leaf[],
  open: Leaf[],
  groups: Readonly<Record<string, string | undefined>>,
  space: boolean | undefined,
): void {
  const { string, number, name, operator } = groups;
  const text = string ?? number ?? name ?? operator ?? '';
  const before = leaves.at(-1);
  const opens = CLOSES[text] !== undefined && operator !== undefined;
  const closes = operator !== undefined && /^[)\]}]$/.test(text);
  const joined = before?.kind !== 'open' && !closes && !/^[.,:;]$/.test(text);
  const called = isOperand(before) && !(space ?? false);
  let kind: Leaf['kind'] = 'operator';
  if (opens) kind = 'open';
  else if (closes) kind = 'close';
  else if (string !== undefined) kind = 'string';
  else if (number !== undefined) kind = 'number';
  else if (name !== undefined) kind = 'name';
  const leaf: Leaf = { text, space: space ?? joined, kind, literal: opens && (text === '{' || !called) };
  if (opens) open.push(leaf);
  const opening = closes ? open.pop() : undefined;
  if (opening !== undefined) leaf.opening = opening;
  leaves.push(leaf);
}

function isOperand(leaf: Leaf | undefined): boolean {
  if (leaf === undefined) return false;
  return (
    leaf.kind === 'close' || leaf.kind === 'string' || (leaf.kind === 'name' && !KEYWORDS.has(leaf.text))
  );
}

/** How deep in brackets each leaf is; brackets themselves count to the outside. */
export function depthsOf(leaves: readonly Leaf[]): readonly number[] {
  let depth = 0;
  return leaves.map((leaf) => {
    if (leaf.kind === 'close') depth -= 1;
    const here = depth;
    if (leaf.kind === 'open') depth += 1;
    return here;
  });
}

const ASSIGNMENT = /^(?:\*\*|\/\/|>>|<<|[-+*/%@&|^])?=$/;

/**
 * The leaves with the parentheses that black may write: around what is returned, assigned, asserted, tested or imported,
 * and around `a if b else c`. Those that are there and need not be are unwritten.
 */
export function withOptionalParens(leaves: readonly Leaf[]): readonly Leaf[] {
  const depths = depthsOf(leaves);
  const top = (test: (leaf: Leaf, at: number) => boolean): number[] =>
    leaves.flatMap((leaf, at) => (depths[at] === 0 && test(leaf, at) ? [at] : []));
  const first = leaves[0]?.text ?? '';
  const end = leaves.at(-1)?.text === ':' ? leaves.length - 1 : leaves.length;
  const ranges: [number, number][] = [];
  const commas = top(({ text }) => text === ',');
  if (['return', 'if', 'elif', 'while', 'del', 'with'].includes(first)) ranges.push([1, end]);
  else if (first === 'assert') ranges.push(...between([0, ...commas.slice(0, 1), end]));
  else if (first === 'for')
    ranges.push(...between([0, ...top(({ text }) => text === 'in').slice(0, 1), end]));
  else if (first === 'from') ranges.push([(top(({ text }) => text === 'import')[0] ?? 0) + 1, end]);
  else if (!KEYWORDS.has(first) && first !== '@') {
    const equals = top(({ text }) => ASSIGNMENT.test(text));
    const [at = 0] = equals;
    if (equals.length > 0 && commas.some((comma) => comma < at)) ranges.push([0, at]);
    ranges.push(...(equals.length > 0 ? between([...equals, end]) : []));
  }
  return wrapTernaries(wrapRanges(leaves, ranges));
}

/** `[1, 4, 9]` as the ranges between: 2 to 4, 5 to 9. */
function between(marks: readonly number[]): [number, number][] {
  return marks.slice(1).map((mark, index) => [(marks[index] ?? 0) + 1, mark]);
}

function wrapRanges(leaves: readonly Leaf[], ranges: readonly [number, number][]): readonly Leaf[] {
  const result = [...leaves];
  for (const [from, to] of ranges.toReversed()) {
    const inner = result.slice(from, to);
    if (inner.length === 0) continue;
    const [start] = inner;
    const last = inner.at(-1);
    if (start?.text === '(' && last?.opening === start) {
      // a tuple and what has a for keep their parentheses
      const depths = depthsOf(inner);
      if (
        inner.length === 2 ||
        inner.some(({ text }, at) => depths[at] === 1 && /^(?:,|for|yield|:=)$/.test(text))
      )
        if (leaves[0]?.text !== 'from') continue;
      start.text = '';
      last.text = '';
      continue;
    }
    const opening: Leaf = {
      text: '',
      space: start?.space ?? false,
      kind: 'open',
      literal: leaves[0]?.text === 'from',
    };
    if (start !== undefined) start.space = false;
    result.splice(from, to - from, opening, ...inner, { text: '', space: false, kind: 'close', opening });
  }
  return result;
}

function wrapTernaries(leaves: readonly Leaf[]): readonly Leaf[] {
  const depths = depthsOf(leaves);
  const bound = (at: number, from: number): boolean =>
    (depths[at] ?? 0) < from ||
    (depths[at] === from && /^(?:,|=|:|for|return)$/.test(leaves[at]?.text ?? ''));
  const ranges = leaves.flatMap(({ text }, at): [number, number][] => {
    const depth = depths[at] ?? 0;
    if (text !== 'else') return [];
    let from = at;
    while (from > 0 && !bound(from - 1, depth)) from -= 1;
    let to = at;
    while (to < leaves.length && !bound(to, depth)) to += 1;
    const isTernary = leaves
      .slice(from, at)
      .some((leaf, index) => leaf.text === 'if' && depths[from + index] === depth);
    return isTernary && from > 0 && leaves[from - 1]?.text !== '(' && leaves[from - 1]?.text !== ''
      ? [[from, to]]
      : [];
  });
  return wrapRanges(leaves, ranges);
}
