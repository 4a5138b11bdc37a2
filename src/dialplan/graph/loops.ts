import type { Extension, Priority } from '../read/dialplan.ts';

/** A While with what is behind it, up to its EndWhile; without a While, what stands in no loop. */
interface Level {
  readonly start: Priority | undefined;
  end: number | undefined;
}

interface Levels {
  /** By the number of a priority: the loop that goes on behind it. */
  readonly behind: ReadonlyMap<number, Level>;
  /** The loop that it stands in; an EndWhile stands in its own. */
  readonly around: ReadonlyMap<number, Level>;
}

const read = new WeakMap<readonly Priority[], Levels>();

/** The number of the EndWhile behind a While, an ExitWhile, … */
export function endOfLoop({ priorities }: Extension, from: number): number | undefined {
  return levelsOf(priorities).behind.get(from)?.end;
}

/** The While of the loop that a priority stands in. */
export function startOfLoop({ priorities }: Extension, from: number): Priority | undefined {
  const { start, end } = levelsOf(priorities).around.get(from) ?? {};
  return end === undefined ? undefined : start;
}

function levelsOf(priorities: readonly Priority[]): Levels {
  const known = read.get(priorities);
  if (known !== undefined) return known;
  const [behind, around] = [new Map<number, Level>(), new Map<number, Level>()];
  const open: Level[] = [];
  let level: Level = { start: undefined, end: undefined };
  for (const priority of priorities) {
    const { app, number } = priority;
    around.set(number, level);
    const name = app.trim().toLowerCase();
    if (name === 'while') {
      open.push(level);
      level = { start: priority, end: undefined };
    } else if (name === 'endwhile') {
      level.end = number;
      level = open.pop() ?? { start: undefined, end: undefined };
    }
    behind.set(number, level);
  }
  const levels = { behind, around };
  read.set(priorities, levels);
  return levels;
}
