import type { DialplanGraph, GraphEdge, GraphExtension, GraphPriority } from './model.ts';
import { dialled, isPattern, matches, patternMatcher, withoutDashes, type Dialled } from '../read/pattern.ts';
import { contextId } from './spot.ts';

/** A step of a traced call, as the tracer or Asterisk's own log tells it. */
export interface Step {
  /** Where the call stands; what it runs may be written in a context that this one includes. */
  readonly context: string;
  readonly extension: string;
  readonly priority: number;
  readonly app: string;
  /** As the application was given it. */
  readonly data?: string;
  /** Only the tracer knows it. */
  readonly place?: { readonly file: string; readonly line: number };
}

/** The steps of one call, in their order. */
export type Steps = readonly Step[];

interface Place {
  readonly context: string;
  readonly extension: GraphExtension;
  readonly priority: GraphPriority;
}

/** Looks at places, contexts and edges, for all steps together; a second. */
const LOOKS = 5_000_000;

/** The priorities of one number in a context, found by the number that was dialled. */
class PlacesOfNumber {
  private readonly places: Place[] = [];
  private readonly byName = new Map<string, number[]>();
  private readonly patterns: { readonly at: number; readonly takes: (number: Dialled) => boolean }[] = [];

  add(place: Place): void {
    const at = this.places.push(place) - 1;
    const { name } = place.extension;
    // with its caller behind a slash, or without
    for (const one of new Set([name.replace(/\/[^\]]*$/, ''), name])) {
      if (isPattern(one)) {
        this.patterns.push({ at, takes: patternMatcher(one) });
        continue;
      }
      const known = this.byName.get(withoutDashes(one));
      if (known === undefined) this.byName.set(withoutDashes(one), [at]);
      else known.push(at);
    }
  }

  /** Those whose extension takes the number, in the order of the dialplan. */
  taking(number: string, look: (times: number) => void): readonly Place[] {
    const found = new Set(this.byName.get(number.replaceAll('-', '')));
    look(this.patterns.length + found.size);
    const wanted = this.patterns.length === 0 ? undefined : dialled(number);
    if (wanted !== undefined) for (const { at, takes } of this.patterns) if (takes(wanted)) found.add(at);
    return [...found].sort((a, b) => a - b).flatMap((at) => this.places[at] ?? []);
  }
}

/** Finds the priorities of a graph that calls ran, and the edges that they took. */
export class HopFinder {
  private readonly contexts = new Map<string, Map<number, PlacesOfNumber>>();
  private readonly around = new Map<string, ReadonlyMap<string, GraphEdge | undefined>>();
  private readonly below = new Map<string, Map<string, GraphEdge>>();
  private readonly places = new Map<string, Place>();
  private readonly out = new Map<string, GraphEdge[]>();
  private readonly found = new Map<string, Place | undefined>();
  private readonly legs = new Set<string>();
  private left = LOOKS;

  constructor({ contexts, edges }: DialplanGraph) {
    for (const { name, extensions } of contexts) {
      const byNumber = new Map<number, PlacesOfNumber>();
      for (const extension of extensions) {
        for (const priority of extension.priorities) {
          const place = { context: name, extension, priority };
          this.places.set(priority.id, place);
          const known = byNumber.get(priority.number) ?? new PlacesOfNumber();
          byNumber.set(priority.number, known);
          known.add(place);
        }
      }
      this.contexts.set(name, byNumber);
    }
    const names = new Map(contexts.map(({ id, name }) => [id, name]));
    for (const edge of edges) {
      const known = this.out.get(edge.from);
      if (known === undefined) this.out.set(edge.from, [edge]);
      else known.push(edge);
      if (edge.kind === 'leg') this.legs.add(edge.to);
      const [from, to] = [names.get(edge.from), names.get(edge.to)];
      if ((edge.kind === 'include' || edge.kind === 'switch') && from !== undefined && to !== undefined)
        this.below.set(from, (this.below.get(from) ?? new Map<string, GraphEdge>()).set(to, edge));
    }
  }

  /** Whether a call may begin there as a leg of another one, or go on there, bridged no more. */
  beginsLeg(id: string): boolean {
    return this.legs.has(id);
  }

  /** Whether more was looked at than the calls of any plugin need. */
  get isSpent(): boolean {
    return this.left < 0;
  }

  private readonly look = (times: number): void => {
    this.left -= times;
  };

  /** The priority that a step ran; undefined when the dialplan has none. */
  priorityOf(step: Step): GraphPriority | undefined {
    return this.placeOf(step)?.priority;
  }

  private placeOf(step: Step): Place | undefined {
    const { context, extension, priority, app, data, place } = step;
    const key = JSON.stringify([
      context,
      extension,
      priority,
      ...(place === undefined ? [app, data] : [place.file, place.line]),
    ]);
    if (this.found.has(key)) return this.found.get(key);
    const found = this.search(step);
    this.found.set(key, found);
    return found;
  }

  private search({ context, extension, priority, app, data, place }: Step): Place | undefined {
    let best: { readonly place: Place; readonly score: number } | undefined;
    for (const name of this.contextsAround(context)) {
      this.look(1);
      for (const one of this.contexts.get(name)?.get(priority)?.taking(extension, this.look) ?? []) {
        const { file, line } = one.priority.place;
        if (place !== undefined) {
          if (file === place.file && line === place.line) return one;
          continue;
        }
        const score = likeness(one.priority, app, data);
        if (score === 3) return one;
        if (best === undefined || score > best.score) best = { place: one, score };
      }
    }
    return best?.place;
  }

  /** A context and those that it includes or asks, nearest first, each with the edge that brings it. */
  private contextsAround(name: string): Iterable<string> {
    return this.edgesAround(name).keys();
  }

  private edgesAround(name: string): ReadonlyMap<string, GraphEdge | undefined> {
    const known = this.around.get(name);
    if (known !== undefined) return known;
    const found = new Map<string, GraphEdge | undefined>([[name, undefined]]);
    for (const one of found.keys()) {
      this.look(1 + (this.below.get(one)?.size ?? 0));
      for (const [next, edge] of this.below.get(one) ?? []) if (!found.has(next)) found.set(next, edge);
    }
    this.around.set(name, found);
    return found;
  }

  /** The includes by which a call runs a priority of another context than its own. */
  includesOf(step: Step): readonly GraphEdge[] {
    return this.wayBetween(step.context, this.placeOf(step)?.context ?? '');
  }

  /** The switches by which an edge leads to another context than the one that it names; a step names the other one. */
  switchesOf({ through }: GraphEdge, to: Step): readonly GraphEdge[] {
    if (through === undefined) return [];
    return this.wayBetween(through, this.placeOf(to)?.context ?? '').filter(({ kind }) => kind === 'switch');
  }

  private wayBetween(from: string, to: string): readonly GraphEdge[] {
    const edges = this.edgesAround(from);
    const path: GraphEdge[] = [];
    let edge = edges.get(to);
    while (edge !== undefined && path.length < edges.size) {
      path.push(edge);
      this.look(1);
      edge = edges.get(edge.from.slice(contextId('').length));
    }
    return path;
  }

  /** The edges that a call takes between two steps: those to that priority, else computed ones that allow it. */
  edgesOf(from: Step, to: Step): readonly GraphEdge[] {
    const [start, end] = [this.placeOf(from), this.placeOf(to)];
    if (start === undefined || end === undefined) return [];
    const out = [
      ...(this.out.get(start.priority.id) ?? []),
      ...(this.out.get(contextId(from.context)) ?? []),
    ];
    this.look(2 * out.length);
    const direct = out.filter((edge) => edge.to === end.priority.id);
    if (direct.length > 0) return direct;
    return out.filter((edge) => this.allows(edge, end, to));
  }

  private allows({ from, target, certainty }: GraphEdge, end: Place, { extension, priority }: Step): boolean {
    if (certainty !== 'computed' || target === undefined || !this.places.has(from)) return false;
    if (target.context !== undefined && !this.edgesAround(target.context).has(end.context)) return false;
    if (target.priority !== undefined && target.priority !== priority) return false;
    if (target.app !== undefined && target.app !== end.priority.app.toLowerCase()) return false;
    return (
      target.extension === undefined ||
      matches(end.extension.name, target.extension) ||
      target.extension === extension
    );
  }
}

/** How well a priority fits what a log says that a call ran there, up to 3: also by what the application was given. */
function likeness(priority: GraphPriority, app: string, data: string | undefined): number {
  if (priority.app.toLowerCase() !== app.trim().toLowerCase()) return 0;
  if (data === undefined || priority.data === data) return 3;
  return /\$[{[]/.test(priority.data) ? 2 : 1;
}

/** The graph with what traced calls took: computed targets become edges of their own. */
export function withTraces(graph: DialplanGraph, calls: readonly Steps[]): TracedGraph {
  const finder = new HopFinder(graph);
  const taken = new Map<GraphEdge, number>();
  const reached = new Map<string, number>();
  const learnt = new Map<string, GraphEdge>();
  const begun = new Map<string, number>();
  const unknown: { readonly from: Step; readonly to: Step }[] = [];
  const count = <Key>(counts: Map<Key, number>, key: Key): void =>
    void counts.set(key, (counts.get(key) ?? 0) + 1);
  let unseen = 0;
  for (const steps of calls) {
    for (const [at, to] of steps.entries()) {
      if (finder.isSpent) {
        unseen += steps.length - at;
        break;
      }
      const end = finder.priorityOf(to);
      if (end === undefined) continue;
      count(reached, end.id);
      for (const edge of finder.includesOf(to)) count(taken, edge);
      const from = steps[at - 1];
      const start = from && finder.priorityOf(from);
      if (from === undefined) count(begun, end.id);
      if (from === undefined || start === undefined) continue;
      const edges = finder.edgesOf(from, to);
      const [edge] = edges;
      if (edge?.to !== end.id && finder.beginsLeg(end.id)) {
        count(begun, end.id);
        continue;
      }
      if (edge === undefined) {
        unknown.push({ from, to });
        continue;
      }
      // a step does not say by which of two branches it came
      if (edge.to === end.id) {
        for (const one of edges) count(taken, one);
        for (const one of new Set(edges.flatMap((each) => finder.switchesOf(each, to)))) count(taken, one);
      } else {
        const key = `${edge.from}\n${end.id}\n${edge.kind}`;
        const known = learnt.get(key);
        learnt.set(key, { ...edge, to: end.id, taken: (known?.taken ?? 0) + 1 });
      }
    }
  }
  // a leg has a channel of its own, which does not say who dialled it
  const times = (edge: GraphEdge): number | undefined =>
    edge.kind === 'leg' && reached.has(edge.from) ? begun.get(edge.to) : taken.get(edge);
  const edges = graph.edges.map((edge) => ({ ...edge, taken: times(edge) ?? 0 }));
  return { graph: { ...graph, edges: [...edges, ...learnt.values()] }, reached, unknown, unseen };
}

export interface TracedGraph {
  readonly graph: DialplanGraph;
  /** How often each priority was run, by its id. */
  readonly reached: ReadonlyMap<string, number>;
  /** Hops for which there is no edge: the dialplan is another one than the calls ran through. */
  readonly unknown: readonly { readonly from: Step; readonly to: Step }[];
  /** Steps that were not looked for, because the calls and the dialplan are too large together. */
  readonly unseen: number;
}

/** The steps that are missing in what is told of the calls. */
export function unseenText({ unseen }: TracedGraph): string {
  return `${unseen} steps of the calls were not looked for: the calls and the dialplan are too large together; take fewer of either`;
}
