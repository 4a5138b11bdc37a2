import type { Context, Extension, Include, Priority, Switch } from '../read/dialplan.ts';
import { type DialplanLookup, priorityOf } from '../read/extension-index.ts';
import { matches, matchesCaller } from '../read/pattern.ts';
import { substitute } from '../read/substitute.ts';
import { isWithin } from '../read/timing.ts';

/** Where a call is. */
export interface Position {
  readonly context: string;
  readonly extension: string;
  readonly priority: number;
}

/** A priority, and where a call stands that runs it: a switch takes the call elsewhere. */
export interface Found {
  readonly priority: Priority;
  readonly position: Position;
}

/** The facts of a call that a search needs. */
export interface Caller {
  callerNumber(): string;
  readonly now: Date;
  /** Replaces the variables of an eswitch. */
  substitute(text: string): string;
  /** Something that the search skipped, reported once. */
  note(text: string): void;
}

/** Contexts that one call is looked up in: loops over many includes take as long as they like. */
const LOOKUPS = 1_000_000;

/** Contexts within contexts. Source: Asterisk 22, AST_PBX_MAX_STACK. */
const DEEPEST = 128;

/** One search: the contexts that it is in, and those, with what was looked for, that hold nothing of it. */
interface Search {
  readonly path: Set<string>;
  readonly vain: Set<string>;
}

function openSearch(): Search {
  return { path: new Set(), vain: new Set() };
}

/** Finds places in a dialplan as Asterisk does: patterns, callers, switches, then includes whose times hold. */
export class CallSearch {
  private readonly lookup: DialplanLookup;
  private readonly caller: Caller;
  private readonly included = new Map<Context, readonly Include[]>();
  private lookups = 0;

  constructor(lookup: DialplanLookup, caller: Caller) {
    this.lookup = lookup;
    this.caller = caller;
  }

  context(name: string): Context | undefined {
    return this.lookup.context(name);
  }

  /** Whether it finds nothing any more, because the call has been looked up too often. */
  get isSpent(): boolean {
    return this.lookups > LOOKUPS || this.lookup.isSpent;
  }

  find(position: Position, search: Search = openSearch()): Found | undefined {
    const { context: name, extension } = position;
    return this.within(name, `${name} ${extension}`, search, (context) => {
      for (const candidate of this.lookup.extensions(context, extension)) {
        if (!this.takes(candidate)) continue;
        const priority = priorityOf(candidate, position.priority);
        if (priority !== undefined) return { priority, position };
      }
      for (const one of context.switches) {
        const found = this.throughSwitch(one, position, search);
        if (found === 'nowhere') return undefined;
        if (found !== undefined) return found;
      }
      for (const include of this.validIncludes(context)) {
        const found = this.find({ ...position, context: include.context }, search);
        // a call that runs a priority of an included context stays in its own
        if (found !== undefined) return isIncluded(found, include) ? { ...found, position } : found;
      }
      return undefined;
    });
  }

  /** The number behind a label. */
  findLabel(
    name: string,
    extension: string,
    label: string,
    search: Search = openSearch(),
  ): number | undefined {
    return this.within(name, name, search, (context) => {
      for (const candidate of this.lookup.extensions(context, extension)) {
        const number = this.takes(candidate) ? candidate.labels.get(label) : undefined;
        if (number !== undefined) return number;
      }
      for (const include of this.validIncludes(context)) {
        const number = this.findLabel(include.context, extension, label, search);
        if (number !== undefined) return number;
      }
      return undefined;
    });
  }

  /** Searches a context, unless that is going on or was in vain before. */
  private within<T>(
    name: string,
    key: string,
    { path, vain }: Search,
    look: (context: Context) => T | undefined,
  ): T | undefined {
    this.lookups++;
    const context = this.lookup.context(name);
    if (context === undefined || path.has(name) || vain.has(key)) return undefined;
    if (path.size >= DEEPEST || this.isSpent) return undefined;
    path.add(name);
    const found = look(context);
    path.delete(name);
    if (found === undefined) vain.add(key);
    return found;
  }

  private validIncludes(context: Context): readonly Include[] {
    const known = this.included.get(context) ?? this.openIncludes(context);
    this.included.set(context, known);
    return known;
  }

  private openIncludes({ name, includes }: Context): Include[] {
    return includes.filter(({ times, context }) => {
      if (times === undefined) return true;
      const open = isWithin(times, this.caller.now);
      this.caller.note(
        `${name} includes ${context} at ${times}: ${open ? 'it counts' : 'left out'} at the time of this call`,
      );
      return open;
    });
  }

  /** `Loopback/[number]@context[/pattern]`; the other switches ask what is not here. */
  private throughSwitch(one: Switch, position: Position, search: Search): Found | 'nowhere' | undefined {
    if (one.name !== 'Loopback') {
      this.caller.note(`switch ${one.name}/${one.data} of ${position.context} is not asked`);
      return undefined;
    }
    const { context, extension, priority } = position;
    const data = one.evaluated ? this.caller.substitute(one.data) : one.data;
    const values: Readonly<Record<string, string>> = {
      EXTEN: extension,
      CONTEXT: context,
      PRIORITY: String(priority),
    };
    const text = substitute(data, { variable: (name) => values[name] });
    const [, number = '', target = '', pattern] = /^([^@/]*)(?:@([^/]*))?(?:\/(.*))?$/s.exec(text) ?? [];
    // Asterisk lets such a switch answer for every number, and then has nothing to run
    if (target === '' || target.toLowerCase() === context.toLowerCase()) return 'nowhere';
    if (pattern !== undefined && !matches(pattern, extension)) return undefined;
    return this.find({ context: target, extension: number === '' ? extension : number, priority }, search);
  }

  private takes({ callerId }: Extension): boolean {
    return callerId === undefined || matchesCaller(callerId, this.caller.callerNumber());
  }
}

/** Found in the included context itself, or in one that it includes: not through a switch. */
function isIncluded({ position }: Found, include: Include): boolean {
  return position.context === include.context;
}
