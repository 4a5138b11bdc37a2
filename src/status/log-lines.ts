/** A line of a service's log. */
export interface LogLine {
  readonly service: string;
  readonly text: string;
  /** Local time of the target, `2026-11-20 10:24:53`, as far as it is known; a line without one has that of the line before. */
  readonly time: string;
  /** Whether it speaks of a plugin that is looked at. */
  readonly own: boolean;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The time that a line begins with: Asterisk's `[Nov 20 10:24:53]`, Wazo's `2026-11-20 10:24:53,123`, or the
 * journal's `2026-11-20T10:24:53+0100`. `now` gives the year that Asterisk leaves out. Empty when there is none.
 */
export function timeOf(line: string, now: string): string {
  const iso = /^\[?(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,](\d+))?/.exec(line);
  if (iso !== null) return `${iso[1]} ${iso[2]}${iso[3] === undefined ? '' : `.${iso[3]}`}`;
  const short = /^\[([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d)/.exec(line);
  const month = MONTHS.indexOf(short?.[1] ?? '') + 1;
  if (short === null || month === 0) return '';
  const two = (value: string | number): string => String(value).padStart(2, '0');
  const [year, rest] = [Number(now.slice(0, 4)), `-${two(month)}-${two(short[2] ?? '')} ${short[3]}`];
  // in January, a line of December is last year's
  return `${year}${rest}` > `${now.slice(0, 10)} 99` ? `${year - 1}${rest}` : `${year}${rest}`;
}

/** Reads what a service logged, from some point on. `before` is the time of the line before. */
export function readLines(
  service: string,
  text: string,
  context: { readonly now: string; readonly mentions: Mentions; readonly before?: string },
): readonly LogLine[] {
  let time = context.before ?? '';
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => {
    time = timeOf(line, context.now) || time;
    return { service, text: line, time, own: context.mentions.isIn(line) };
  });
}

/** Words that lines are searched for, as wholes: `hello` is not in `hello-world`. */
export class Mentions {
  /** By the rarest of their parts, which stands as a whole in each line that has the word. */
  readonly #byPart = new Map<string, string[]>();

  constructor(words: readonly string[]) {
    const parts = words.map((word) => word.match(PART) ?? []);
    const counts = new Map<string, number>();
    for (const part of parts.flat()) counts.set(part, (counts.get(part) ?? 0) + 1);
    for (const [at, word] of words.entries()) {
      const [rarest] = (parts[at] ?? []).toSorted((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
      if (rarest === undefined) continue;
      const others = this.#byPart.get(rarest);
      if (others === undefined) this.#byPart.set(rarest, [word]);
      else others.push(word);
    }
  }

  isIn(line: string): boolean {
    if (this.#byPart.size === 0) return false;
    const seen = new Set(line.match(PART));
    return [...seen].some((part) => this.#byPart.get(part)?.some((word) => isWhole(line, word)) === true);
  }
}

const PART = /[\w-]+/g;

function isWhole(line: string, word: string): boolean {
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
    const around = [line.charAt(at - 1), line.charAt(at + word.length)];
    if (!around.some((sign) => /[\w-]/.test(sign))) return true;
  }
  return false;
}

/**
 * Puts the lines of several services in the order of their times; those of one service keep theirs, also where the clock
 * was set back between them.
 */
export function mergeLines(lists: readonly (readonly LogLine[])[]): readonly LogLine[] {
  const placed = lists.flatMap((lines) => {
    let latest = '';
    return lines.map((line) => {
      if (line.time > latest) latest = line.time;
      return { line, latest };
    });
  });
  placed.sort((a, b) => (a.latest < b.latest ? -1 : Number(a.latest > b.latest)));
  return placed.map(({ line }) => line);
}
