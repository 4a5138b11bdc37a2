import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { visible } from '../support/visible.ts';

/** The dialplan of a plugin as a picture, and a call through it. */
export interface DialplanPicture {
  readonly svg: string;
  /** `CONTEXT,EXTENSION[,PRIORITY]` of the call that was traced. */
  readonly call?: string;
  readonly steps: readonly { readonly place: string; readonly does: string; readonly line: string }[];
  /** Why the call ended, and what is unknown of it. */
  readonly end?: string;
  readonly notes: readonly string[];
}

/** Steps of a call that are shown. */
const MOST_STEPS = 200;

/**
 * Draws the dialplan files of a plugin; undefined when it has none.
 * @param call where a call enters, as `wdev dialplan trace` takes it
 * @throws UserError for a call of another form, and for files that cannot be read
 */
export async function pictureOf(dir: string, call?: string): Promise<DialplanPicture | undefined> {
  const files = await dialplanFiles(dir);
  if (files === undefined) return undefined;
  const [{ loadPluginDialplan }, { dialplanGraph }, picture, { svgOf }] = await Promise.all([
    import('../dialplan/read/plugin-dialplan.ts'),
    import('../dialplan/graph/build.ts'),
    import('../dialplan/graph/picture.ts'),
    import('../dialplan/graph/svg.ts'),
  ]);
  const dialplan = loadPluginDialplan(files);
  const graph = dialplanGraph(dialplan);
  const names = new Map(files.map(({ installed, name }) => [installed, path.relative(dir, name)]));
  const nameOf = (installed: string): string => names.get(installed) ?? installed;
  const linkOf = (file: string, line: number): string => `#${encodeURIComponent(`${nameOf(file)}:${line}`)}`;
  const options = { nameOf, linkOf };
  if (call === undefined) {
    return { svg: await svgOf(picture.pictureOf(graph, {}), options), steps: [], notes: shown(graph.notes) };
  }
  const [{ startOf }, { traceCall }, { withTraces }] = await Promise.all([
    import('../dialplan/trace/trace-calls.ts'),
    import('../dialplan/trace/trace.ts'),
    import('../dialplan/graph/hops.ts'),
  ]);
  const trace = traceCall(dialplan, startOf(call), { now: new Date() });
  const traced = withTraces(graph, [trace.steps]);
  const drawn = picture.pictureOf(traced.graph, { reached: traced.reached });
  return {
    svg: await svgOf(drawn, options),
    call: visible(call),
    steps: trace.steps.slice(0, MOST_STEPS).map(({ context, extension, priority, app, data, place }) => ({
      place: visible(`${extension}@${context}:${priority}`),
      does: visible(`${app}(${data})`),
      line: visible(`${nameOf(place.file)}:${place.line}`),
    })),
    end: visible(trace.end),
    notes: shown([...graph.notes, ...trace.notes]),
  };
}

async function dialplanFiles(
  dir: string,
): Promise<ReturnType<typeof import('../dialplan/read/find-files.ts').findDialplanFiles> | undefined> {
  const { findDialplanFiles } = await import('../dialplan/read/find-files.ts');
  try {
    return findDialplanFiles([dir]);
  } catch (error) {
    if (error instanceof UserError && error.code === 'no-dialplan') return undefined;
    throw error;
  }
}

function shown(notes: readonly string[]): readonly string[] {
  return notes.map((note) => visible(note));
}
