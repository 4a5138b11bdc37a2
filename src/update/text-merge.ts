/** Three texts become one, line by line. Pure. */

import { diff3Merge } from 'node-diff3';
import { append } from '../support/append.ts';

/** How the sides of a conflict are named in its markers. */
export interface Labels {
  readonly mine: string;
  readonly old: string;
  readonly new: string;
}

/** The template as it was, as it is, and what the author has. */
export interface Three {
  readonly old: string;
  readonly new: string;
  readonly mine: string;
}

export interface Merged {
  readonly text: string;
  readonly conflicts: number;
}

/**
 * Merges as diff3 does. A place that both changed, and not alike, is a conflict: both are kept between markers.
 * @param union what both only added at one place is no conflict: the author's stands first
 */
export function mergeText(three: Three, labels: Labels, union = false): Merged {
  if (three.mine === three.new || three.old === three.new) return { text: three.mine, conflicts: 0 };
  if (three.mine === three.old) return { text: three.new, conflicts: 0 };
  const [mine, old, fresh] = [three.mine, three.old, three.new].map(lines) as [string[], string[], string[]];
  let conflicts = 0;
  const out: string[] = [];
  for (const region of regionsOf(mine, old, fresh)) {
    if (region.ok !== undefined) append(out, region.ok);
    const hunk = region.conflict;
    if (hunk === undefined) continue;
    if (union && hunk.o.length === 0) {
      const own = new Set(hunk.a);
      append(out, hunk.a);
      append(
        out,
        hunk.b.filter((line) => !own.has(line)),
      );
      continue;
    }
    conflicts += 1;
    append(out, markers(hunk, labels));
  }
  return { text: joinLines(out), conflicts };
}

interface Region {
  readonly ok?: readonly string[];
  readonly conflict?: Hunk;
}

interface Hunk {
  readonly a: readonly string[];
  readonly o: readonly string[];
  readonly b: readonly string[];
}

/**
 * Steps of all merges of a run: lines that are alike on both sides, times the lines. diff3 takes as long as that; a
 * thousand ordinary files need a hundredth of it.
 */
const STEPS = 4_000_000_000;
let taken = 0;

/** The diff3 of three texts; where it would take too long, all that differs as one region. */
function regionsOf(mine: string[], old: string[], fresh: string[]): readonly Region[] {
  const whole = merged(mine, old, fresh);
  if (whole !== undefined) return whole;
  const start = commonStart(mine, old, fresh);
  const [a, o, b] = [mine, old, fresh].map((side) => side.slice(start)) as [string[], string[], string[]];
  const end = commonStart(a.toReversed(), o.toReversed(), b.toReversed());
  const [restA, restO, restB] = [a, o, b].map((side) => side.slice(0, side.length - end)) as [
    string[],
    string[],
    string[],
  ];
  return [
    { ok: mine.slice(0, start) },
    ...(merged(restA, restO, restB) ?? [{ conflict: { a: restA, o: restO, b: restB } }]),
    { ok: mine.slice(mine.length - end) },
  ];
}

function merged(mine: string[], old: string[], fresh: string[]): readonly Region[] | undefined {
  const steps = stepsOf(mine, old) + stepsOf(fresh, old);
  // one text may take a quarter of what is left
  if (steps > (STEPS - taken) / 4) return undefined;
  taken += steps;
  return diff3Merge(mine, old, fresh, { excludeFalseConflicts: true });
}

function stepsOf(some: readonly string[], others: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1);
  let alike = 0;
  for (const line of some) alike += counts.get(line) ?? 0;
  return alike * Math.min(some.length, others.length);
}

/** Lines at the beginning that all three have. */
function commonStart(a: readonly string[], b: readonly string[], c: readonly string[]): number {
  let count = 0;
  while (count < b.length && a[count] === b[count] && b[count] === c[count]) count += 1;
  return count;
}

function markers(hunk: Hunk, labels: Labels): readonly string[] {
  return [
    `<<<<<<< ${labels.mine}\n`,
    ...ended(hunk.a),
    `||||||| ${labels.old}\n`,
    ...ended(hunk.o),
    '=======\n',
    ...ended(hunk.b),
    `>>>>>>> ${labels.new}\n`,
  ];
}

/** Lines with their ends, so that joining them gives the text again. */
export function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Only the last line of a text may lack its end. */
export function joinLines(parts: readonly string[]): string {
  const filled = parts.filter((part) => part !== '');
  return filled
    .map((part, at) => (at < filled.length - 1 && !part.endsWith('\n') ? `${part}\n` : part))
    .join('');
}

function ended(given: readonly string[]): readonly string[] {
  return given.map((line) => (line.endsWith('\n') ? line : `${line}\n`));
}

/** The first lines of conflicts, from 1. */
export function conflictLines(text: string): readonly number[] {
  return text.split('\n').flatMap((line, at) => (/^<{7} /.test(line) ? [at + 1] : []));
}

/** Whether a text holds a conflict that nobody has resolved: all markers, in their order. */
export function hasConflict(text: string): boolean {
  let met = 0;
  for (const line of lines(text)) {
    if (MARKERS[met]?.test(line) === true) met += 1;
    if (met === MARKERS.length) return true;
  }
  return false;
}

const MARKERS = [/^<{7} /, /^\|{7} /, /^={7}\n/, /^>{7} /] as const;

/**
 * Whether each line is there as often as both sides want it: what the author wrote is not lost, and what the author
 * took out is not back. Parts that changed their names can mislead a merge by names.
 */
export function isFaithful(three: Three, { text }: Merged): boolean {
  const [old, fresh, mine] = [three.old, three.new, three.mine].map((side) => counts(lines(side)));
  const [all, outside] = [counts(lines(text)), counts(outsideConflicts(text))];
  const of = (map: ReadonlyMap<string, number> | undefined, line: string): number => map?.get(line) ?? 0;
  return [...new Set([...(mine?.keys() ?? []), ...all.keys()])].every((line) => {
    if (line === '') return true;
    const change = of(fresh, line) - of(old, line);
    const had = of(mine, line);
    return of(outside, line) <= had + Math.max(0, change) && of(all, line) >= had + Math.min(0, change);
  });
}

function counts(given: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of given) found.set(line.trim(), (found.get(line.trim()) ?? 0) + 1);
  return found;
}

function outsideConflicts(text: string): readonly string[] {
  let open = false;
  return lines(text).filter((line) => {
    if (/^<{7} /.test(line)) open = true;
    const outside = !open;
    if (/^>{7} /.test(line)) open = false;
    return outside;
  });
}
