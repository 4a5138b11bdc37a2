import {
  type Target,
  conditional,
  splitArguments,
  targetFrom,
  withoutSubroutineArguments,
} from '../read/arguments.ts';
import { evaluate } from '../read/expression.ts';
import { isYes } from '../read/functions.ts';
import { substitute } from '../read/substitute.ts';
import { isApplication } from '../../wazo/asterisk-applications.ts';
import { isEnd } from '../../wazo/call-ends.ts';
import { hasApplication } from '../../wazo/renamed.ts';
import type { EdgeKind } from './model.ts';

/** One way out of a priority beside the next one. */
export interface Jump {
  readonly kind: EdgeKind;
  readonly target: Target;
  /** The application and the branch: `GotoIf, when true`. */
  readonly reason: string;
  /** It leads to the priority behind the target. */
  readonly isBehind?: true;
  /** A subroutine that runs before the application, by which the call may end. */
  readonly isBefore?: true;
}

/** Where a call can go from a priority. */
export interface Exits {
  readonly jumps: readonly Jump[];
  /** Whether it can go on with the next priority. */
  readonly next: boolean;
  /** Whether it ends, for certain or in a branch. */
  readonly ends: boolean;
  /** Whether it goes back behind the Gosub. */
  readonly returns: boolean;
  /** Digits of the caller choose an extension. */
  readonly digits: boolean;
  /** A program may send the call anywhere. */
  readonly script: boolean;
  readonly leaves?: string;
  readonly loops: readonly Loop[];
}

/** A loop's way on: into it or past it, back to its While, or behind its EndWhile. */
export interface Loop {
  readonly way: 'back' | 'past' | 'continue';
  readonly reason: string;
}

const PLAIN: Exits = {
  jumps: [],
  loops: [],
  next: true,
  ends: false,
  returns: false,
  digits: false,
  script: false,
};

/** Applications by which a call leaves the dialplan for a while, or for good. Source: Asterisk 22. */
const LEAVES: Readonly<Record<string, string>> = {
  hangup: 'ends the call',
  busy: 'ends the call',
  congestion: 'ends the call',
  return: 'returns',
  dial: 'dials',
  retrydial: 'dials',
  queue: 'waits in a queue',
  followme: 'dials',
  page: 'pages',
  voicemail: 'voicemail',
  voicemailmain: 'voicemail',
  confbridge: 'conference',
  meetme: 'conference',
  stasis: 'an ARI program',
  agi: 'an AGI script',
  eagi: 'an AGI script',
  deadagi: 'an AGI script',
  externalivr: 'a program',
  originate: 'a new call',
  park: 'parks',
  parkandannounce: 'parks',
  parkedcall: 'a parked call',
  pickup: 'picks up',
  bridge: 'a bridge',
  bridgewait: 'a bridge',
  agentlogin: 'an agent',
  transfer: 'transfers',
  disa: 'a new dialtone',
  directory: 'a directory',
};

const SCRIPTS = new Set(['agi', 'eagi', 'deadagi', 'stasis', 'externalivr', 'bridgewait', 'bridge']);
/** They wait for digits, which choose an extension of the context. */
const DIGITS = new Set(['waitexten', 'background', 'backgrounddetect', 'disa', 'directory', 'voicemail']);

/** Where a call goes from an application. Conditions that hold no variable are decided here. */
export function exitsOf(app: string, data: string): Exits {
  const written = app.trim();
  const name = written.toLowerCase();
  const leaves = Object.hasOwn(LEAVES, name) ? LEAVES[name] : undefined;
  const exits = jumpsOf(written, name, data);
  return leaves === undefined ? exits : { ...exits, leaves };
}

function jumpsOf(written: string, name: string, data: string): Exits {
  switch (name) {
    case 'goto':
      return { ...PLAIN, next: false, jumps: to('goto', splitArguments(data), written) };
    case 'gosub':
      return { ...PLAIN, next: false, jumps: to('gosub', withoutSubroutineArguments(data), written) };
    case 'macro':
      return {
        ...PLAIN,
        jumps: to(
          'macro',
          [`macro-${splitArguments(data)[0]?.trim()}`, 's', '1'],
          'Macro, gone from Asterisk',
        ),
      };
    case 'gotoif':
    case 'gosubif':
    case 'gotoiftime':
      return chosen(written, name, data);
    case 'execif':
    case 'execiftime':
      return executed(written, name, data);
    case 'while': {
      const known = constant(data);
      const past: Loop = { way: 'past', reason: `${written}, when false` };
      return { ...PLAIN, next: known !== false, loops: known === true ? [] : [past] };
    }
    case 'endwhile':
      return { ...PLAIN, next: false, loops: [{ way: 'back', reason: written }] };
    case 'continuewhile':
      return { ...PLAIN, next: false, loops: [{ way: 'continue', reason: written }] };
    case 'exitwhile':
      return { ...PLAIN, next: false, loops: [{ way: 'past', reason: written }] };
    case 'dial':
    case 'retrydial': {
      const options = dialOptions(data, written);
      // the next step stands behind a Return then
      const isPlain = options.every(({ isBefore }) => isBefore !== true);
      return { ...PLAIN, next: isPlain, ends: isPlain, jumps: [...legs(data, written), ...options] };
    }
    case 'page':
    case 'followme':
      return { ...PLAIN, jumps: legs(data, written) };
    case 'queue': {
      const gosub = splitArguments(data)[6]?.trim() ?? '';
      return { ...PLAIN, jumps: gosub === '' ? [] : to('leg', [gosub, 's', '1'], `${written}, the agent`) };
    }
    case 'originate': {
      const [, type = '', context = '', extension = '', priority = '1'] = splitArguments(data);
      const other =
        type.trim().toLowerCase() === 'exten' ? to('leg', [context, extension, priority], written) : [];
      return { ...PLAIN, jumps: [...legs(data, written), ...other] };
    }
    default: {
      if (!isApplication(name) && hasApplication(written) !== true)
        return { ...PLAIN, next: false, ends: true, leaves: 'there is no such application' };
      return {
        ...PLAIN,
        next: !isEnd(name),
        ends: isEnd(name) && ['busy', 'congestion', 'hangup'].includes(name),
        returns: name === 'return',
        digits: DIGITS.has(name),
        script: SCRIPTS.has(name),
      };
    }
  }
}

function chosen(written: string, name: string, data: string): Exits {
  const kind = name === 'gosubif' ? 'gosub' : 'goto';
  const cut = kind === 'gosub' ? withoutSubroutineArguments : splitArguments;
  const branches = branchesOf(data, name !== 'gotoiftime');
  return {
    ...PLAIN,
    next: branches.some(({ text }) => text === ''),
    jumps: branches.flatMap(({ text, when }) =>
      text === '' ? [] : to(kind, cut(text), `${written}, ${when}`),
    ),
  };
}

/** An application within another one. */
function executed(written: string, name: string, data: string): Exits {
  const inner = branchesOf(data, name === 'execif').map(({ text, when }) => {
    if (text === '') return PLAIN;
    const open = text.indexOf('(');
    const close = text.lastIndexOf(')');
    const inside = open < 0 ? '' : text.slice(open + 1, close < 0 ? undefined : close);
    const exits = exitsOf(open < 0 ? text : text.slice(0, open), inside);
    return {
      ...exits,
      jumps: exits.jumps.map((jump) => ({ ...jump, reason: `${written}, ${when}: ${jump.reason}` })),
      loops: exits.loops.map((loop) => ({ ...loop, reason: `${written}, ${when}: ${loop.reason}` })),
    };
  });
  return merged(inner);
}

function merged(all: readonly Exits[]): Exits {
  const leaves = all.find((one) => one.leaves !== undefined)?.leaves;
  return {
    jumps: all.flatMap(({ jumps }) => jumps),
    loops: all.flatMap(({ loops }) => loops),
    next: all.some(({ next }) => next),
    ends: all.some(({ ends }) => ends),
    returns: all.some(({ returns }) => returns),
    digits: all.some(({ digits }) => digits),
    script: all.some(({ script }) => script),
    ...(leaves === undefined ? {} : { leaves }),
  };
}

interface Branch {
  readonly text: string;
  readonly when: string;
}

/** The branches that a call can take; one that is not written is the next priority. */
function branchesOf(data: string, isExpression: boolean): readonly Branch[] {
  const { condition, yes, no } = conditional(data);
  const branches = [
    { text: yes, when: isExpression ? 'when true' : 'at that time' },
    { text: no, when: isExpression ? 'when false' : 'at other times' },
  ];
  const known = isExpression ? constant(condition) : undefined;
  return known === undefined ? branches : branches.slice(known ? 0 : 1, known ? 1 : 2);
}

/** The value of a condition without variables. */
function constant(condition: string): boolean | undefined {
  if (condition.includes('${')) return undefined;
  return isYes(substitute(condition, { variable: () => undefined, expression: (text) => evaluate(text) }));
}

function to(kind: EdgeKind, parts: readonly string[], reason: string): Jump[] {
  return targetFrom(parts, kind === 'gosub').map((target) => ({ kind, target, reason }));
}

/** The channels `Local/extension@context` of a call: another leg begins there. */
function legs(data: string, app: string): Jump[] {
  return [...data.matchAll(/Local\/([^@,&/]+)@([^,&/)]+)/gi)].flatMap(([, extension = '', context = '']) =>
    to('leg', [context, extension, '1'], `${app}, a Local channel`),
  );
}

/**
 * Places among the options of Dial. Behind the bridge F leads the other side there, and G this side, with the other one a
 * priority further; b and U are subroutines of the other side, B is one of this side. Source: Asterisk 22, app_dial.
 */
function dialOptions(data: string, app: string): Jump[] {
  const options = splitArguments(data).slice(2).join(',');
  return [...options.matchAll(/([FGbBU])\(([^()]*)/g)].flatMap(([, option, text = '']): readonly Jump[] => {
    const parts = text.split(/[\^,]/).map((part) => part.trim());
    const reason = `${app}, option ${option}`;
    switch (option) {
      case 'U':
        return to('leg', [parts[0] ?? '', 's', '1'], reason);
      case 'B':
        return to('gosub', parts, reason).map((jump) => ({ ...jump, isBefore: true as const }));
      case 'G':
        return [
          ...to('goto', parts, reason),
          ...to('leg', parts, `${reason}, the other side`).map((jump) => ({
            ...jump,
            isBehind: true as const,
          })),
        ];
      default:
        return to('leg', parts, reason);
    }
  });
}
