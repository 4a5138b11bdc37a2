/** The commands that `make -n --trace` prints, each with the line of the Makefile that it came from. Pure. */

import path from 'node:path/posix';
import type { SourceText } from '../source-text.ts';

/** A command that make would hand to a shell of its own. */
export interface RecipeLine {
  readonly text: string;
  /** Its place in a Makefile: that of its first line. */
  readonly spot: Spot;
  /** The lines of the Makefile that it was made of, when they are known one by one. */
  readonly rows: readonly Row[];
  /** Begins with `-`: its failure does not count. */
  readonly guarded: boolean;
  /** The folder of the sources that it is run in; empty for the top. */
  readonly folder: string;
  /** Characters that it has in common with the line of the recipe; -1 where it can have come from none. */
  readonly common: number;
}

export interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One line of a recipe, as it stands in a Makefile. */
export interface Row {
  readonly text: string;
  readonly spot: Spot;
}

/** `wazo/rules:12: target 'package' does not exist`, before the commands of a target. */
const TRACE = /^([^:\n]+):(\d+): (?:update )?target '/;

/** Words of make's own: `make[1]: Entering directory '/p/src'`, around what a make that it calls would do. */
const WORDS = /^g?make(?:\[\d+\])?: (?:(Entering|Leaving) directory '(.*)'$)?/;

interface Place {
  readonly recipe: Recipe | undefined;
  readonly folder: string;
}

/**
 * The commands of an answer, in order, each with its place. What is said before the first target is no command.
 * With `oneShell` the lines of a recipe are one command.
 */
export function recipeLines(
  stdout: string,
  file: SourceText,
  files: ReadonlyMap<string, SourceText>,
  oneShell = false,
): readonly RecipeLine[] {
  const found: RecipeLine[] = [];
  const known = new Map<string, Omit<Recipe, 'next' | 'isGoingOn'>>();
  const budget = { left: COMPARED };
  const callers: Place[] = [];
  let folder = '';
  let recipe: Recipe | undefined;
  let held: string[] = [];
  let together: RecipeLine[] = [];
  const own = { file: file.path, line: 1, column: 1 };
  const said = infosOf(files);
  let from = 0;
  const end = (): void => {
    const text = held.join('\n').replace(/\\$/, '');
    held = [];
    if (recipe === undefined || text.trim() === '') return;
    const line = placed(text, recipe, folder, budget);
    if (oneShell) together.push(line);
    else found.push(line);
  };
  const endRecipe = (): void => {
    dropInfos(together, 0, said, budget);
    if (together.length > 0) found.push(inOneShell(together));
    together = [];
    dropInfos(found, from, said, budget);
    from = found.length;
  };
  for (const row of stdout.split('\n')) {
    const words = held.length === 0 ? WORDS.exec(row) : null;
    if (words !== null) {
      endRecipe();
      const [, what, where = ''] = words;
      if (what === 'Entering') {
        callers.push({ recipe, folder });
        recipe = undefined;
        folder = where.startsWith('./') ? where.slice(2) : '';
      }
      if (what === 'Leaving') ({ recipe, folder } = callers.pop() ?? { recipe, folder });
      continue;
    }
    const trace = held.length === 0 ? TRACE.exec(row) : null;
    if (trace !== null) {
      endRecipe();
      const [, named = '', line = ''] = trace;
      const source = files.get(path.join(folder, named));
      const key = `${folder}/${named}:${line}`;
      if (source !== undefined && Number(line) <= source.lines.length) {
        const at = known.get(key) ?? recipeAt(source, Number(line));
        known.set(key, at);
        recipe = { ...at, next: 0, isGoingOn: false };
        // a Makefile that is not the plugin's is known by the line that called it
      } else recipe = { lines: [], spot: found.at(-1)?.spot ?? own, next: 0, isGoingOn: false };
      continue;
    }
    if (recipe === undefined) continue;
    held.push(row);
    if (!row.endsWith('\\')) end();
  }
  end();
  endRecipe();
  return found;
}

/** The texts of `$(info …)` in all files that make may read, as the pieces between their variables. */
function infosOf(files: ReadonlyMap<string, SourceText>): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  for (const { text } of files.values()) {
    const info = /\$[({]info[ \t]+/g;
    for (let match = info.exec(text); match !== null; match = info.exec(text)) {
      const end = closing(text, match.index + 1);
      found.push(literalPieces(text.slice(info.lastIndex, end)));
      info.lastIndex = end;
    }
  }
  return found;
}

/** Make says what `$(info …)` of a recipe holds before it names the target: behind the commands of the one before. */
function dropInfos(
  lines: RecipeLine[],
  from: number,
  said: readonly (readonly string[])[],
  budget: { left: number },
): void {
  while (lines.length > from && budget.left > 0) {
    const { text = '', common = 0 } = lines.at(-1) ?? {};
    budget.left -= said.length;
    if (!said.some((pieces) => pieces.join('').length > common && canBecome(pieces, text))) return;
    lines.pop();
  }
}

/** The lines of a recipe as the one script that a shell gets: `.ONESHELL`. */
function inOneShell(lines: readonly RecipeLine[]): RecipeLine {
  const rows = lines.flatMap((line) =>
    line.text.split('\n').map((text, at) => line.rows[at] ?? { text, spot: line.spot }),
  );
  const { spot = { file: '', line: 1, column: 1 }, guarded = false, folder = '' } = lines[0] ?? {};
  const text = lines.map((line) => line.text).join('\n');
  return { text, spot, rows, guarded, folder, common: text.length };
}

/** The lines of a recipe as they stand in a Makefile, and how far they have been run. */
interface Recipe {
  readonly lines: readonly LogicalLine[];
  readonly spot: Spot;
  next: number;
  /** The line `next` is canned, and was run already. */
  isGoingOn: boolean;
}

/** One command of a recipe, with the lines that `\\` continues. */
interface LogicalLine {
  readonly rows: readonly Row[];
  /** `@`, `-` and `+`, which are not part of the command. */
  readonly prefix: string;
  /** The text between the variables of make. */
  readonly pieces: readonly string[];
  /** A variable or a call that can become many commands. */
  readonly isCanned: boolean;
  /** The arguments of a `$(call …)`, as far as they are literal. */
  readonly passed: readonly string[];
}

/** Lines of recipes that are compared with commands, for all of an answer. */
const COMPARED = 200_000;

/** A recipe that begins at a line, or on the line of its target behind `;`. */
function recipeAt(source: SourceText, line: number): Omit<Recipe, 'next' | 'isGoingOn'> {
  const found: LogicalLine[] = [];
  const { lines } = source;
  const mark = recipePrefix(lines.slice(0, line));
  const first = lines[line - 1] ?? '';
  const spot = { file: source.path, line, column: 1 + leading(first) };
  let at = line - 1;
  if (!first.startsWith(mark)) {
    const behind = first.indexOf(';');
    if (behind >= 0) found.push(logicalLine([rowOf(source, line, behind + 1)]));
    at += 1;
  }
  for (; at < lines.length; at += 1) {
    const text = lines[at] ?? '';
    if (text.startsWith(mark)) {
      const rows = [rowOf(source, at + 1, 1)];
      while ((lines[at] ?? '').endsWith('\\') && at + 1 < lines.length) {
        at += 1;
        rows.push(rowOf(source, at + 1, (lines[at] ?? '').startsWith(mark) ? 1 : 0));
      }
      const one = logicalLine(rows);
      if (!becomesNothing(one)) found.push(one);
      // conditionals and empty lines may stand in a recipe
    } else if (text.trim() !== '' && !/^ *(?:#|if(?:n?eq|n?def)\b|else\b|endif\b)/.test(text)) break;
  }
  return { lines: found, spot };
}

/** The character that lines of a recipe begin with, behind these lines. Source: GNU make, `.RECIPEPREFIX`. */
function recipePrefix(lines: readonly string[]): string {
  const set = lines.findLast((line) => PREFIX.test(line)) ?? '';
  return PREFIX.exec(set)?.[1] || '\t';
}

const PREFIX = /^ *\.RECIPEPREFIX *:{0,3}= *(\S?)/;

function rowOf(source: SourceText, line: number, from: number): Row {
  const text = source.lines[line - 1] ?? '';
  return { text: text.slice(from).trimEnd(), spot: { file: source.path, line, column: from + 1 } };
}

function logicalLine([first, ...more]: readonly Row[]): LogicalLine {
  const { text = '', spot = { file: '', line: 1, column: 1 } } = first ?? {};
  const prefix = /^[-@+ \t]*/.exec(text)?.[0] ?? '';
  const rest = text.slice(prefix.length);
  const rows = [{ text: rest, spot: { ...spot, column: spot.column + prefix.length } }, ...more];
  return {
    rows,
    prefix,
    pieces: literalPieces(rows.map((row) => row.text).join('\n')),
    passed: passedTo(rest.trim()),
    isCanned: /^\$[({](?:[^()]*[)}]$|(?:call|foreach)\b)/.test(rest.trim()),
  };
}

/** It says something while make reads it, and is no command. */
function becomesNothing({ rows }: LogicalLine): boolean {
  const text = rows
    .map((row) => row.text)
    .join('\n')
    .trim();
  return /^\$[({](?:info|warning|error) /.test(text) && closing(text, 1) === text.length - 1;
}

function leading(text: string): number {
  return text.length - text.trimStart().length;
}

/** Finds the line of the recipe that a command was made of: the first one not yet run that it can have come from. */
function placed(text: string, recipe: Recipe, folder: string, budget: { left: number }): RecipeLine {
  const { lines, spot } = recipe;
  /** A line that has become commands, and may become more. */
  const goingOn = recipe.isGoingOn ? lines[recipe.next] : undefined;
  let line: LogicalLine | undefined;
  for (let at = recipe.next; at < lines.length && line === undefined && budget.left > 0; at += 1) {
    budget.left -= 1;
    const one = lines[at];
    if (one === undefined || one === goingOn || !canBecome(one.pieces, text)) continue;
    if (goingOn !== undefined && one.isCanned && !isMoreOf(one, goingOn, text)) continue;
    line = one;
    recipe.isGoingOn = one.isCanned;
    recipe.next = one.isCanned ? at : at + 1;
  }
  line ??= goingOn;
  const first = line?.rows[0];
  if (line === undefined || first === undefined) {
    // what define and eval made has no lines here
    const common = lines.length === 0 ? 0 : -1;
    return { text, spot: lines[0]?.rows[0]?.spot ?? spot, rows: [], guarded: false, folder, common };
  }
  const isEach = line.rows.length === text.split('\n').length;
  const guarded = line.prefix.includes('-');
  const common = line.pieces.join('').length;
  return { text, spot: first.spot, rows: isEach ? line.rows : [first], guarded, folder, common };
}

function passedTo(call: string): readonly string[] {
  const words = /^\$[({]call ([^()]*)[)}]$/.exec(call)?.[1]?.split(',').slice(1) ?? [];
  return words.map((word) => word.trim()).filter((word) => word !== '' && !word.includes('$'));
}

/** Whether a command has what one call passes on, and not what another does. */
function isMoreOf(one: LogicalLine, other: LogicalLine, command: string): boolean {
  const has = ({ passed }: LogicalLine): boolean =>
    passed.length > 0 && passed.every((word) => command.includes(word));
  return has(one) && !has(other);
}

/** Whether make can have made a command of a line: the text between its variables stands there, in order. */
function canBecome(pieces: readonly string[], command: string): boolean {
  const [first = ''] = pieces;
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return first.trim() === command.trim();
  if (!command.startsWith(first) || !command.trimEnd().endsWith(last.trimEnd())) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = command.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return command.trimEnd().length - last.trimEnd().length >= at;
}

/** The text around `$(…)`, `${…}` and `$x`, with `$$` as the dollar that it becomes. */
function literalPieces(line: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    if (sign !== '$') {
      piece += sign;
      continue;
    }
    at += 1;
    const next = line[at] ?? '';
    if (next === '$') {
      piece += '$';
      continue;
    }
    pieces.push(piece);
    piece = '';
    if (next === '(' || next === '{') at = closing(line, at);
  }
  return [...pieces, piece];
}

/** The offset of the parenthesis that closes the one at `from`. */
function closing(line: string, from: number): number {
  const open = line[from] ?? '';
  const close = open === '(' ? ')' : '}';
  let depth = 0;
  for (let at = from; at < line.length; at += 1) {
    if (line[at] === open) depth += 1;
    if (line[at] === close && --depth === 0) return at;
  }
  return line.length;
}
