import { isApplication, outcomeOf } from '../../wazo/asterisk-applications.ts';
import { hasApplication } from '../../wazo/renamed.ts';
import { splitArguments, splitAt } from '../read/arguments.ts';
import type { Position } from './call-search.ts';
import type { Call } from './call.ts';
import { isYes } from '../read/functions.ts';
import { isWithin } from '../read/timing.ts';

/** The effect of an application on the call: it goes on, jumps, ends, or asks an AGI script first. */
export type Effect =
  | { readonly kind: 'next' }
  | { readonly kind: 'jump' }
  | { readonly kind: 'agi'; readonly request: string; readonly args: readonly string[] }
  | { readonly kind: 'end'; readonly why: string };

const NEXT: Effect = { kind: 'next' };
const JUMP: Effect = { kind: 'jump' };

type Application = (call: Call, data: string) => Effect;

/**
 * Runs an application by its name; data is substituted already. Others do nothing but continue; at one that
 * does not exist, Asterisk hangs up.
 */
export function runApplication(call: Call, written: string, data: string): Effect {
  const name = written.toLowerCase();
  const application = Object.hasOwn(APPLICATIONS, name) ? APPLICATIONS[name] : undefined;
  return application === undefined ? passOver(call, written) : application(call, data);
}

/** An application that does nothing here: what it would tell of its end is noted. */
function passOver(call: Call, written: string): Effect {
  const name = written.toLowerCase();
  if (!isApplication(name) && hasApplication(name) !== true)
    return {
      kind: 'end',
      why: name === '' ? 'the line has no application' : `unknown application ${written}`,
    };
  const told = outcomeOf(name);
  if (told !== undefined && call.variable(told) === undefined && call.words.has(told))
    call.notes.push(`${written} sets ${told}, which is unknown here; to set it: --set ${told}=VALUE`);
  return NEXT;
}

const APPLICATIONS: Readonly<Record<string, Application>> = {
  set: (call, data) => assign(call, [data]),
  mset: (call, data) => assign(call, splitArguments(data)),
  goto: (call, data) => jump(call, splitArguments(data)),
  gotoif: (call, data) => {
    const branch = chosenBranch(data);
    return branch === undefined ? NEXT : jump(call, splitArguments(branch));
  },
  gotoiftime: (call, data) => {
    const branch = timedBranch(call, data);
    return branch === undefined ? NEXT : jump(call, splitArguments(branch));
  },
  gosub: (call, data) => gosub(call, data),
  gosubif: (call, data) => {
    const branch = chosenBranch(data);
    return branch === undefined ? NEXT : gosub(call, branch);
  },
  return: (call, data) => {
    if (call.frames.length === 0)
      return { kind: 'end', why: 'Return without Gosub: start the call where this subroutine is called' };
    const back = call.leave();
    call.variables.set('GOSUB_RETVAL', data);
    if (back !== undefined) call.position = back;
    return JUMP;
  },
  stackpop: (call) => {
    call.leave();
    return NEXT;
  },
  execif: (call, data) => {
    const branch = chosenBranch(data);
    if (branch === undefined) return NEXT;
    return runWritten(call, branch);
  },
  execiftime: (call, data) => {
    const branch = timedBranch(call, data);
    return branch === undefined ? NEXT : runWritten(call, branch);
  },
  while: (call, data) => {
    const here = call.position;
    if (isYes(data)) {
      if (!isSame(call.loops.at(-1), here)) call.loops.push(here);
      return NEXT;
    }
    if (isSame(call.loops.at(-1), here)) call.loops.pop();
    return skipLoop(call);
  },
  endwhile: (call) => {
    const start = call.loops.at(-1);
    if (start === undefined) return NEXT;
    call.position = start;
    return JUMP;
  },
  exitwhile: (call) => {
    call.loops.pop();
    return skipLoop(call);
  },
  continuewhile: (call) => {
    const start = call.loops.at(-1);
    if (start === undefined) return NEXT;
    call.position = start;
    return JUMP;
  },
  hangup: () => ({ kind: 'end', why: 'Hangup' }),
  busy: () => ({ kind: 'end', why: 'Busy' }),
  congestion: () => ({ kind: 'end', why: 'Congestion' }),
  dial: (call) => {
    if (call.variable('DIALSTATUS') === undefined) call.variables.set('DIALSTATUS', 'NOANSWER');
    return call.variable('DIALSTATUS') === 'ANSWER' ? { kind: 'end', why: 'answered, and hung up' } : NEXT;
  },
  agi,
  eagi: agi,
  deadagi: agi,
  read: (call, data) => {
    const [name = ''] = splitArguments(data);
    if (call.variable(name) === undefined) call.variables.set(name, '');
    return NEXT;
  },
};

function agi(_: Call, data: string): Effect {
  const [request = '', ...args] = splitArguments(data);
  return { kind: 'agi', request: request.trim(), args };
}

/** `Application(arguments)` inside of another one. */
function runWritten(call: Call, text: string): Effect {
  const open = text.indexOf('(');
  if (open < 0) return runApplication(call, text.trim(), '');
  const close = text.lastIndexOf(')');
  const args = text.slice(open + 1, close < 0 ? undefined : close);
  return runApplication(call, text.slice(0, open).trim(), args);
}

function assign(call: Call, pairs: readonly string[]): Effect {
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals >= 0) call.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return NEXT;
}

/** The branch of `condition?yes:no` that is taken; undefined when there is none. */
function chosenBranch(data: string): string | undefined {
  const [condition = '', ...rest] = splitAt(data, '?');
  if (rest.length === 0) return undefined;
  const [yes = '', ...no] = splitAt(rest.join('?'), ':');
  const branch = (isYes(condition) ? yes : no.join(':')).trim();
  return branch === '' ? undefined : branch;
}

/** The branch of `times,weekdays,days,months?yes:no` at the time of the call. */
function timedBranch(call: Call, data: string): string | undefined {
  const [times = '', ...rest] = splitAt(data, '?');
  return chosenBranch(`${isWithin(times, call.now) ? 1 : 0}?${rest.join('?')}`);
}

function resolve(call: Call, parts: readonly string[]): Position | undefined {
  const words = parts.map((part) => part.trim());
  const priority = words.at(-1) ?? '';
  const extension = words.length > 1 ? (words.at(-2) ?? '') : call.position.extension;
  const context = words.length > 2 ? (words.at(-3) ?? '') : call.position.context;
  const number = call.numberOf(context, extension, priority);
  return number === undefined ? undefined : { context, extension, priority: number };
}

function jump(call: Call, parts: readonly string[]): Effect {
  const target = resolve(call, parts);
  if (target === undefined) return { kind: 'end', why: `there is no ${parts.join(',')}` };
  call.position = target;
  return JUMP;
}

function gosub(call: Call, data: string): Effect {
  const parts = splitArguments(data);
  const last = parts.pop() ?? '';
  const open = last.indexOf('(');
  const args = open < 0 ? [] : splitArguments(last.slice(open + 1, last.lastIndexOf(')')));
  const target = resolve(call, [...parts, open < 0 ? last : last.slice(0, open)]);
  const { context, extension, priority } = call.position;
  if (target === undefined || call.find(target) === undefined) {
    return { kind: 'end', why: `Gosub: there is no ${data}` };
  }
  call.enter(target, args.length === 1 && args[0] === '' ? [] : args, {
    context,
    extension,
    priority: priority + 1,
  });
  return JUMP;
}

/** Behind the EndWhile of the loop that is left. */
function skipLoop(call: Call): Effect {
  let depth = 0;
  const { context, extension } = call.position;
  for (let priority = call.position.priority + 1; ; priority++) {
    const step = call.find({ context, extension, priority });
    if (step === undefined) return { kind: 'end', why: 'While: there is no EndWhile' };
    const name = step.app.trim().toLowerCase();
    if (name === 'while') depth++;
    else if (name === 'endwhile' && depth-- === 0) {
      call.position = { context, extension, priority: priority + 1 };
      return JUMP;
    }
  }
}

function isSame(a: Position | undefined, b: Position): boolean {
  return a?.context === b.context && a.extension === b.extension && a.priority === b.priority;
}
