import { readOwnYaml } from '../../readers/yaml/own.ts';
import { usageError } from '../../support/errors.ts';
import type { AgiRequest } from './agi.ts';
import type { Effect } from './call-applications.ts';
import type { Position } from './call-search.ts';
import type { Call, Given } from './call.ts';
import type { LoadedDialplan } from '../read/dialplan.ts';
import { DialplanLookup } from '../read/extension-index.ts';
import { type Trace, traceCall, traceCallWithAgi, traceRoom } from './trace.ts';

/** A call to trace, and what it must do. */
export interface TracedCall {
  /** `CONTEXT,EXTENSION[,PRIORITY]`. */
  readonly start: string;
  readonly given: Given;
  readonly now: Date;
  /** A program that answers AGI requests. */
  readonly agi?: string;
  /** Texts that some step must have. */
  readonly expect: readonly string[];
}

/** Comparisons of a pattern with an extension, and contexts that an error names. */
const MOST_COMPARED = 200_000;
const MOST_NAMED = 4;

/** Defaults are those of the command line. */
export type CallDefaults = Omit<TracedCall, 'start'>;

const FORM =
  "Write a list: - {call: 'acme,s', set: {DIALSTATUS: BUSY}, time: '2026-11-20T09:30', expect: [Busy]}";
const KEYS = ['call', 'set', 'time', 'agi', 'expect'];

/**
 * Reads a file of calls: a YAML list, each with `call` and, if wanted, `set`, `time`, `agi`, `expect`.
 * @throws UserError for a file of another form, with the number of the call
 */
export function parseCalls(text: string, file: string, defaults: CallDefaults): TracedCall[] {
  const { value: list, problems } = readOwnYaml(text, { scalars: 'as written' });
  const [problem] = problems;
  if (problem !== undefined) throw usageError(`${file}:${problem.line}: ${problem.message}`, FORM);
  if (!Array.isArray(list) || list.length === 0) throw usageError(`${file} is not a list of calls`, FORM);
  return list.map((one: unknown, at) => parseCall(one, `${file}: call ${at + 1}`, defaults));
}

function parseCall(one: unknown, where: string, defaults: CallDefaults): TracedCall {
  const fields = mapping(one, where);
  const unknown = Object.keys(fields).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw usageError(`${where}: there is no ${unknown}`, FORM);
  const { call, set, time, agi, expect = [] } = fields;
  if (typeof call !== 'string') throw usageError(`${where}: it does not say where the call enters`, FORM);
  startOf(call);
  const program = agi === undefined ? defaults.agi : scalar(agi, `${where}: agi`);
  const texts = Array.isArray(expect) ? expect : [expect];
  return {
    start: call,
    given: new Map([...defaults.given, ...givenOf(set, where)]),
    now: time === undefined ? defaults.now : timeOf(scalar(time, `${where}: time`)),
    ...(program === undefined ? {} : { agi: program }),
    expect: [...defaults.expect, ...texts.map((text) => scalar(text, `${where}: expect`))],
  };
}

function givenOf(set: unknown, where: string): [string, string][] {
  if (set === undefined) return [];
  return Object.entries(mapping(set, `${where}: set`)).map(([name, value]) => [
    name,
    scalar(value, `${where}: ${name}`),
  ]);
}

function mapping(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw usageError(`${where} is not NAME: VALUE`, FORM);
}

function scalar(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw usageError(`${where} is not a text`, FORM);
}

/** `NAME=VALUE` pairs, as `--set` takes them. */
export function parseGiven(pairs: readonly string[]): Given {
  const given = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals <= 0)
      throw usageError(`--set ${pair}: write NAME=VALUE, for example --set 'CALLERID(num)=100'`);
    given.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return given;
}

/** `2026-11-20T09:30`, on the clock of this machine, or with a zone as in `2026-11-20T09:30Z`. */
export function timeOf(text: string): Date {
  const time = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  if (!/^\d{4}-/.test(text) || Number.isNaN(time.getTime())) {
    throw usageError(`${text} is not a time: write it as 2026-11-20T09:30`);
  }
  return time;
}

/** `CONTEXT,EXTEN[,PRIORITY]`. */
export function startOf(text: string): Position {
  const match = /^([^,]+),([^,]+)(?:,(\d+))?$/.exec(text);
  if (match === null) throw usageError(`${text}: write CONTEXT,EXTENSION or CONTEXT,EXTENSION,PRIORITY`);
  return { context: match[1] ?? '', extension: match[2] ?? '', priority: Number(match[3] ?? 1) };
}

/**
 * The start of a call to an extension: in the one context that has it by that name, else in the one that takes it.
 * @throws UserError for an extension that no context takes, or several do
 */
export function startAt(dialplan: LoadedDialplan, extension: string): string {
  const lookup = new DialplanLookup(dialplan, MOST_COMPARED);
  const taking = dialplan.contexts.filter((context) => lookup.extensions(context, extension).length > 0);
  const naming = taking.filter(({ extensions }) => extensions.some(({ name }) => name === extension));
  const [one, ...more] = (naming.length > 0 ? naming : taking)
    .map(({ name }) => `${name},${extension}`)
    .toSorted();
  if (one === undefined)
    throw usageError(
      `${extension} is neither a file nor an extension of any context`,
      'List what there is: wdev dialplan show .',
    );
  if (more.length > 0)
    throw usageError(
      `extension ${extension} is in several contexts`,
      `Name one: ${[one, ...more].slice(0, MOST_NAMED).join(' or ')}`,
    );
  return one;
}

export interface CallOutcome {
  readonly call: TracedCall;
  readonly trace: Trace;
  /** The expected texts that no step has. */
  readonly missing: readonly string[];
}

/** Asks a program to answer an AGI request of a call (see simulate/agi/trace-script.ts). */
type AskProgram = (program: string, call: Call, request: AgiRequest) => Promise<Effect>;

/** Traces calls one after the other; each starts with its own variables and database. */
export async function traceCalls(
  dialplan: LoadedDialplan,
  calls: readonly TracedCall[],
  ask: AskProgram,
): Promise<CallOutcome[]> {
  const outcomes: CallOutcome[] = [];
  const room = traceRoom(dialplan);
  for (const call of calls) {
    const { agi, given, now } = call;
    const options = { given, now, room };
    const trace =
      agi === undefined
        ? traceCall(dialplan, startOf(call.start), options)
        : await traceCallWithAgi(dialplan, startOf(call.start), options, async (live, request) =>
            ask(agi, live, request),
          );
    const steps = trace.steps.map(({ app, data }) => `${app}(${data})`);
    const missing = call.expect.filter((text) => !steps.some((step) => step.includes(text)));
    outcomes.push({ call, trace, missing });
  }
  return outcomes;
}
