import type { Context, LoadedDialplan, Priority } from '../read/dialplan.ts';
import { toInteger } from '../read/extension-line.ts';
import { isPattern } from '../read/pattern.ts';
import { Callers } from './callers.ts';
import type { Jump, Loop } from './exits.ts';
import { knownText } from './known-text.ts';
import { endOfLoop, startOfLoop } from './loops.ts';
import type { DialplanGraph, EdgeKind, GraphEdge, GraphOutside, Target } from './model.ts';
import { SPECIAL, contextNode } from './nodes.ts';
import { type Arrival, NumberSearch, loopback } from './numbers.ts';
import { withReturns } from './returns.ts';
import { type Spot, contextId } from './spot.ts';

/** The graph of a dialplan as it was loaded. */
export function dialplanGraph(dialplan: LoadedDialplan): DialplanGraph {
  return new Builder(dialplan).build();
}

class Builder {
  private readonly dialplan: LoadedDialplan;
  private readonly search: NumberSearch;
  private readonly globals: ReadonlyMap<string, string>;
  private readonly spots = new Map<Priority, Spot>();
  private readonly callers: Callers;
  private readonly edges = new Map<string, GraphEdge>();
  private readonly outside = new Map<string, GraphOutside>();
  /** Where a call goes on behind a subroutine. */
  private readonly behind = new Map<Spot, Set<Spot>>();

  constructor(dialplan: LoadedDialplan) {
    this.dialplan = dialplan;
    this.search = new NumberSearch(dialplan);
    this.globals = new Map(dialplan.globals.map(({ name, value }) => [name, value]));
    this.callers = new Callers(dialplan, this.search);
  }

  build(): DialplanGraph {
    // Asterisk lists the last context first
    const contexts = this.dialplan.contexts
      .toReversed()
      .map((context) => contextNode(context, (spot) => this.spots.set(spot.priority, spot)));
    for (const context of this.dialplan.contexts) this.readContext(context);
    for (const spot of this.spots.values()) this.readSpot(spot);
    const { edges, note } = withReturns([...this.spots.values()], this.behind, [...this.edges.values()]);
    const notes = [...this.callers.notes, ...(note === undefined ? [] : [note])];
    if (this.search.isSpent) notes.push('it has too many patterns to look up each jump in them');
    return { contexts, outside: [...this.outside.values()], edges, notes };
  }

  private readContext({ name, includes, switches }: Context): void {
    const from = contextId(name);
    for (const include of includes) {
      const reason = include.times === undefined ? 'include' : `include at ${include.times}`;
      const to = this.contextOrOutside(include.context);
      this.add({ from, to, kind: 'include', certainty: 'static', reason, place: include.place });
    }
    for (const one of switches) {
      const found = loopback(one, name, '${EXTEN}');
      const known = typeof found === 'object' ? found.context : undefined;
      const text = `${one.name}/${one.data}`;
      const to = known === undefined ? this.computed(text) : this.contextOrOutside(known);
      const certainty = known === undefined ? 'computed' : 'static';
      const target = known === undefined ? {} : { context: known };
      this.add({ from, to, kind: 'switch', certainty, reason: `switch ${text}`, place: one.place, target });
    }
    for (const [special, reason] of Object.entries(SPECIAL)) {
      for (const { spot } of this.arrivals(name, special, 1)) {
        const kind = special === 'h' ? 'hangup' : 'invalid';
        this.add({ from, to: spot.node.id, kind, certainty: 'computed', reason, place: spot.node.place });
      }
    }
  }

  private readSpot(spot: Spot): void {
    const { context, exits, node } = spot;
    const { place } = node;
    for (const home of this.callers.homesOf(context.name)) {
      for (const number of this.callers.entering(spot, home)) this.readCall(spot, home, number);
      if (exits.digits) {
        const [to, target] = [contextId(home), { context: home, priority: 1 }];
        const reason = `${node.app}, digits of the caller`;
        this.add({ from: node.id, to, kind: 'digits', certainty: 'computed', reason, place, target });
      }
    }
    if (exits.script) {
      const to = this.computed(node.leaves ?? node.app);
      this.add({
        from: node.id,
        to,
        kind: 'script',
        certainty: 'computed',
        reason: node.app,
        place,
        target: {},
      });
    }
  }

  /** The next places of a call that runs this priority in a context, by a number. */
  private readCall(spot: Spot, home: string, number: string): void {
    const { exits, priority } = spot;
    const next = this.arrivals(home, number, priority.number + 1);
    const falls = exits.next && next.every(({ when }) => when !== undefined);
    const ends = exits.ends || (falls && !this.toInvalid(spot, home, number));
    if (exits.next) for (const one of next) this.arrive(spot, one, 'next', 'next', number);
    let failing = false;
    for (const jump of exits.jumps) {
      if (jump.kind === 'gosub')
        this.keep(spot, jump.isBefore ? [...next, ...this.arrivals(home, 'h', 1)] : next);
      failing = this.readJump(spot, jump, home, number) || failing;
    }
    for (const loop of exits.loops) failing = this.readLoop(spot, loop, home, number, next) || failing;
    if (ends || failing) this.hangUp(spot, home, failing ? 'it ends there' : 'the call ends');
    else if (exits.returns) this.hangUp(spot, home, 'Return without a Gosub');
  }

  /** An extension without a first priority is one that is not there, for a call that runs past its end. */
  private toInvalid(spot: Spot, home: string, number: string): boolean {
    if (this.isThere(home, number)) return false;
    const invalid = this.arrivals(home, 'i', 1);
    for (const one of invalid) this.arrive(spot, one, 'invalid', 'no first priority', number);
    return invalid.some(({ when }) => when === undefined);
  }

  private isThere(context: string, extension: string): boolean {
    return extension === 'i' || this.arrivals(context, extension, 1).some(({ when }) => when === undefined);
  }

  private keep(spot: Spot, next: readonly Landing[]): void {
    const known = this.behind.get(spot) ?? new Set();
    for (const one of next) known.add(one.spot);
    this.behind.set(spot, known);
  }

  /** Whether the call ends by it, in the context where it is. */
  private readJump(spot: Spot, jump: Jump, home: string, number: string): boolean {
    const { node, extension, priority } = spot;
    const { target, kind, reason } = jump;
    const parts = [target.context ?? '${CONTEXT}', target.extension ?? '${EXTEN}', target.priority];
    const values = { CONTEXT: home, EXTEN: number, PRIORITY: String(priority.number) };
    const texts = parts.map((part) => knownText(part, values, this.globals));
    const [context, wanted, to] = texts;
    if (context === undefined || wanted === undefined || to === undefined) return false;
    const isFixed =
      !isPattern(extension.name) || target.extension === undefined || !parts[1]?.includes('EXTEN');
    const isLikely = texts.some((part) => part.likely);
    if (context.text === undefined || wanted.text === undefined || to.text === undefined || !isFixed) {
      // a variable that stands for the whole place may hold all three of its parts
      const isWhole = target.extension === undefined && to.text === undefined;
      if (isWhole) {
        this.leadSomewhere(spot, jump, {}, this.computed(target.priority));
        return false;
      }
      const at = to.text === undefined ? undefined : toInteger(to.text);
      const there =
        context.text === undefined ? this.computed(parts.join(',')) : this.contextOrOutside(context.text);
      const known = {
        ...(context.text === undefined ? {} : { context: context.text }),
        ...(wanted.text === undefined || !isFixed ? {} : { extension: wanted.text }),
        ...(at === undefined ? {} : { priority: at }),
      };
      this.leadSomewhere(spot, jump, known, there);
      return false;
    }
    const certainty = isLikely || kind === 'macro' ? 'computed' : 'static';
    if (this.search.context(context.text) === undefined) {
      const place = { from: node.id, kind, certainty, reason, place: node.place } as const;
      this.add({
        ...place,
        to: this.contextOrOutside(context.text),
        ...toTarget(certainty, { context: context.text }),
      });
      return false;
    }
    const named = this.numbersOf(context.text, wanted.text, to.text, priority.number);
    const numbers = jump.isBehind ? named.map((one) => one + 1) : named;
    const found = numbers.flatMap((one) => this.arrivals(context.text ?? '', wanted.text ?? '', one));
    for (const one of found) this.arrive(spot, one, kind, reason, number, certainty, context.text);
    if (found.some(({ when }) => when === undefined)) return false;
    return this.leadNowhere(spot, jump, context.text, wanted.text, to.text, numbers, found.length > 0);
  }

  private numbersOf(context: string, extension: string, text: string, from: number): readonly number[] {
    if (text === 'n') return [from + 1];
    const number = toInteger(text);
    if (number === undefined) return this.search.labels(context, extension, text);
    return [/^\s*[+-]/.test(text) ? from + number : number];
  }

  /** A target that is not there: `i` takes the call, or it ends. */
  private leadNowhere(
    spot: Spot,
    { kind, reason }: Jump,
    context: string,
    extension: string,
    priority: string,
    numbers: readonly number[],
    perhaps: boolean,
  ): boolean {
    const { node } = spot;
    const isJump = kind === 'goto';
    const invalid =
      isJump && numbers.length > 0 && !this.isThere(context, extension) ? this.arrivals(context, 'i', 1) : [];
    for (const one of invalid) this.arrive(spot, one, 'invalid', `${reason}: there is no ${extension}`, '');
    if (invalid.some(({ when }) => when === undefined)) return false;
    const other = this.search.context(context);
    if (other !== undefined && this.isOpen(other)) {
      // a switch may lead to any other context
      this.leadSomewhere(spot, { kind, reason }, {}, contextId(context));
    } else if (!perhaps) {
      const name = `${context},${extension},${priority}`;
      const to = this.outsideId({ id: `missing ${name}`, kind: 'missing', name });
      this.add({
        from: node.id,
        to,
        kind,
        certainty: 'computed',
        reason: `${reason}: it is not there`,
        place: node.place,
      });
    }
    if (isJump && numbers.length > 0) {
      // the call has left for it, and ends there
      this.hangUp(spot, context, 'it ends there');
      return false;
    }
    // a leg that cannot begin ends no other
    return kind !== 'leg';
  }

  /** Whether a context takes numbers that are not written here: it includes what other files bring, or asks a switch. */
  private isOpen({ includes, switches }: Context): boolean {
    return (
      includes.some(({ context }) => this.search.context(context) === undefined) ||
      switches.some(({ name, evaluated }) => name !== 'Loopback' || evaluated)
    );
  }

  /** A target of which not everything is known. */
  private leadSomewhere(
    spot: Spot,
    { kind, reason }: Pick<Jump, 'kind' | 'reason'>,
    target: Target,
    to: string,
  ): void {
    const { node } = spot;
    this.add({ from: node.id, to, kind, certainty: 'computed', reason, place: node.place, target });
    if (kind !== 'goto' || target.context === undefined) return;
    // perhaps it is not there
    for (const [special, ends] of [
      ['i', 'invalid'],
      ['h', 'hangup'],
    ] as const) {
      for (const one of this.arrivals(target.context, special, 1)) {
        this.arrive(spot, one, ends, `${reason}, to nowhere`, '', 'computed');
      }
    }
  }

  private readLoop(spot: Spot, loop: Loop, home: string, number: string, next: readonly Landing[]): boolean {
    const { extension, priority } = spot;
    const { way, reason } = loop;
    if (way === 'past') {
      const end = endOfLoop(extension, priority.number);
      if (end === undefined) return true;
      const behind = this.arrivals(home, number, end + 1);
      for (const one of behind) this.arrive(spot, one, 'loop', reason, number);
      return behind.length === 0 && !this.toInvalid(spot, home, number);
    }
    const start = startOfLoop(extension, priority.number);
    if (start !== undefined) {
      for (const one of this.arrivals(home, number, start.number)) {
        if (one.spot.priority === start) this.arrive(spot, one, 'loop', reason, number);
      }
    }
    for (const one of next) this.arrive(spot, one, 'next', `${reason} without a loop`, number, 'computed');
    return false;
  }

  private hangUp(spot: Spot, home: string, reason: string): void {
    // h itself ends without another h, but for a call that a jump led to it
    const isSure = spot.extension.name !== 'h' && !reason.startsWith('Return');
    const certainty = isSure ? 'static' : 'computed';
    for (const one of this.arrivals(home, 'h', 1)) this.arrive(spot, one, 'hangup', reason, '', certainty);
  }

  private arrive(
    spot: Spot,
    { spot: { context, node, extension }, when }: Landing,
    kind: EdgeKind,
    reason: string,
    number: string,
    certainty: GraphEdge['certainty'] = 'static',
    named = context.name,
  ): void {
    const own = spot.extension === extension || !isPattern(spot.extension.name) || number === '';
    const depends = [own ? undefined : `for ${number}`, when].filter((one) => one !== undefined);
    const text = depends.length === 0 ? reason : `${reason} (${depends.join(', ')})`;
    const through = named === context.name ? {} : { through: named };
    this.add({
      from: spot.node.id,
      to: node.id,
      kind,
      certainty,
      reason: text,
      place: spot.node.place,
      ...through,
    });
  }

  private arrivals(context: string, number: string, priority: number): readonly Landing[] {
    return this.search.arrivals(context, number, priority).flatMap(({ priority: one, when }: Arrival) => {
      const spot = this.spots.get(one);
      return spot === undefined ? [] : [{ spot, when }];
    });
  }

  private contextOrOutside(name: string): string {
    if (this.search.context(name) !== undefined) return contextId(name);
    return this.outsideId({ id: `context ${name}`, kind: 'context', name });
  }

  private computed(text: string): string {
    return this.outsideId({ id: `computed ${text}`, kind: 'computed', name: text });
  }

  private outsideId(outside: GraphOutside): string {
    if (!this.outside.has(outside.id)) this.outside.set(outside.id, outside);
    return outside.id;
  }

  private add(edge: GraphEdge): void {
    const key = [edge.from, edge.to, edge.kind, withoutCaller(edge.reason)].join('\n');
    if (!this.edges.has(key)) this.edges.set(key, edge);
  }
}

function withoutCaller(reason: string): string {
  const at = reason.lastIndexOf(' (for ');
  return at >= 0 && /^[^,)]*\)$/.test(reason.slice(at + 6)) ? reason.slice(0, at) : reason;
}

interface Landing {
  readonly spot: Spot;
  readonly when: string | undefined;
}

function toTarget(certainty: GraphEdge['certainty'], target: Target): { target?: Target } {
  return certainty === 'computed' ? { target } : {};
}
