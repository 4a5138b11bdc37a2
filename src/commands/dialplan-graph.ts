import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from '../cli/commander.ts';
import { jsonOption } from '../cli/options.ts';
import { subcommand } from '../cli/subcommand.ts';
import type { Steps, TracedGraph } from '../dialplan/graph/hops.ts';
import type { DialplanGraph } from '../dialplan/graph/model.ts';
import type { Depth, Picture } from '../dialplan/graph/picture.ts';
import type { DialplanFile } from '../dialplan/lint/add.ts';
import type { LoadedDialplan } from '../dialplan/read/dialplan.ts';
import { print, printAside, printContent, printJson } from '../terminal/output.ts';
import { UserError, usageError } from '../support/errors.ts';
import { makeFolders } from '../support/make-folders.ts';

const FORMATS = ['svg', 'html', 'mermaid'] as const;
type Format = (typeof FORMATS)[number];

/** Where a picture goes that would else be poured onto a terminal. */
const PICTURES = '.wdev/graph';

/** `wdev dialplan graph`. */
export function configureGraph(command: Command): void {
  subcommand(command, 'graph', 'Draw where calls go: contexts, jumps, subroutines, includes')
    .usage('[options] <path...> [context]')
    .argument(
      '<path...>',
      'dialplan files or plugin folders; last, a CONTEXT to draw only it and what is around it',
    )
    .addOption(
      new Option('--format <format>', 'draw in this format')
        .default(undefined, 'by the name of --out, else svg')
        .choices(FORMATS),
    )
    .option(
      '--out <file>',
      'write the picture to this file (default: .wdev/graph/ on a terminal, else standard output)',
    )
    .addOption(
      new Option('--depth <depth>', 'level of detail')
        .default(undefined, 'as much as fits')
        .choices(['contexts', 'extensions', 'priorities']),
    )
    .option('--trace <call>', 'draw the path of this call, CONTEXT,EXTENSION[,PRIORITY]; repeatable', collect)
    .option(
      '--set <name=value>',
      "with --trace: set a variable or a function, like X=1 or 'CALLERID(num)=100'; repeatable",
      collect,
    )
    .option('--time <time>', 'with --trace: time of the call, like 2026-11-20T09:30 (default: now)')
    .option(
      '--coverage <file>',
      'mark what calls reached, from a YAML list of calls, the output of trace --json, or an Asterisk log',
    )
    .addOption(jsonOption('contexts and edges'))
    .action(graph);
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

interface GraphFlags {
  readonly format?: Format;
  readonly out?: string;
  readonly depth?: Depth;
  readonly trace?: readonly string[];
  readonly set?: readonly string[];
  readonly time?: string;
  readonly coverage?: string;
  readonly json?: boolean;
}

async function graph(words: readonly string[], flags: GraphFlags): Promise<void> {
  const { findDialplanFiles } = await import('../dialplan/read/find-files.ts');
  const { loadPluginDialplan } = await import('../dialplan/read/plugin-dialplan.ts');
  const { dialplanGraph } = await import('../dialplan/graph/build.ts');
  const format = formatOf(flags);
  // a picture is nothing to read on a terminal
  const out =
    flags.out ??
    (process.stdout.isTTY && format !== 'mermaid' ? `${PICTURES}/dialplan.${format}` : undefined);
  const last = words.at(-1) ?? '';
  const focus = words.length > 1 && !existsSync(last) ? last : undefined;
  const files = findDialplanFiles(focus === undefined ? words : words.slice(0, -1));
  const dialplan = loadPluginDialplan(files);
  const built = dialplanGraph(dialplan);
  if (focus !== undefined && !built.contexts.some(({ name }) => name === focus)) {
    const { nearest } = await import('../support/nearest.ts');
    const likely = nearest(
      focus,
      built.contexts.map(({ name }) => name),
    );
    throw new UserError('no-such-context', `there is no context ${focus} in these files`, {
      help: likely === undefined ? 'wdev dialplan show lists them.' : `Did you mean ${likely}?`,
    });
  }
  const traced = await tracedGraph(dialplan, built, flags);
  for (const note of built.notes) printAside([`wdev: not everything is drawn: ${note}`]);
  const names = new Map(files.map(({ installed, name }) => [installed, name]));
  const nameOf = (installed: string): string => names.get(installed) ?? installed;
  if (flags.json) {
    printJson(await jsonOf(traced?.graph ?? built, nameOf, traced));
    return;
  }
  const { pictureOf } = await import('../dialplan/graph/picture.ts');
  // a page folds what is too much for a drawing
  const most = format === 'html' ? (await import('../dialplan/graph/html.ts')).PAGE_ROWS : undefined;
  const picture = pictureOf(traced?.graph ?? built, {
    focus,
    depth: flags.depth,
    most,
    reached: traced?.reached,
  });
  if (most !== undefined && flags.depth === undefined && picture.depth !== 'priorities')
    printAside([
      `wdev: not everything is drawn: there are more than ${most} rows, so only ${picture.depth} are; name a context behind the path to see more of it`,
    ]);
  const text =
    format === 'html'
      ? await page(picture, files, nameOf, traced, focus)
      : await drawn(picture, format, nameOf, out);
  if (out === undefined) {
    printContent(text);
    return;
  }
  makeFolders(path.dirname(out));
  if (flags.out === undefined) writeFileSync(path.join(PICTURES, '.gitignore'), '*\n');
  writeFileSync(out, text);
  print([`Wrote ${out}`]);
}

function formatOf({ format, out }: GraphFlags): Format {
  if (format !== undefined) return format;
  const ending = path.extname(out ?? '').slice(1);
  if (ending === 'mmd' || ending === 'mermaid' || ending === 'md') return 'mermaid';
  if (ending === 'html' || ending === 'htm') return 'html';
  if (ending === '' || ending === 'svg') return 'svg';
  throw usageError(
    `--out ${out}: unknown format .${ending}`,
    `Use .svg, .html or .mmd, or add --format ${FORMATS.join('|')}.`,
  );
}

async function drawn(
  picture: Picture,
  format: Format,
  nameOf: (file: string) => string,
  out: string | undefined,
): Promise<string> {
  if (format === 'mermaid') return (await import('../dialplan/graph/mermaid.ts')).mermaidOf(picture);
  const { svgOf } = await import('../dialplan/graph/svg.ts');
  const folder = out === undefined ? '.' : path.dirname(out);
  return await svgOf(picture, {
    nameOf,
    linkOf: (file, line) => addressOf(path.relative(folder, nameOf(file)), line),
  });
}

async function page(
  picture: Picture,
  files: readonly DialplanFile[],
  nameOf: (file: string) => string,
  traced: TracedGraph | undefined,
  focus: string | undefined,
): Promise<string> {
  const { htmlOf } = await import('../dialplan/graph/html.ts');
  const { decodeOctets } = await import('../dialplan/read/octets.ts');
  const { coverageOf } = await import('../dialplan/graph/coverage.ts');
  const { coverageText } = await import('../dialplan/trace/trace-text.ts');
  const sources = new Map(
    files.map(({ installed, content }) => [
      installed,
      (typeof content === 'string' ? content : decodeOctets(content)).split('\n'),
    ]),
  );
  const title = focus === undefined ? 'Dialplan' : `Dialplan around ${focus}`;
  const coverage = traced === undefined ? undefined : coverageText(coverageOf(traced));
  return htmlOf(picture, { nameOf, title, sources, coverage });
}

/** The relative address of a line; a name of others never becomes more than a path. */
function addressOf(file: string, line: number): string {
  const steps = file.split(path.sep).map((step) => encodeURIComponent(step.replaceAll(/\p{Cs}/gu, '\ufffd')));
  return `./${steps.join('/')}#L${line}`;
}

/** The graph with what calls took, when some were named. */
async function tracedGraph(
  dialplan: LoadedDialplan,
  built: DialplanGraph,
  flags: GraphFlags,
): Promise<TracedGraph | undefined> {
  const calls = [...(await tracedCalls(dialplan, flags)), ...(await coveredCalls(dialplan, flags.coverage))];
  if (flags.trace === undefined && flags.coverage === undefined) return undefined;
  const { unseenText, withTraces } = await import('../dialplan/graph/hops.ts');
  const traced = withTraces(built, calls);
  const [first] = traced.unknown;
  if (traced.unseen > 0) printAside([`wdev: ${unseenText(traced)}`]);
  if (first !== undefined) {
    const place = ({ extension, context, priority }: Steps[number]): string =>
      `${extension}@${context}:${priority}`;
    printAside([
      `wdev: ${traced.unknown.length} steps do not fit these files, the first from ${place(first.from)} to ${place(first.to)}: were the calls traced through others?`,
    ]);
  }
  return traced;
}

async function tracedCalls(dialplan: LoadedDialplan, flags: GraphFlags): Promise<Steps[]> {
  const { parseGiven, startOf, timeOf } = await import('../dialplan/trace/trace-calls.ts');
  const { traceCall, traceRoom } = await import('../dialplan/trace/trace.ts');
  const room = traceRoom(dialplan);
  const given = parseGiven(flags.set ?? []);
  const now = flags.time === undefined ? new Date() : timeOf(flags.time);
  return (flags.trace ?? []).map((start) => traceCall(dialplan, startOf(start), { given, now, room }).steps);
}

async function coveredCalls(dialplan: LoadedDialplan, file: string | undefined): Promise<readonly Steps[]> {
  if (file === undefined) return [];
  const { readNamed } = await import('../dialplan/read/find-files.ts');
  const { isAsteriskLog, stepsOfLog, stepsOfTrace } = await import('../dialplan/trace/executed.ts');
  const text = readNamed(file);
  const steps = stepsOfTrace(text) ?? (isAsteriskLog(text) ? stepsOfLog(text) : undefined);
  if (steps !== undefined) return steps;
  const { parseCalls, startOf } = await import('../dialplan/trace/trace-calls.ts');
  const { traceCall, traceRoom } = await import('../dialplan/trace/trace.ts');
  const room = traceRoom(dialplan);
  const calls = parseCalls(text, file, { given: new Map(), now: new Date(), expect: [] });
  return calls.map(
    ({ start, given, now }) => traceCall(dialplan, startOf(start), { given, now, room }).steps,
  );
}

async function jsonOf(
  { contexts, outside, edges, notes }: DialplanGraph,
  nameOf: (file: string) => string,
  traced: TracedGraph | undefined,
): Promise<object> {
  const named = ({ place, ...rest }: { place: { file: string; line: number; column: number } }): object => ({
    ...rest,
    file: nameOf(place.file),
    line: place.line,
    column: place.column,
  });
  return {
    contexts: contexts.map(({ extensions, ...context }) => ({
      ...named(context),
      extensions: extensions.map(({ priorities, ...extension }) => ({
        ...extension,
        priorities: priorities.map((priority) => ({
          ...named(priority),
          ...(traced === undefined ? {} : { runs: traced.reached.get(priority.id) ?? 0 }),
        })),
      })),
    })),
    outside,
    edges: edges.map(named),
    ...(traced === undefined ? {} : { coverage: await coverageJson(traced, nameOf) }),
    notes,
  };
}

async function coverageJson(traced: TracedGraph, nameOf: (file: string) => string): Promise<object> {
  const { coverageOf } = await import('../dialplan/graph/coverage.ts');
  const { branches, ...rest } = coverageOf(traced);
  return { ...rest, branches: branches.map((one) => ({ ...one, file: nameOf(one.file) })) };
}
