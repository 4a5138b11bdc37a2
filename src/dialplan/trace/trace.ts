import { type AgiRequest, skipAgi } from './agi.ts';
import { type Effect, runApplication } from './call-applications.ts';
import type { Position } from './call-search.ts';
import { Call, knownDialplan, type Given, type KnownDialplan } from './call.ts';
import type { LoadedDialplan } from '../read/dialplan.ts';
import type { Place } from '../read/place.ts';
import { nearest } from '../../support/nearest.ts';

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
  /** Unknowns: functions without a value, switches, AGI scripts; and which includes counted at this time. */
  readonly notes: readonly string[];
  /** The variables at the end. */
  readonly variables: ReadonlyMap<string, string>;
}

export interface TraceOptions {
  /** Variables, function values (`CALLERID(num)`), and outcomes (`DIALSTATUS`). */
  readonly given?: Given;
  /** The time of the call: for EPOCH, STRFTIME, GotoIfTime, and the times of includes. */
  readonly now: Date;
  /** A call that takes more steps ends there; 10,000 by default. */
  readonly limit?: number;
  /** The rest of the budget that all calls of a run share. */
  readonly room?: TraceRoom;
}

/** Steps, and characters of what they run, that are kept; and what is known of the dialplan, by all calls. */
export interface TraceRoom {
  steps: number;
  characters: number;
  readonly known: KnownDialplan;
}

export function traceRoom(dialplan: LoadedDialplan): TraceRoom {
  return { steps: 100_000, characters: 20_000_000, known: knownDialplan(dialplan) };
}

/** Answers an AGI request of a call: the call may come out of it changed. */
export type AgiAnswerer = (call: Call, request: AgiRequest) => Promise<Effect>;

/** Walks a call through a dialplan without a PBX, and through `h` when it ends. AGI scripts are passed over. */
export function traceCall(dialplan: LoadedDialplan, start: Position, options: TraceOptions): Trace {
  const walker = walkAll(dialplan, start, options);
  let next = walker.next();
  while (next.done !== true) next = walker.next(skipAgi(next.value.call, next.value.request));
  return next.value;
}

/** As traceCall(), with someone who answers for AGI scripts. */
export async function traceCallWithAgi(
  dialplan: LoadedDialplan,
  start: Position,
  options: TraceOptions,
  answer: AgiAnswerer,
): Promise<Trace> {
  const walker = walkAll(dialplan, start, options);
  let next = walker.next();
  while (next.done !== true) next = walker.next(await answer(next.value.call, next.value.request));
  return next.value;
}

interface AgiStop {
  readonly call: Call;
  readonly request: AgiRequest;
}

function* walkAll(
  dialplan: LoadedDialplan,
  start: Position,
  options: TraceOptions,
): Generator<AgiStop, Trace, Effect> {
  const steps: TraceStep[] = [];
  const limit = options.limit ?? 10_000;
  const room = options.room ?? traceRoom(dialplan);
  const call = new Call(room.known, start, options.given ?? new Map(), options.now);
  let end = yield* walk(call, steps, limit, room);
  if (steps.length === 0) end = noContext(dialplan, start.context) ?? end;
  const { context } = call.position;
  if (call.find({ context, extension: 'h', priority: 1 }) !== undefined && start.extension !== 'h') {
    call.position = { context, extension: 'h', priority: 1 };
    const last = yield* walk(call, steps, limit, room);
    if (/^(?:more than|given up)/.test(last)) end = last;
  }
  return { steps, end, notes: [...new Set(call.notes)], variables: call.variables };
}

/** Why a call cannot start in a context; undefined where it exists. */
function noContext({ contexts }: LoadedDialplan, name: string): string | undefined {
  if (contexts.some((one) => one.name === name)) return undefined;
  const meant = nearest(
    name,
    contexts.map((one) => one.name),
  );
  return `no context ${name} in these files${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

function* walk(
  call: Call,
  steps: TraceStep[],
  limit: number,
  room: TraceRoom,
): Generator<AgiStop, string, Effect> {
  for (let first = true; ; first = false) {
    const found = call.locate(call.position);
    if (call.isSpent) return 'given up: the call is looked up in too many places';
    if (found === undefined) {
      const why = toInvalid(call, first);
      if (why === undefined) continue;
      return why;
    }
    if (steps.length >= limit) return `more than ${limit} steps`;
    call.position = found.position;
    const { priority } = found;
    const app = priority.app.trim();
    const data = call.substitute(priority.data);
    room.steps -= 1;
    room.characters -= data.length;
    if (room.steps < 0 || room.characters < 0) return 'given up: the calls take too many steps';
    steps.push({ ...call.position, app, data, place: priority.place });
    let effect = runApplication(call, app, data);
    if (effect.kind === 'agi') effect = yield { call, request: effect };
    if (effect.kind === 'end') return effect.why;
    if (effect.kind === 'next') call.position = { ...call.position, priority: call.position.priority + 1 };
  }
}

/** Sends a call that jumped to an extension that is not there to `i`; or says why it ends. */
function toInvalid(call: Call, first: boolean): string | undefined {
  const { context, extension, priority } = call.position;
  // a number that is not in the dialplan never becomes a call; only a jump leads to `i`
  const nowhere = `no extension ${extension} in context ${context}`;
  // an extension without a first priority is one that is not there, whatever priority was wanted
  const isThere = call.find({ context, extension, priority: 1 }) !== undefined;
  if (priority > 1 && (first || isThere || extension === 'i'))
    return `no priority ${priority} of extension ${extension} in context ${context}`;
  if (first) return nowhere;
  const invalid = { context, extension: 'i', priority: 1 };
  if (extension === 'i' || call.find(invalid) === undefined) return nowhere;
  call.variables.set('INVALID_EXTEN', extension);
  call.position = invalid;
  return undefined;
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
