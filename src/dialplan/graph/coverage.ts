import type { DialplanGraph, EdgeKind } from './model.ts';
import type { TracedGraph } from './hops.ts';

/** An extension, and whether some traced call ran a priority of it. */
export interface ExtensionCoverage {
  /** `EXTENSION@CONTEXT`. */
  readonly name: string;
  readonly reached: boolean;
}

/** One way out of a priority that has several. */
export interface BranchCoverage {
  readonly file: string;
  readonly line: number;
  /** `GotoIf, when true`; `next` for the line below. */
  readonly way: string;
  /** `context,extension,priority`. */
  readonly to: string;
  readonly taken: boolean;
}

export interface GraphCoverage {
  readonly lines: { readonly reached: number; readonly all: number };
  readonly extensions: readonly ExtensionCoverage[];
  readonly branches: readonly BranchCoverage[];
}

const BRANCHES: ReadonlySet<EdgeKind> = new Set(['next', 'goto', 'gosub', 'loop', 'invalid']);

/** The places that traced calls reached, and the ways they took where there are several. */
export function coverageOf({ graph, reached }: TracedGraph): GraphCoverage {
  const extensions = graph.contexts.flatMap((context) =>
    context.extensions
      .filter(({ priorities }) => priorities.length > 0)
      .map(({ name, priorities }) => ({
        name: `${name}@${context.name}`,
        reached: priorities.some(({ id }) => reached.has(id)),
      })),
  );
  const lines = new Map<string, boolean>();
  for (const { id, place } of graph.contexts.flatMap((one) =>
    one.extensions.flatMap((each) => each.priorities),
  )) {
    const line = `${place.file}:${place.line}`;
    lines.set(line, lines.get(line) === true || reached.has(id));
  }
  const count = [...lines.values()].filter(Boolean).length;
  return { lines: { reached: count, all: lines.size }, extensions, branches: branchesOf(graph) };
}

/** A target that only a call knows counts once a call has shown it. */
function branchesOf({ edges }: DialplanGraph): BranchCoverage[] {
  const ways = new Map<string, BranchCoverage[]>();
  for (const { from, to, kind, certainty, reason, place, taken = 0 } of edges) {
    if (!BRANCHES.has(kind) || (certainty === 'computed' && taken === 0)) continue;
    const one = { file: place.file, line: place.line, way: reason, to, taken: taken > 0 };
    const known = ways.get(from);
    if (known === undefined) ways.set(from, [one]);
    else known.push(one);
  }
  return [...ways.values()].filter((some) => some.length > 1).flat();
}
