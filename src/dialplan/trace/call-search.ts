import type { Context, Extension, Include, LoadedDialplan, Priority, Switch } from '../read/dialplan.ts';
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

/** Finds places in a dialplan as Asterisk does: patterns, callers, switches, then includes whose times hold. */
export class CallSearch {
  private readonly contexts: ReadonlyMap<string, Context>;
  private readonly caller: Caller;

  constructor(dialplan: LoadedDialplan, caller: Caller) {
    this.contexts = new Map(dialplan.contexts.map((context) => [context.name, context]));
    this.caller = caller;
  }

  context(name: string): Context | undefined {
    return this.contexts.get(name);
  }

  find(position: Position, seen: readonly string[] = []): Found | undefined {
    const context = this.contexts.get(position.context);
    if (context === undefined || seen.includes(context.name)) return undefined;
    for (const candidate of context.extensions) {
      if (!this.takes(candidate, position.extension)) continue;
      const priority = candidate.priorities.find(({ number }) => number === position.priority);
      if (priority !== undefined) return { priority, position };
    }
    for (const one of context.switches) {
      const found = this.throughSwitch(one, position, [...seen, context.name]);
      if (found === 'nowhere') return undefined;
      if (found !== undefined) return found;
    }
    for (const include of this.validIncludes(context)) {
      const found = this.find({ ...position, context: include.context }, [...seen, context.name]);
      // a call that runs a priority of an included context stays in its own
      if (found !== undefined) return isIncluded(found, include) ? { ...found, position } : found;
    }
    return undefined;
  }

  /** The number behind a label. */
  findLabel(
    context: string,
    extension: string,
    label: string,
    seen: readonly string[] = [],
  ): number | undefined {
    const found = this.contexts.get(context);
    if (found === undefined || seen.includes(context)) return undefined;
    for (const candidate of found.extensions) {
      const number = this.takes(candidate, extension) ? candidate.labels.get(label) : undefined;
      if (number !== undefined) return number;
    }
    for (const include of this.validIncludes(found)) {
      const number = this.findLabel(include.context, extension, label, [...seen, context]);
      if (number !== undefined) return number;
    }
    return undefined;
  }

  private validIncludes({ name, includes }: Context): Include[] {
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
  private throughSwitch(
    one: Switch,
    position: Position,
    seen: readonly string[],
  ): Found | 'nowhere' | undefined {
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
    return this.find({ context: target, extension: number === '' ? extension : number, priority }, seen);
  }

  private takes({ name, callerId }: Extension, extension: string): boolean {
    if (!matches(name, extension)) return false;
    return callerId === undefined || matchesCaller(callerId, this.caller.callerNumber());
  }
}

/** Found in the included context itself, or in one that it includes: not through a switch. */
function isIncluded({ position }: Found, include: Include): boolean {
  return position.context === include.context;
}
