import { runApplication } from './call-applications.ts';
import { Call, type Given, type Position } from './call.ts';
import type { LoadedDialplan } from './dialplan.ts';
import type { Place } from './place.ts';

export interface TraceStep extends Position {
  readonly app: string;
  /** With its variables and expressions replaced. */
  readonly data: string;
  readonly place: Place;
}

export interface Trace {
  readonly steps: readonly TraceStep[];
  /** Why the call ended. */
  readonly end: string;
  /** What could not be known: functions without a value, times of day. */
  readonly notes: readonly string[];
  /** The variables at the end. */
  readonly variables: ReadonlyMap<string, string>;
}

export interface TraceOptions {
  /** Variables, function values (`CALLERID(num)`), and outcomes (`DIALSTATUS`). */
  readonly given?: Given;
  /** For EPOCH and STRFTIME. */
  readonly now: Date;
  /** A call that takes more steps ends there; 10,000 unless told. */
  readonly limit?: number;
}

/** Walks a call through a dialplan without a PBX, and through `h` when it ends. */
export function traceCall(dialplan: LoadedDialplan, start: Position, options: TraceOptions): Trace {
  const call = new Call(dialplan, start, options.given ?? new Map(), options.now);
  const steps: TraceStep[] = [];
  const limit = options.limit ?? 10_000;
  let end = walk(call, steps, limit);
  const { context } = call.position;
  if (call.find({ context, extension: 'h', priority: 1 }) !== undefined && start.extension !== 'h') {
    call.position = { context, extension: 'h', priority: 1 };
    const last = walk(call, steps, limit);
    if (last.includes('more than')) end = last;
  }
  return { steps, end, notes: [...new Set(call.notes)], variables: call.variables };
}

function walk(call: Call, steps: TraceStep[], limit: number): string {
  for (let first = true; ; first = false) {
    const priority = call.find(call.position);
    if (priority === undefined) {
      const { context, extension, priority: number } = call.position;
      // a number that is not in the dialplan never becomes a call; only a jump leads to `i`
      const nowhere = `there is no ${extension} in ${context}`;
      if (number > 1) return `there is no priority ${number} of ${extension} in ${context}`;
      if (first) return nowhere;
      const invalid = { context, extension: 'i', priority: 1 };
      if (extension === 'i' || call.find(invalid) === undefined) return nowhere;
      call.variables.set('INVALID_EXTEN', extension);
      call.position = invalid;
      continue;
    }
    if (steps.length >= limit) return `more than ${limit} steps`;
    const app = priority.app.trim();
    const data = call.substitute(priority.data);
    steps.push({ ...call.position, app, data, place: priority.place });
    const effect = runApplication(call, app.toLowerCase(), data);
    if (effect.kind === 'end') return effect.why;
    if (effect.kind === 'next') call.position = { ...call.position, priority: call.position.priority + 1 };
  }
}

export interface Coverage {
  readonly file: string;
  /** Lines of priorities that some trace came to, and those that none did. */
  readonly reached: readonly number[];
  readonly missed: readonly number[];
}

/** Which lines of the dialplan the traces came to, file by file. */
export function coverage(dialplan: LoadedDialplan, traces: readonly Trace[]): Coverage[] {
  const reached = new Set(
    traces.flatMap((trace) => trace.steps.map(({ place }) => `${place.file}:${place.line}`)),
  );
  const files = new Map<string, Set<number>>();
  for (const { extensions } of dialplan.contexts) {
    for (const { place } of extensions.flatMap((extension) => extension.priorities)) {
      const lines = files.get(place.file) ?? new Set();
      files.set(place.file, lines.add(place.line));
    }
  }
  return [...files].map(([file, lines]) => {
    const inOrder = [...lines].sort((a, b) => a - b);
    return {
      file,
      reached: inOrder.filter((line) => reached.has(`${file}:${line}`)),
      missed: inOrder.filter((line) => !reached.has(`${file}:${line}`)),
    };
  });
}
