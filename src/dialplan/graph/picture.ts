import { UserError } from '../../support/errors.ts';
import type {
  DialplanGraph,
  EdgeKind,
  GraphContext,
  GraphEdge,
  GraphExtension,
  GraphPriority,
} from './model.ts';
import { contextId } from './spot.ts';

/** How much of each context is shown. */
export type Depth = 'contexts' | 'extensions' | 'priorities';

/** One row of a box. */
export interface Row {
  readonly port: string;
  readonly kind: 'extension' | 'priority' | 'more';
  /** `3`, or the name of an extension. */
  readonly name: string;
  readonly label?: string;
  readonly text: string;
  readonly pill?: string;
  readonly line: number;
  /** Whether a traced call came here; undefined when none were traced. */
  readonly reached?: boolean;
}

/** A context, or a place outside. */
export interface Box {
  readonly id: string;
  readonly kind: 'context' | 'outside' | 'missing' | 'computed';
  readonly title: string;
  readonly file?: string;
  readonly line?: number;
  /** Its content, shown when its rows are not. */
  readonly summary: string;
  readonly rows: readonly Row[];
  readonly reached?: boolean;
}

export interface End {
  readonly box: string;
  readonly port?: string;
}

/** One drawn line, for all edges that lie on each other. */
export interface Link {
  readonly from: End;
  readonly to: End;
  readonly kind: EdgeKind;
  readonly isSolid: boolean;
  readonly taken: number | undefined;
  readonly reasons: readonly string[];
}

export interface Picture {
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
  readonly isTraced: boolean;
  readonly depth: Depth;
}

export interface PictureOptions {
  /** Only this context, and what it leads to or comes from. */
  readonly focus?: string | undefined;
  readonly depth?: Depth | undefined;
  /** Rows that are shown where nobody chose a depth; as many as one drawing shows well by default. */
  readonly most?: number | undefined;
  /** Times that each priority was run, by its id; when calls were traced. */
  readonly reached?: ReadonlyMap<string, number> | undefined;
}

/** Rows that one picture shows well. */
const MOST_ROWS = 220;
const MOST_EXTENSIONS = 120;
/** Shown by pills and by the order of the rows, not by lines. */
const UNDRAWN: ReadonlySet<EdgeKind> = new Set(['return', 'hangup', 'digits', 'script']);

/** Chooses what a graph shows: boxes for contexts, rows for what branches, lines for jumps. */
export function pictureOf(graph: DialplanGraph, options: PictureOptions = {}): Picture {
  const { focus, reached } = options;
  const graphInFocus = focus === undefined ? graph : around(graph, contextId(focus));
  const entered = new Set(
    graphInFocus.edges.filter(({ kind }) => kind !== 'next' && !UNDRAWN.has(kind)).map(({ to }) => to),
  );
  const depth = options.depth ?? depthFor(graphInFocus, entered, options.most);
  const ends = new Map<string, End>();
  const boxes = graphInFocus.contexts.map((context, at): Box => {
    const id = `c${at}`;
    ends.set(context.id, { box: id });
    const rows =
      depth === 'contexts'
        ? []
        : inSourceOrder(context).flatMap((one) => rowsOf(one, depth, entered, reached));
    const ports = new Set(rows.map(({ port }) => port));
    const boxPorts = new Map<string, string>();
    for (const extension of context.extensions) {
      let port: string | undefined = portOf(extension.id);
      ends.set(extension.id, ports.has(port) ? { box: id, port } : { box: id });
      for (const priority of extension.priorities) {
        const own = portOf(priority.id);
        // a priority without a row of its own lies in the one above
        if (ports.has(own)) port = own;
        boxPorts.set(priority.id, port);
        ends.set(priority.id, port !== undefined && ports.has(port) ? { box: id, port } : { box: id });
      }
    }
    const count = context.extensions.reduce((sum, { priorities }) => sum + priorities.length, 0);
    return {
      id,
      kind: 'context',
      title: context.name,
      file: context.place.file,
      line: context.place.line,
      summary: `${counted(context.extensions.length, 'extension')}, ${counted(count, 'priority', 'priorities')}`,
      rows,
      ...(reached === undefined ? {} : { reached: isReached(context, reached) }),
    };
  });
  const outside = graphInFocus.outside.map((one, at): Box => {
    const id = `o${at}`;
    ends.set(one.id, { box: id });
    const kind = one.kind === 'context' ? 'outside' : one.kind;
    return { id, kind, title: one.name, summary: OUTSIDE[kind], rows: [] };
  });
  const links = linksOf(graphInFocus.edges, ends, depth);
  const drawn = new Set(links.flatMap(({ from, to }) => [from.box, to.box]));
  return {
    boxes: [...boxes, ...outside.filter(({ id }) => drawn.has(id))],
    links,
    isTraced: reached !== undefined,
    depth,
  };
}

/**
 * Holds a picture against the number of boxes, rows and lines that can be drawn.
 * @throws UserError `graph-too-large`
 */
export function refuseLarge({ boxes, links }: Picture, most: number): void {
  const rows = boxes.reduce((sum, box) => sum + box.rows.length, 0);
  if (boxes.length + rows + links.length <= most) return;
  const found = `${boxes.length} boxes, ${rows} rows and ${links.length} lines`;
  throw new UserError(
    'graph-too-large',
    `the drawing would have ${found}; up to ${most} together are drawn`,
    {
      help: 'Name a context behind the path to draw what is around it, or take --depth contexts.',
    },
  );
}

const OUTSIDE = {
  outside: 'a context that is not in these files',
  missing: 'there is no such place',
  computed: 'only a call knows it',
};

function counted(count: number, word: string, words = `${word}s`): string {
  return `${count} ${count === 1 ? word : words}`;
}

/** Extensions as they are written, not in the order in which Asterisk looks at them. */
function inSourceOrder({ extensions, place: { file } }: GraphContext): readonly GraphExtension[] {
  const lineOf = ({ priorities: [first] }: GraphExtension): number =>
    first === undefined || first.place.file !== file ? Infinity : first.place.line;
  return [...extensions].sort((a, b) => lineOf(a) - lineOf(b) || 0);
}

function isReached({ extensions }: GraphContext, reached: ReadonlyMap<string, number>): boolean {
  return extensions.some(({ priorities }) => priorities.some(({ id }) => reached.has(id)));
}

/** As much as one picture shows well. */
function depthFor(
  { contexts }: DialplanGraph,
  entered: ReadonlySet<string>,
  most: number | undefined,
): Depth {
  const extensions = contexts.flatMap((one) => one.extensions);
  const rows = extensions.reduce((sum, one) => sum + rowsOf(one, 'priorities', entered, undefined).length, 0);
  if (rows <= (most ?? MOST_ROWS)) return 'priorities';
  return extensions.length <= (most ?? MOST_EXTENSIONS) ? 'extensions' : 'contexts';
}

/** Ports are made up: names of others never become names in a drawing. */
export function portOf(id: string): string {
  let [one, two] = [0x811c9dc5, 0x9747b28c];
  for (let at = 0; at < id.length; at += 1) {
    const code = id.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    two = Math.imul(two ^ code, 0x5bd1e995) ^ (two >>> 15);
  }
  return `p${(one >>> 0).toString(36)}${(two >>> 0).toString(36)}`;
}

function rowsOf(
  extension: GraphExtension,
  depth: Depth,
  entered: ReadonlySet<string>,
  reached: ReadonlyMap<string, number> | undefined,
): Row[] {
  const { id, name, priorities } = extension;
  const pill = extension.entered ?? (extension.hint === undefined ? undefined : `hint ${extension.hint}`);
  const seen = (some: readonly GraphPriority[]): { reached?: boolean } =>
    reached === undefined ? {} : { reached: some.some((one) => reached.has(one.id)) };
  const head: Row = {
    port: portOf(id),
    kind: 'extension',
    name,
    text: depth === 'extensions' ? counted(priorities.length, 'priority', 'priorities') : '',
    line: priorities[0]?.place.line ?? 0,
    ...(pill === undefined ? {} : { pill }),
    ...seen(priorities),
  };
  if (depth === 'extensions') return [head];
  const rows: Row[] = [head];
  let plain: GraphPriority[] = [];
  const flush = (): void => {
    const [first, ...more] = plain;
    if (first === undefined) return;
    const row = rowOf(first, seen(plain));
    rows.push(more.length === 0 ? row : { ...row, kind: 'more', text: `${row.text}  … ${more.length} more` });
    plain = [];
  };
  for (const priority of priorities) {
    if (isPlain(priority) && (plain.length > 0 ? !entered.has(priority.id) : true)) {
      if (entered.has(priority.id)) flush();
      plain.push(priority);
      continue;
    }
    flush();
    if (isPlain(priority)) plain.push(priority);
    else rows.push(rowOf(priority, seen([priority])));
  }
  flush();
  return rows;
}

const BRANCHING = /^(?:goto|gosub|execif|while|endwhile|exitwhile|continuewhile|macro|waitexten|background)/i;

function isPlain({ app, leaves }: GraphPriority): boolean {
  return leaves === undefined && !BRANCHING.test(app);
}

function rowOf(priority: GraphPriority, seen: { reached?: boolean }): Row {
  const { id, number, label, app, data, place, leaves } = priority;
  return {
    port: portOf(id),
    kind: 'priority',
    name: String(number),
    ...(label === undefined ? {} : { label }),
    text: `${app}(${data})`,
    ...(leaves === undefined ? {} : { pill: leaves }),
    line: place.line,
    ...seen,
  };
}

function linksOf(edges: readonly GraphEdge[], ends: ReadonlyMap<string, End>, depth: Depth): Link[] {
  const links = new Map<string, Link>();
  const reasons = new Map<string, Set<string>>();
  for (const edge of edges) {
    const { kind, certainty, reason, taken = 0 } = edge;
    const [from, to] = [ends.get(edge.from), ends.get(edge.to)];
    if (from === undefined || to === undefined) continue;
    const isLearnt = certainty === 'computed' && taken > 0;
    if (UNDRAWN.has(kind) && !(isLearnt && kind === 'script')) continue;
    // the order of the rows shows it
    if (kind === 'next' && sameExtension(edge)) continue;
    if (edge.from.startsWith('context, ') && kind !== 'include' && kind !== 'switch') continue;
    const isInner = from.box === to.box && (from.port === to.port || depth === 'contexts');
    if (isInner) continue;
    const isSolid = certainty === 'static' || taken > 0;
    const key = [from.box, from.port, to.box, to.port, styleOf(kind), isSolid].join(' ');
    const known = links.get(key);
    links.set(key, {
      from,
      to,
      kind,
      isSolid,
      taken: edge.taken === undefined ? undefined : (known?.taken ?? 0) + taken,
      reasons: [],
    });
    const said = reasons.get(key);
    if (said === undefined) reasons.set(key, new Set([reason]));
    else said.add(reason);
  }
  return [...links].map(([key, link]) => ({ ...link, reasons: [...(reasons.get(key) ?? [])] }));
}

/** How a kind of edge is drawn. */
export type LinkStyle = 'jump' | 'sub' | 'include' | 'leg';

export function styleOf(kind: EdgeKind): LinkStyle {
  if (kind === 'gosub' || kind === 'macro') return 'sub';
  if (kind === 'include' || kind === 'switch') return 'include';
  return kind === 'leg' ? 'leg' : 'jump';
}

function sameExtension({ from, to }: GraphEdge): boolean {
  return from.slice(0, from.lastIndexOf(',')) === to.slice(0, to.lastIndexOf(','));
}

/** A context with the contexts that an edge joins to it. */
function around(graph: DialplanGraph, focus: string): DialplanGraph {
  const owner = new Map<string, string>();
  for (const { id, extensions } of graph.contexts) {
    owner.set(id, id);
    for (const extension of extensions) {
      owner.set(extension.id, id);
      for (const priority of extension.priorities) owner.set(priority.id, id);
    }
  }
  const of = (id: string): string => owner.get(id) ?? id;
  const edges = graph.edges.filter(({ from, to, kind }) => {
    return !UNDRAWN.has(kind) && (of(from) === focus || of(to) === focus);
  });
  const kept = new Set([focus, ...edges.flatMap(({ from, to }) => [of(from), of(to)])]);
  return {
    ...graph,
    edges,
    contexts: graph.contexts.filter(({ id }) => kept.has(id)),
    outside: graph.outside.filter(({ id }) => kept.has(id)),
  };
}
