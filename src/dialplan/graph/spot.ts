import type { Context, Extension, Priority } from '../read/dialplan.ts';
import type { Exits } from './exits.ts';
import type { GraphPriority } from './model.ts';

/** A priority with its surroundings. */
export interface Spot {
  readonly context: Context;
  readonly extension: Extension;
  readonly priority: Priority;
  readonly exits: Exits;
  readonly node: GraphPriority;
}

/** No name of a context holds a comma and a blank behind it. */
export function contextId(name: string): string {
  return `context, ${name}`;
}
