/**
 * Long names make lines of Python longer than black's 88 columns. Here they are broken as black does, so that a plugin has the
 * form of Wazo's repositories whatever its name is. The rules are those of black 26 (Apache, MIT: github.com/psf/black, linegen.py):
 * the last bracket first, then delimiters by priority. Pure.
 */

import { BLACK_WIDTH, Line, PRIORITY, commasIn, isMagic, written } from './python-line.ts';
import { depthsOf, statementsOf, withOptionalParens, type Leaf } from './python-leaves.ts';

/** flake8 says nothing of lines up to here. */
const FLAKE8_WIDTH = 99;
const ONE_STRING = /^ *\w?'[^']*',?$/;

/**
 * The text with each statement that names made too wide broken as black breaks it; a string that is too long for all that is
 * marked for flake8. A template whose own statements black would break has another form, and is left as it is.
 */
export function wrapPython(template: string, text: string): string {
  const wrapped = wrapLines(text);
  return wrapped === text || wrapLines(template) !== template ? text : wrapped;
}

function wrapLines(text: string): string {
  const lines = text.split('\n');
  if (!lines.some(isWide)) return text;
  const result: string[] = [];
  let next = 0;
  for (const { from, to, depth, leaves } of statementsOf(lines)) {
    result.push(...lines.slice(next, from));
    next = to + 1;
    const own = lines.slice(from, next);
    if (leaves === undefined || !Number.isInteger(depth) || !own.some(isWide)) result.push(...own);
    else result.push(...wrapStatement(leaves, depth));
  }
  return [...result, ...lines.slice(next)].join('\n');
}

function isWide(line: string): boolean {
  return line.length > BLACK_WIDTH;
}

function wrapStatement(leaves: readonly Leaf[], depth: number): readonly string[] {
  const line = new Line(withOptionalParens(leaves), depth, 'statement');
  const wrapped = transform(line).map(String);
  if (line.isImport) return wrapped;
  return wrapped.map((text) =>
    text.length > FLAKE8_WIDTH && ONE_STRING.test(text) ? `${text}  # noqa: E501` : text,
  );
}

class CannotSplit extends Error {}

/** The lines that a line becomes. */
function transform(line: Line, forced = false): readonly Line[] {
  if (!line.mustSplit && !line.magicComma && line.fits) return [line];
  const ways: readonly ((line: Line, forced: boolean) => Iterable<Line>)[] = line.isDef
    ? [leftHandSplit]
    : line.inside
      ? [delimiterSplit, rightHandSplits]
      : [rightHandSplits];
  for (const way of ways) {
    try {
      return attempt(line, way, forced);
    } catch (error) {
      if (!(error instanceof CannotSplit)) throw error;
    }
  }
  return [line];
}

function attempt(
  line: Line,
  way: (line: Line, forced: boolean) => Iterable<Line>,
  forced: boolean,
): readonly Line[] {
  const before = String(line);
  const optional = optionalParens(line);
  const result: Line[] = [];
  for (const part of way(line, forced)) {
    if (String(part) === before) throw new CannotSplit('the same line');
    result.push(...transform(part, forced));
  }
  const done = forced || way !== rightHandSplits || optional.length === 0;
  if (done || optional.some(({ text }) => text !== '') || result[0]?.fits === true) return result;
  const second = attempt(line, way, true);
  return second.every(({ fits }) => fits) ? second : result;
}

function optionalParens({ leaves }: Line): readonly Leaf[] {
  const depths = depthsOf(leaves);
  return leaves.filter(({ text, kind }, at) => text === '' && kind === 'open' && depths[at] === 0);
}

interface Split {
  readonly head: Line;
  readonly body: Line;
  readonly tail: Line;
  readonly opening: Leaf;
  readonly closing: Leaf;
}

function splitAt(line: Line, opens: number, closes: number): Split {
  const { leaves, depth } = line;
  const [opening, closing] = [leaves[opens], leaves[closes]];
  if (opening === undefined || closing === undefined || (opens === 0 && line.leaves.length === 0))
    throw new CannotSplit('no brackets');
  const inner = leaves.slice(opens + 1, closes);
  const hasComma = commasIn(leaves, opens, closes) > 0;
  const last = inner.at(-1);
  if (
    last !== undefined &&
    last.text !== ',' &&
    (line.isImport || (line.isDef && !hasComma && opening.text === '('))
  )
    inner.push({ text: ',', space: false, kind: 'operator' });
  const head = new Line(leaves.slice(0, opens + 1), depth, 'head');
  const body = new Line(inner, depth + 1, 'body');
  const tail = new Line(leaves.slice(closes), depth, 'tail');
  if (inner.length === 0) throw new CannotSplit('nothing in the brackets');
  const trailing = last?.text === ',' ? last : inner.at(-1)?.text === ',' ? inner.at(-1) : undefined;
  body.mustSplit =
    (opening.text !== '' || line.isImport) &&
    body.highest(trailing) === PRIORITY.comma &&
    (trailing !== undefined || opening.literal === true);
  return { head, body, tail, opening, closing };
}

function* leftHandSplit(line: Line): Generator<Line> {
  const opens = line.leaves.findIndex(({ text }) => text === '(');
  const closes = line.leaves.findIndex(({ opening }) => opening === line.leaves[opens]);
  if (opens < 0 || closes < 0) throw new CannotSplit('no brackets');
  const { head, body, tail } = splitAt(line, opens, closes);
  yield* [head, body, tail];
}

function* rightHandSplits(line: Line, forced: boolean): Generator<Line> {
  for (const omit of omits(line)) {
    const lines = [...rightHandSplit(line, omit, forced)];
    if (lines[0]?.fits === true) return yield* lines;
  }
  yield* rightHandSplit(line, new Set(), forced);
}

function rightHandSplit(line: Line, omit: ReadonlySet<Leaf>, forced: boolean): readonly Line[] {
  return withoutOptionalParens(lastSplit(line, omit), line, omit, forced);
}

/** Split at the last pair of brackets that is not in `omit`. */
function lastSplit(line: Line, omit: ReadonlySet<Leaf>): Split {
  const closes = line.leaves.findLastIndex((leaf) => leaf.kind === 'close' && !omit.has(leaf));
  const opening = line.leaves[closes]?.opening;
  const opens = opening === undefined ? -1 : line.leaves.indexOf(opening);
  if (closes < 0 || opens < 0) throw new CannotSplit('no brackets');
  return splitAt(line, opens, closes);
}

function withoutOptionalParens(
  split: Split,
  line: Line,
  omit: ReadonlySet<Leaf>,
  forced: boolean,
): readonly Line[] {
  const isOptional = split.opening.text === '' && split.opening.kind === 'open';
  if (!forced && isOptional && !line.isImport && canOmit(split)) {
    try {
      const more = new Set([split.closing, ...omit]);
      const other = lastSplit(line, more);
      if (prefersOther(other, split)) return withoutOptionalParens(other, line, more, forced);
    } catch (error) {
      if (!(error instanceof CannotSplit)) throw error;
      if (!canBeSplit(split.body) && !split.body.fits) throw error;
    }
  }
  if (isOptional) {
    split.opening.text = '(';
    split.closing.text = ')';
  }
  return [split.head, split.body, split.tail];
}

function canBeSplit({ leaves }: Line): boolean {
  if (leaves.length < 2) return false;
  if (leaves[0]?.kind !== 'string' || leaves[1]?.text !== '.') return true;
  let calls = 0;
  let dots = 0;
  for (let at = leaves.length - 2; at >= 0; at -= 1) {
    const [leaf, next] = [leaves[at], leaves[leaves.length - 1]];
    if (leaf?.kind === 'open') {
      if (next?.kind !== 'close') return false;
      calls += 1;
    } else if (leaf?.text === '.') dots += 1;
    else if (leaf?.kind === 'name') {
      if (next?.text !== '.' && next?.kind !== 'open') return false;
    } else if (leaf?.kind !== 'close') return false;
    if (dots > 1 && calls > 1) return false;
  }
  return true;
}

/** Whether what stands in optional parentheses may go without them. */
function canOmit({ body }: Split): boolean {
  if (body.delimiters.size === 0) return true;
  const highest = body.highest();
  if (body.count(highest) > 1) return false;
  if (highest === PRIORITY.dot) return true;
  const [first, second] = body.leaves;
  const [penultimate, last] = body.leaves.slice(-2);
  if (first?.kind === 'open' && second?.kind !== 'close' && canOmitOpening(body, first)) return true;
  const closes =
    last?.text === ')' || last?.text === '}' || (last?.text === ']' && last.opening?.literal === true);
  if (!closes || last === undefined || penultimate?.kind === 'open') return false;
  return canOmitClosing(body, last);
}

function canOmitOpening(line: Line, first: Leaf): boolean {
  let rest = false;
  let length = 4 * line.depth;
  for (const leaf of line.leaves) {
    if (leaf.opening === first) rest = true;
    if (!rest) continue;
    length += written(leaf).length;
    if (length > BLACK_WIDTH) return false;
    if (leaf.kind === 'open') rest = false;
  }
  return true;
}

function canOmitClosing(line: Line, last: Leaf): boolean {
  let length = 4 * line.depth;
  let others = false;
  for (const leaf of line.leaves) {
    length += written(leaf).length;
    if (leaf === last.opening) {
      if (others || length <= BLACK_WIDTH) return true;
    } else if (leaf.kind === 'open') others = true;
  }
  return false;
}

function prefersOther(other: Split, split: Split): boolean {
  const head = split.head.leaves;
  if (head.at(-2)?.text !== '=') return true;
  if (!head.slice(0, -1).some(({ kind }) => kind === 'open' || kind === 'close')) return true;
  if (split.head.width > BLACK_WIDTH - 1) return true;
  if (split.head.magicComma) return true;
  const equals = (line: Line): number => line.leaves.filter(({ text }) => text === '=').length;
  if (equals(split.head) > 1 && equals(split.head) > equals(other.head)) return false;
  const after = other.head.leaves.slice(other.head.leaves.findLastIndex(({ text }) => text === '=') + 1);
  if (after.some(({ kind }) => kind === 'close')) return true;
  return equals(other.head) > 0 && other.head.fits;
}

/** Sets of closing brackets that a split may pass over, each holding the one before. */
function* omits(line: Line): Generator<ReadonlySet<Leaf>> {
  const omit = new Set<Leaf>();
  if (!line.magicComma) yield new Set(omit);
  let length = 4 * line.depth;
  let opening: Leaf | undefined;
  let closing: Leaf | undefined;
  const inner = new Set<Leaf>();
  for (let at = line.leaves.length - 1; at >= 0; at -= 1) {
    const leaf = line.leaves[at];
    if (leaf === undefined) continue;
    length += written(leaf).length;
    if (length > BLACK_WIDTH) break;
    const before = line.leaves[at - 1];
    if (opening !== undefined) {
      if (leaf === opening) opening = undefined;
      else if (leaf.kind === 'close') {
        if (isMagic(line.leaves, at, line.isImport)) break;
        inner.add(leaf);
      }
    } else if (leaf.kind === 'close') {
      if (before?.kind === 'open') {
        inner.add(leaf);
        continue;
      }
      if (closing !== undefined) {
        omit.add(closing);
        for (const one of inner) omit.add(one);
        inner.clear();
        yield new Set(omit);
      }
      if (isMagic(line.leaves, at, line.isImport)) break;
      if (leaf.text !== '') {
        opening = leaf.opening;
        closing = leaf;
      }
    }
  }
}

/** Broken at the delimiters of the highest priority, with a comma at the end where they are commas. */
function* delimiterSplit(line: Line): Generator<Line> {
  const last = line.leaves.at(-1);
  const highest = line.highest(last);
  if (highest === 0) throw new CannotSplit('no delimiters');
  if (highest === PRIORITY.dot && line.count(highest) === 1) throw new CannotSplit('a single attribute');
  let part: Leaf[] = [];
  for (const leaf of line.leaves) {
    part.push(leaf);
    if (line.delimiters.get(leaf) !== highest) continue;
    yield new Line(part, line.depth, 'body');
    part = [];
  }
  if (part.length === 0) return;
  if (highest === PRIORITY.comma && part.at(-1)?.text !== ',')
    part.push({ text: ',', space: false, kind: 'operator' });
  yield new Line(part, line.depth, 'body');
}
