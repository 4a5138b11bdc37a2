import type { Extension, Priority } from '../read/dialplan.ts';

/** The number of the EndWhile behind a While, an ExitWhile, … */
export function endOfLoop({ priorities }: Extension, from: number): number | undefined {
  let depth = 0;
  for (const { app, number } of priorities) {
    if (number <= from) continue;
    const name = app.trim().toLowerCase();
    if (name === 'while') depth++;
    else if (name === 'endwhile' && depth-- === 0) return number;
  }
  return undefined;
}

/** The While of the loop that a priority stands in. */
export function startOfLoop({ priorities, ...extension }: Extension, from: number): Priority | undefined {
  return priorities.findLast(({ app, number }) => {
    if (app.trim().toLowerCase() !== 'while' || number >= from) return false;
    return (endOfLoop({ ...extension, priorities }, number) ?? -1) >= from;
  });
}
