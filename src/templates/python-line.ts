/** A line of Python as black sees it: leaves, and where it may be broken. Pure. */

import { KEYWORDS, depthsOf, type Leaf } from './python-leaves.ts';

export const BLACK_WIDTH = 88;

export const PRIORITY = {
  comprehension: 20,
  comma: 18,
  ternary: 16,
  logic: 14,
  string: 12,
  comparison: 10,
  dot: 1,
};
const MATH: Readonly<Record<string, number>> = {
  '|': 9,
  '^': 8,
  '&': 7,
  '<<': 6,
  '>>': 6,
  '+': 5,
  '-': 5,
  '*': 4,
  '/': 4,
  '//': 4,
  '%': 4,
  '@': 4,
  '**': 2,
};

export class Line {
  readonly leaves: readonly Leaf[];
  readonly depth: number;
  readonly inside: boolean;
  readonly isImport: boolean;
  readonly isDef: boolean;
  /** Where it may be broken: after the leaf, with its priority. */
  readonly delimiters: ReadonlyMap<Leaf, number>;
  readonly magicComma: boolean;
  mustSplit = false;

  constructor(leaves: readonly Leaf[], depth: number, role: 'statement' | 'head' | 'body' | 'tail') {
    this.leaves = leaves;
    this.depth = depth;
    this.inside = role === 'body';
    const words = leaves.slice(0, 2).map(({ text }) => text);
    this.isImport = words[0] === 'from' || words[0] === 'import';
    this.isDef = words[0] === 'def' || words.join(' ') === 'async def';
    this.delimiters = role === 'body' || role === 'statement' ? delimitersOf(leaves) : new Map();
    this.magicComma = role !== 'tail' && leaves.some((_, at) => isMagic(leaves, at, this.isImport));
  }

  get fits(): boolean {
    return this.width <= BLACK_WIDTH;
  }

  get width(): number {
    return this.toString().length;
  }

  /** The highest priority, but for a delimiter after `except`. */
  highest(except?: Leaf): number {
    return Math.max(0, ...[...this.delimiters].filter(([leaf]) => leaf !== except).map(([, value]) => value));
  }

  count(priority: number): number {
    return [...this.delimiters.values()].filter((value) => value === priority).length;
  }

  toString(): string {
    const text = this.leaves.map(written).join('').trimStart();
    return ' '.repeat(4 * this.depth) + text;
  }
}

export function written({ text, space }: Leaf): string {
  return (space ? ' ' : '') + text;
}

/** A comma before this closing bracket that keeps each element on a line of its own. */
export function isMagic(leaves: readonly Leaf[], at: number, isImport: boolean): boolean {
  const closing = leaves[at];
  if (closing?.kind !== 'close' || leaves[at - 1]?.text !== ',') return false;
  const opens = closing.opening === undefined ? -1 : leaves.indexOf(closing.opening);
  if (opens < 0) return false;
  if (closing.text === '}' || isImport) return true;
  if (closing.text === ']' && closing.opening?.literal === true) return true;
  return closing.opening?.literal !== true && closing.text === ')' ? true : commasIn(leaves, opens, at) > 1;
}

export function commasIn(leaves: readonly Leaf[], opens: number, closes: number): number {
  const inner = leaves.slice(opens + 1, closes);
  const depths = depthsOf(inner);
  return inner.filter(({ text }, at) => text === ',' && depths[at] === 0).length;
}

function delimitersOf(leaves: readonly Leaf[]): ReadonlyMap<Leaf, number> {
  const found = new Map<Leaf, number>();
  let depth = 0;
  let hasFor = false;
  const inFor: number[] = [];
  const inLambda: number[] = [];
  for (const [at, leaf] of leaves.entries()) {
    const before = leaves[at - 1];
    if (leaf.kind === 'close' && (leaf.opening === undefined || !leaves.includes(leaf.opening))) continue;
    if (leaf.text === 'in' && inFor.at(-1) === depth) {
      inFor.pop();
      depth -= 1;
      continue;
    }
    if (leaf.text === ':' && inLambda.at(-1) === depth) {
      inLambda.pop();
      depth -= 1;
    }
    if (leaf.kind === 'close') depth -= 1;
    if (depth === 0) {
      const priority = priorityBefore(leaf, before, hasFor);
      if (priority > 0 && before !== undefined) found.set(before, priority);
      else if (leaf.text === ',') found.set(leaf, PRIORITY.comma);
      if (leaf.text === ',') hasFor = false;
      if (leaf.text === 'for') hasFor = true;
    }
    if (leaf.kind === 'open') depth += 1;
    if (leaf.text === 'for') inFor.push((depth += 1));
    if (leaf.text === 'lambda') inLambda.push((depth += 1));
  }
  return found;
}

/** The priority of a break before this leaf; 0 for none. */
function priorityBefore(leaf: Leaf, before: Leaf | undefined, hasFor: boolean): number {
  const { text, kind } = leaf;
  const isOperand =
    before !== undefined &&
    (before.kind === 'close' ||
      before.kind === 'string' ||
      before.kind === 'number' ||
      (before.kind === 'name' && !KEYWORDS.has(before.text)));
  if (kind === 'operator') {
    if (text === '.') return before === undefined || before.kind === 'close' ? PRIORITY.dot : 0;
    if (/^(?:[<>]=?|[=!]=)$/.test(text)) return PRIORITY.comparison;
    return isOperand ? (MATH[text] ?? 0) : 0;
  }
  if (kind === 'string') return before?.kind === 'string' ? PRIORITY.string : 0;
  if (kind !== 'name') return 0;
  if (text === 'for') return PRIORITY.comprehension;
  if (text === 'if' || text === 'else') return hasFor ? PRIORITY.comprehension : PRIORITY.ternary;
  if (text === 'and' || text === 'or') return PRIORITY.logic;
  if (text === 'is') return PRIORITY.comparison;
  if (text === 'in') return before?.text === 'not' ? 0 : PRIORITY.comparison;
  return text === 'not' && isOperand ? PRIORITY.comparison : 0;
}
