/**
 * Wildcards, as glob(7), Python's fnmatch and .gitignore read them. A match takes time in the product of both lengths,
 * whatever the pattern: as a regular expression, patterns of others take it in a power of them.
 */

/** Texts that the braces of one pattern may stand for. */
const ALTERNATIVES = 256;

/** Whether a path, or the name of one folder or file in it, is what a pattern means. */
type Matcher = (path: string) => boolean;

/** A matcher of paths for a pattern without braces; a name with a leading dot must be named. */
export function globMatcher(pattern: string): Matcher {
  const segments = pattern.split('/').map(segmentOf);
  return (path) => {
    const names = path.split('/');
    return (
      names.length === segments.length && segments.every((segment, at) => takes(segment, names[at] ?? ''))
    );
  };
}

/** A matcher of names as Python's fnmatch: no character is special in them. */
export function nameMatcher(pattern: string): Matcher {
  const segment = { ...segmentOf(pattern), isOpen: false };
  return (name) => takes(segment, name);
}

/** One character of a kind; any number of them; or a way past the next steps. */
interface Step {
  readonly takes: (char: string) => boolean;
  readonly repeats?: true;
  readonly past?: number;
}

const ANY: Step = { takes: () => true, repeats: true };
const IN_FOLDER: Step = { takes: (char) => char !== '/', repeats: true };

/** A matcher of paths: `*` and `?` stay within a folder, `**` goes across folders, `**\/` may stand for none. */
export function deepMatcher(pattern: string): Matcher {
  const steps = pattern.split(/(\*\*\/?|\*|\?)/).flatMap(stepsOf);
  return (path) => {
    let open = reached(steps, [0]);
    for (const char of path) {
      const next: number[] = [];
      for (const at of open) {
        const step = steps[at];
        if (step?.takes(char) === true) next.push(step.repeats === true ? at : at + 1);
      }
      open = reached(steps, next);
    }
    return open.has(steps.length);
  };
}

function stepsOf(part: string): readonly Step[] {
  if (part === '**/') return [{ takes: () => false, repeats: true, past: 3 }, ANY, { takes: literal('/') }];
  if (part === '**') return [ANY];
  if (part === '*') return [IN_FOLDER];
  if (part === '?') return [{ takes: IN_FOLDER.takes }];
  return Array.from(part, (char) => ({ takes: literal(char) }));
}

/** The steps that may come next; what repeats may be left out. */
function reached(steps: readonly Step[], from: readonly number[]): ReadonlySet<number> {
  const found = new Set(from);
  // what is added while it is walked over is walked over too
  for (const at of found) {
    const step = steps[at];
    if (step?.repeats === true) found.add(at + 1);
    if (step?.past !== undefined) found.add(at + step.past);
  }
  return found;
}

export function hasWildcard(text: string): boolean {
  return /[*?[{]/.test(text);
}

/**
 * `a{b,c}d` → `abd`, `acd`; braces without a partner stay as they are. Of more alternatives than anybody writes, the
 * first ones.
 */
export function expandBraces(pattern: string): readonly string[] {
  return [...alternatives(pattern)];
}

/** Whether expandBraces gives fewer alternatives than there are. */
export function isCutShort(pattern: string): boolean {
  if ((pattern.match(/,/g)?.length ?? 0) < 8) return false;
  let count = 0;
  for (const _ of alternatives(pattern, ALTERNATIVES + 1)) count += 1;
  return count > ALTERNATIVES;
}

function* alternatives(pattern: string, most = ALTERNATIVES): Generator<string> {
  // texts that are still to be expanded, the next one last
  const open = [pattern];
  for (let left = most; left > 0;) {
    const text = open.pop();
    if (text === undefined) return;
    const found = firstBraces(text);
    if (found === undefined) {
      left -= 1;
      yield text;
      continue;
    }
    const { before, parts, rest } = found;
    for (const part of parts.slice(0, left).toReversed()) open.push(before + part + rest);
  }
}

interface Braces {
  readonly before: string;
  readonly parts: readonly string[];
  readonly rest: string;
}

/** The outermost braces that come first; undefined when there are none that close. */
function firstBraces(text: string): Braces | undefined {
  const open = text.indexOf('{');
  if (open < 0) return undefined;
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < text.length; at++) {
    const char = text[at];
    if (char === '{') depth++;
    else if (char === '}') depth--;
    if ((char === ',' && depth === 1) || (char === '}' && depth === 0)) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
    if (depth === 0) return { before: text.slice(0, open), parts, rest: text.slice(at + 1) };
  }
  return undefined;
}

/** One character of a kind, or any number of any. */
type Piece = Step['takes'] | '*';

interface Segment {
  readonly pieces: readonly Piece[];
  /** Whether it begins with a wildcard, which takes no dot. */
  readonly isOpen: boolean;
}

function segmentOf(text: string): Segment {
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '*') {
      if (pieces.at(-1) !== '*') pieces.push('*');
    } else if (char === '?') pieces.push(() => true);
    else if (char === '\\' && at + 1 < text.length) pieces.push(literal(text.charAt(++at)));
    else if (char === '[') {
      const end = text.indexOf(']', at + 2);
      if (end < 0) pieces.push(literal('['));
      else {
        pieces.push(bracket(text.slice(at + 1, end)));
        at = end;
      }
    } else pieces.push(literal(char));
  }
  return { pieces, isOpen: /^[*?[]/.test(text) };
}

function literal(char: string): Step['takes'] {
  return (other) => other === char;
}

function bracket(inside: string): Piece {
  const negated = inside.startsWith('!') || inside.startsWith('^');
  const set = negated ? inside.slice(1) : inside;
  const ranges: [string, string][] = [];
  for (let at = 0; at < set.length; at++) {
    const isRange = set[at + 1] === '-' && at + 2 < set.length;
    ranges.push([set.charAt(at), set.charAt(isRange ? at + 2 : at)]);
    if (isRange) at += 2;
  }
  return (char) => ranges.some(([from, to]) => from <= char && char <= to) !== negated;
}

/** A `*` takes more until the rest fits; an earlier one need never be tried again. */
function takes({ pieces, isOpen }: Segment, name: string): boolean {
  if (isOpen && name.startsWith('.')) return false;
  let [piece, at] = [0, 0];
  let [star, starAt] = [-1, 0];
  while (at < name.length) {
    const now = pieces[piece];
    if (now === '*') {
      star = piece++;
      starAt = at;
    } else if (now?.(name.charAt(at)) === true) {
      piece++;
      at++;
    } else if (star >= 0) {
      piece = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (pieces[piece] === '*') piece++;
  return piece === pieces.length;
}
