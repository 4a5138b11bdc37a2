import { CHANNEL_FUNCTIONS } from './call-functions.ts';
import { CallSearch, type Found, type Position } from './call-search.ts';
import type { LoadedDialplan, Priority } from '../read/dialplan.ts';
import { evaluate } from '../read/expression.ts';
import { DialplanLookup } from '../read/extension-index.ts';
import { toInteger } from '../read/extension-line.ts';
import { PURE_FUNCTIONS } from '../read/functions.ts';
import { type Surroundings, substitute } from '../read/substitute.ts';

/** Arguments of a subroutine that are kept: what Set(ARGC=…) says is nobody's word. */
const MOST_ARGUMENTS = 1000;

/** Levels of EVAL() in EVAL(). */
const MOST_LEVELS = 20;

interface Frame {
  readonly back: Position;
  /** Values of LOCAL() and ARGn that the subroutine hides. */
  readonly hidden: Map<string, string | undefined>;
}

/** The facts that are given about a call: variables, functions such as `CALLERID(num)`, and outcomes. */
export type Given = ReadonlyMap<string, string>;

/** The parts of a dialplan that all calls look into. */
export interface KnownDialplan {
  readonly lookup: DialplanLookup;
  readonly globals: ReadonlyMap<string, string>;
  /** The words that its lines hold: a variable that is none of them is read by none. */
  readonly words: ReadonlySet<string>;
}

export function knownDialplan(dialplan: LoadedDialplan): KnownDialplan {
  return {
    lookup: new DialplanLookup(dialplan),
    globals: new Map(dialplan.globals.map(({ name, value }) => [name, value])),
    words: wordsOf(dialplan),
  };
}

function wordsOf({ contexts, globals }: LoadedDialplan): ReadonlySet<string> {
  const lines = contexts.flatMap(({ extensions, includes, switches }) => [
    ...extensions.flatMap(({ priorities }) => priorities.map(({ data }) => data)),
    ...includes.map(({ text }) => text),
    ...switches.map(({ data }) => data),
  ]);
  const words = new Set<string>();
  for (const line of [...lines, ...globals.map(({ value }) => value)])
    for (const [word] of line.matchAll(/\w+/g)) words.add(word);
  return words;
}

/** One call on its way through a dialplan: where it is, its variables, its subroutines. */
export class Call {
  readonly variables = new Map<string, string>();
  readonly database = new Map<string, string>();
  /** Values that `NAME(args)` was set to, or is given as. */
  readonly functionValues = new Map<string, string>();
  readonly frames: Frame[] = [];
  /** Open loops: where their While is. */
  readonly loops: Position[] = [];
  /** Things that the call meets and does not know. */
  readonly notes: string[] = [];
  position: Position;
  private levels = 0;
  private readonly places: CallSearch;
  /** Those of the dialplan, and those that the call has set. */
  private readonly globals: ReadonlyMap<string, string>;
  readonly words: ReadonlySet<string>;
  private readonly ownGlobals = new Map<string, string>();
  readonly now: Date;

  constructor({ lookup, globals, words }: KnownDialplan, start: Position, given: Given, now: Date) {
    this.position = start;
    this.now = now;
    this.globals = globals;
    this.words = words;
    this.places = new CallSearch(lookup, {
      callerNumber: () => this.functionValues.get('CALLERID(num)') ?? '',
      now,
      substitute: (text) => this.substitute(text),
      note: (text) => this.notes.push(text),
    });
    for (const [name, value] of given) {
      if (name.includes('(')) this.functionValues.set(name, value);
      else this.variables.set(name, value);
    }
  }

  substitute(text: string): string {
    if (this.levels >= MOST_LEVELS) return '';
    this.levels++;
    try {
      return substitute(text, this.surroundings);
    } finally {
      this.levels--;
    }
  }

  private readonly surroundings: Surroundings = {
    variable: (name) => this.variable(name),
    call: (name, args) => this.call(name, args),
    expression: (text) => evaluate(text),
  };

  variable(name: string): string | undefined {
    const { context, extension, priority } = this.position;
    switch (name) {
      case 'CONTEXT':
        return context;
      case 'EXTEN':
        return extension;
      case 'PRIORITY':
        return String(priority);
      case 'EPOCH':
        return String(Math.floor(this.now.getTime() / 1000));
      default:
        return this.variables.get(name) ?? this.global(name);
    }
  }

  private call(name: string, args: string): string | undefined {
    const given = this.functionValues.get(`${name}(${args})`);
    if (given !== undefined) return given;
    if (Object.hasOwn(CHANNEL_FUNCTIONS, name)) return CHANNEL_FUNCTIONS[name]?.(this, args);
    if (Object.hasOwn(PURE_FUNCTIONS, name)) return PURE_FUNCTIONS[name]?.(args);
    this.notes.push(`${name}(${args}) is unknown here; set it: --set '${name}(${args})=VALUE'`);
    return '';
  }

  /** `Set(name=value)`: a variable, with any number of `_` in front, or a function. */
  set(name: string, value: string): void {
    const target = name.trim();
    const func = /^(\w+)\((.*)\)$/s.exec(target);
    if (func === null) this.variables.set(target.replace(/^_{1,2}/, ''), value);
    else if (func[1] === 'GLOBAL') this.ownGlobals.set(func[2] ?? '', value);
    else if (func[1] === 'DB') this.database.set(func[2] ?? '', value);
    else if (func[1] === 'LOCAL') this.hide(func[2] ?? '', value);
    else if (func[1] === 'ARRAY' || func[1] === 'HASH') this.setSeveral(func[2] ?? '', value);
    else this.functionValues.set(target, value);
  }

  private setSeveral(names: string, values: string): void {
    const parts = values.split(',');
    for (const [at, name] of names.split(',').entries()) this.variables.set(name.trim(), parts[at] ?? '');
  }

  global(name: string): string | undefined {
    return this.ownGlobals.get(name) ?? this.globals.get(name);
  }

  /** Gives a variable a value that ends with the subroutine. */
  hide(name: string, value: string): void {
    const frame = this.frames.at(-1);
    if (frame !== undefined && !frame.hidden.has(name)) frame.hidden.set(name, this.variables.get(name));
    this.variables.set(name, value);
  }

  enter(target: Position, args: readonly string[], back: Position): void {
    this.frames.push({ back, hidden: new Map() });
    const before = this.variables.get('ARGC');
    const count = Math.min(MOST_ARGUMENTS, Math.max(args.length, Number(before ?? 0) || 0));
    for (let at = 0; at < count; at++) this.hide(`ARG${at + 1}`, args[at] ?? '');
    this.hide('ARGC', String(args.length));
    this.position = target;
  }

  /** Undoes what the subroutine hid. */
  leave(): Position | undefined {
    const frame = this.frames.pop();
    for (const [name, value] of frame?.hidden ?? []) {
      if (value === undefined) this.variables.delete(name);
      else this.variables.set(name, value);
    }
    return frame?.back;
  }

  /** The priority at a position, as Asterisk finds it, and where a call stands that runs it. */
  locate(position: Position): Found | undefined {
    return this.places.find(position);
  }

  find(position: Position): Priority | undefined {
    return this.locate(position)?.priority;
  }

  /** The number behind a priority's text: a number, `n`, or a label. */
  numberOf(context: string, extension: string, text: string): number | undefined {
    const number = toInteger(text);
    if (number !== undefined) return number;
    if (text === 'n') return this.position.priority + 1;
    return this.places.findLabel(context, extension, text);
  }

  exists(context: string, extension: string, priority: string): boolean {
    const number = this.numberOf(context, extension, priority);
    return number !== undefined && this.find({ context, extension, priority: number }) !== undefined;
  }

  /** Whether it finds nothing any more: it went on for too long. */
  get isSpent(): boolean {
    return this.places.isSpent;
  }

  hasContext(name: string): boolean {
    return this.places.context(name) !== undefined;
  }
}
