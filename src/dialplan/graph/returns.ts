import type { GraphEdge } from './model.ts';
import type { Spot } from './spot.ts';

/** Within one subroutine or loop a call goes by these, and behind the subroutines that it calls. */
const WITHIN: ReadonlySet<string> = new Set(['next', 'goto', 'loop', 'invalid']);

/** Priorities that are looked at to find the ways of subroutines and loops, and edges of Returns that are drawn. */
const STEPS = 2_000_000;
const EDGES = 100_000;

/** Counts what the search takes. */
interface Budget {
  steps: number;
}

/**
 * Jumps that depend on the way that a call came: a Return leads behind the Gosub of that call, an EndWhile back to a While.
 * Adds an edge from each Return to what stands behind the Gosubs that it can end.
 * @returns the edges; one back to a While that no call comes from is computed. `note` says what was given up.
 */
export function withReturns(
  spots: readonly Spot[],
  behind: ReadonlyMap<Spot, ReadonlySet<Spot>>,
  edges: readonly GraphEdge[],
): { readonly edges: readonly GraphEdge[]; readonly note: string | undefined } {
  const budget: Budget = { steps: 0 };
  const byId = new Map(spots.map((spot) => [spot.node.id, spot]));
  const certain = new Ways(
    byId,
    behind,
    edges.filter(({ certainty }) => certainty === 'static'),
    budget,
  );
  const possible = new Ways(byId, behind, edges, budget);
  const kept = edges.map((edge) => {
    const isBack = edge.kind === 'loop' && byId.get(edge.from)?.exits.loops.some(({ way }) => way !== 'past');
    return isBack && !certain.leadWithinExtension(edge.to, edge.from)
      ? { ...edge, certainty: 'computed' as const }
      : edge;
  });
  const returns = returnsOf(byId, behind, certain, possible);
  const isWhole = budget.steps <= STEPS && returns.length < EDGES;
  return {
    edges: [...kept, ...returns, ...openReturns(spots, edges), ...openLoops(spots)],
    note: isWhole ? undefined : 'it has too many subroutines and loops to find where each Return leads',
  };
}

function returnsOf(
  byId: ReadonlyMap<string, Spot>,
  behind: ReadonlyMap<Spot, ReadonlySet<Spot>>,
  certain: Ways,
  possible: Ways,
): GraphEdge[] {
  const found = new Map<string, GraphEdge>();
  for (const [ways, certainty] of [
    [certain, 'static'],
    [possible, 'computed'],
  ] as const) {
    for (const { from: caller, to: entry } of ways.calls) {
      const spot = byId.get(caller);
      for (const from of ways.returnsFrom(entry)) {
        for (const { node } of (spot && behind.get(spot)) ?? []) {
          const key = `${from}\n${node.id}\n${caller}`;
          const place = byId.get(from)?.node.place ?? node.place;
          if (found.has(key)) continue;
          if (found.size >= EDGES) return [...found.values()];
          found.set(key, {
            from,
            to: node.id,
            kind: 'return',
            certainty,
            reason: `Return, behind ${caller}`,
            place,
          });
        }
      }
    }
  }
  return [...found.values()];
}

/** Returns of subroutines that only a call knows. */
function openReturns(spots: readonly Spot[], edges: readonly GraphEdge[]): GraphEdge[] {
  const ids = new Set(spots.map(({ node }) => node.id));
  const isOpen =
    edges.some(({ target, to }) => target !== undefined && !ids.has(to)) ||
    spots.some(({ node }) => node.app.toLowerCase() === 'stackpop');
  if (!isOpen) return [];
  const reason = 'Return, behind a Gosub that only a call knows';
  return spots.flatMap(({ node: { id, place }, exits }): GraphEdge[] =>
    exits.returns
      ? [
          {
            from: id,
            to: 'computed Return',
            kind: 'return',
            certainty: 'computed',
            reason,
            place,
            target: {},
          },
        ]
      : [],
  );
}

/** A jump out of a loop leaves it open: the next EndWhile anywhere leads back to it. */
function openLoops(spots: readonly Spot[]): GraphEdge[] {
  return spots.flatMap(({ node: { id, place }, exits }): GraphEdge[] => {
    if (exits.loops.every(({ way }) => way === 'past')) return [];
    const reason = 'back to a While that a jump left open';
    const target = { app: 'while' };
    return [{ from: id, to: 'computed While', kind: 'loop', certainty: 'computed', reason, place, target }];
  });
}

/** The ways by some of the edges. */
class Ways {
  readonly calls: readonly GraphEdge[];
  private readonly byId: ReadonlyMap<string, Spot>;
  private readonly behind: ReadonlyMap<Spot, ReadonlySet<Spot>>;
  private readonly steps = new Map<string, string[]>();
  /** Priorities whose subroutine returns. */
  private readonly returning = new Set<string>();
  private readonly returns = new Map<string, readonly string[]>();
  private readonly budget: Budget;

  constructor(
    byId: ReadonlyMap<string, Spot>,
    behind: ReadonlyMap<Spot, ReadonlySet<Spot>>,
    edges: readonly GraphEdge[],
    budget: Budget,
  ) {
    this.budget = budget;
    this.byId = byId;
    this.behind = behind;
    this.calls = edges.filter(({ kind, to }) => kind === 'gosub' && byId.has(to));
    for (const { kind, from, to } of edges) {
      if (!WITHIN.has(kind) || !byId.has(to)) continue;
      const known = this.steps.get(from);
      if (known === undefined) this.steps.set(from, [to]);
      else known.push(to);
    }
    // a call goes on behind a subroutine only when that one returns
    const entries = new Set(this.calls.map(({ to }) => to));
    for (let grown = true; grown && budget.steps <= STEPS;) {
      grown = false;
      for (const entry of entries) {
        if (budget.steps > STEPS) break;
        this.returns.set(
          entry,
          [...this.reach(entry)].filter((id) => byId.get(id)?.exits.returns === true),
        );
      }
      for (const { from, to } of this.calls) {
        if (this.returning.has(from) || this.returnsFrom(to).length === 0) continue;
        this.returning.add(from);
        grown = true;
      }
    }
  }

  returnsFrom(entry: string): readonly string[] {
    return this.returns.get(entry) ?? [];
  }

  leadWithinExtension(from: string, to: string): boolean {
    const own = from.slice(0, from.lastIndexOf(',') + 1);
    return this.reach(from, (id) => id.startsWith(own)).has(to);
  }

  private reach(entry: string, isWithin: (id: string) => boolean = () => true): ReadonlySet<string> {
    const seen = new Set([entry]);
    for (const id of seen) {
      this.budget.steps += 1;
      if (this.budget.steps > STEPS) break;
      const spot = this.byId.get(id);
      for (const next of this.steps.get(id) ?? []) if (isWithin(next)) seen.add(next);
      if (!this.returning.has(id)) continue;
      for (const { node } of (spot && this.behind.get(spot)) ?? []) if (isWithin(node.id)) seen.add(node.id);
    }
    return seen;
  }
}
