import type { Place } from '../read/place.ts';

/** The dialplan as a graph: what leads a call from one priority to another. Pure data; views draw it. */

export interface GraphPriority {
  /** `context,extension,number`, unique. */
  readonly id: string;
  readonly number: number;
  readonly label?: string;
  readonly app: string;
  readonly data: string;
  readonly place: Place;
  /** The call may end or leave the dialplan here: a word or two, e.g. `ends the call`, `dials`. */
  readonly leaves?: string;
}

export interface GraphExtension {
  /** `context,extension`. */
  readonly id: string;
  /** As written, with its caller behind `/`. */
  readonly name: string;
  /** Of h, i, t and their like: when a call comes here by itself. */
  readonly entered?: string;
  /** The device of its hint. */
  readonly hint?: string;
  readonly priorities: readonly GraphPriority[];
}

export interface GraphContext {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  readonly extensions: readonly GraphExtension[];
}

/** A place that is named and not here: another file's context, a missing priority, or one that only a call knows. */
export interface GraphOutside {
  readonly id: string;
  readonly kind: 'context' | 'missing' | 'computed';
  readonly name: string;
}

export type EdgeKind =
  | 'next'
  | 'goto'
  | 'gosub'
  | 'return'
  | 'macro'
  | 'loop'
  | 'hangup'
  | 'invalid'
  | 'digits'
  | 'leg'
  | 'script'
  | 'include'
  | 'switch';

/** The known parts of a computed target; one that only a call knows is undefined. */
export interface Target {
  readonly context?: string;
  /** A number, or the name of the extension whose number it is. */
  readonly extension?: string;
  readonly priority?: number;
  /** Only priorities that run this application. */
  readonly app?: string;
}

export interface GraphEdge {
  /** A priority; of includes, switches and what happens anywhere in a context, that context. */
  readonly from: string;
  /** A priority, an extension or context of which only that is known, or an outside place. */
  readonly to: string;
  readonly kind: EdgeKind;
  /** Whether it follows from the text; a computed one depends on a value that only a call has. */
  readonly certainty: 'static' | 'computed';
  /** The text that leads there, or why a call goes there: `GotoIf, when true`. */
  readonly reason: string;
  readonly place: Place;
  /** Of a computed edge. */
  readonly target?: Target;
  /** The context that a jump names, where the place that it leads to is written in another one. */
  readonly through?: string;
  /** How many traced calls took it; undefined when none were traced. */
  readonly taken?: number;
}

export interface DialplanGraph {
  readonly contexts: readonly GraphContext[];
  readonly outside: readonly GraphOutside[];
  readonly edges: readonly GraphEdge[];
  /** Names of what was left out, because there is too much of it. */
  readonly notes: readonly string[];
}
