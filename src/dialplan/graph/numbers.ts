import type { Context, Extension, Include, LoadedDialplan, Priority, Switch } from '../read/dialplan.ts';
import { DialplanLookup, priorityOf } from '../read/extension-index.ts';
import { matches } from '../read/pattern.ts';
import { substitute } from '../read/substitute.ts';

/** A priority that a call may come to, and what that depends on beside its number. */
export interface Arrival {
  readonly priority: Priority;
  /** `for caller 100`, `at 09:00-17:00`; undefined for every call. */
  readonly when: string | undefined;
}

/** Contexts within contexts. Source: Asterisk 22, AST_PBX_MAX_STACK. */
const DEEPEST = 128;
/** Contexts that are looked into, all in all. */
const LOOKUPS = 1_500_000;
/** Comparisons of a pattern with a number, all in all. */
const TRIED = 2_000_000;

/**
 * Finds every priority that some call with a number comes to, in Asterisk's order: own extensions, switches, includes.
 * A condition on the caller or the time is one possibility; the search goes on behind it.
 */
export class NumberSearch {
  private readonly lookup: DialplanLookup;
  private lookups = 0;

  constructor(dialplan: LoadedDialplan) {
    this.lookup = new DialplanLookup(dialplan, TRIED);
  }

  get isSpent(): boolean {
    return this.lookups > LOOKUPS || this.lookup.isSpent;
  }

  context(name: string): Context | undefined {
    return this.lookup.context(name);
  }

  /** The extensions of a context that take a number, in Asterisk's order. */
  taking(context: Context, number: string): readonly Extension[] {
    return this.lookup.extensions(context, number);
  }

  arrivals(context: string, number: string, priority: number): readonly Arrival[] {
    const found: Arrival[] = [];
    this.walk(context, number, undefined, new Set(), (extension, when) => {
      const one = priorityOf(extension, priority);
      if (one === undefined) return false;
      found.push({ priority: one, when });
      return when === undefined;
    });
    return found;
  }

  /** The numbers behind a label. */
  labels(context: string, number: string, label: string): readonly number[] {
    const found: number[] = [];
    this.walk(
      context,
      number,
      undefined,
      new Set(),
      (extension, when) => {
        const one = extension.labels.get(label);
        if (one === undefined) return false;
        found.push(one);
        return when === undefined;
      },
      false,
    );
    return found;
  }

  /** True when `take` has said that nothing behind it counts. */
  private walk(
    name: string,
    number: string,
    when: string | undefined,
    path: Set<string>,
    take: (extension: Extension, when: string | undefined) => boolean,
    switches = true,
  ): boolean {
    this.lookups++;
    const context = this.lookup.context(name);
    if (context === undefined || path.has(name) || path.size >= DEEPEST || this.isSpent) return false;
    path.add(name);
    const done = this.within(context, number, when, path, take, switches);
    path.delete(name);
    return done;
  }

  private within(
    context: Context,
    number: string,
    when: string | undefined,
    path: Set<string>,
    take: (extension: Extension, when: string | undefined) => boolean,
    switches: boolean,
  ): boolean {
    for (const extension of this.lookup.extensions(context, number)) {
      if (take(extension, both(when, forCaller(extension)))) return true;
    }
    for (const one of switches ? context.switches : []) {
      const target = loopback(one, context.name, number);
      if (target === 'nowhere') return true;
      if (target !== undefined && this.walk(target.context, target.number, when, path, take, switches))
        return true;
    }
    for (const include of context.includes) {
      if (this.walk(include.context, number, both(when, atTimes(include)), path, take, switches)) return true;
    }
    return false;
  }
}

/** Where a Loopback switch without variables of the call leads; `nowhere` ends the search. */
export function loopback(
  { name, data, evaluated }: Switch,
  context: string,
  number: string,
): { readonly context: string; readonly number: string } | 'nowhere' | undefined {
  if (name !== 'Loopback') return undefined;
  const values: Readonly<Record<string, string>> = { EXTEN: number, CONTEXT: context };
  if (evaluated && /\$\{(?!EXTEN\b|CONTEXT\b)/.test(data)) return undefined;
  const text = substitute(data, { variable: (one) => values[one] });
  const [, other = '', target = '', pattern] = /^([^@/]*)(?:@([^/]*))?(?:\/(.*))?$/s.exec(text) ?? [];
  if (target === '' || target.toLowerCase() === context.toLowerCase()) return 'nowhere';
  if (pattern !== undefined && !matches(pattern, number)) return undefined;
  return { context: target, number: other === '' ? number : other };
}

function both(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined ? b : b === undefined ? a : `${a}, ${b}`;
}

function forCaller({ callerId }: Extension): string | undefined {
  return callerId === undefined ? undefined : callerId === '' ? 'without a caller' : `for caller ${callerId}`;
}

function atTimes({ times }: Include): string | undefined {
  return times === undefined ? undefined : `at ${times}`;
}
