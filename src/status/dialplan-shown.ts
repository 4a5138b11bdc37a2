import {
  describeEntry,
  expectedEntries,
  missingFromShow,
  type Expectation,
} from '../dialplan/show/read-back.ts';
import { showSteps, showsByContext } from '../effects/context-shows.ts';
import { decodeName } from '../support/file-name.ts';
import { quote } from '../support/quote.ts';
import { splitSections } from '../effects/sections.ts';
import type { Target } from '../targets/target.ts';

/** A context that files of a plugin write, and what Asterisk has of it. */
export interface ContextState {
  readonly name: string;
  readonly loaded: boolean;
  /** Extensions that the files give it. */
  readonly extensions: readonly string[];
  /** Parts that Asterisk does not show, with the installed path of the file. */
  readonly missing: readonly MissingLine[];
}

/** A line of a dialplan file that Asterisk does not have. */
export interface MissingLine {
  /** Installed path. */
  readonly file: string;
  readonly line: number;
  /** For people: `***42, priority 2`. */
  readonly what: string;
}

/** Answers of `dialplan show CONTEXT`, in one round trip. */
export async function readShows(
  target: Target,
  contexts: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (contexts.length === 0) return new Map();
  const steps = showSteps(contexts, (context) => `wdev_section ${quote(context)}`);
  const { stdout } = await target.run(`${steps.join('; ')}; :`);
  const texts = splitSections(decodeName(stdout), target.mark).map(({ name, text }): [string, string] => [
    name,
    text,
  ]);
  return showsByContext(new Map(texts));
}

/** The contexts that dialplan files must leave in Asterisk. */
export function expectedFiles(
  texts: ReadonlyMap<string, string | Uint8Array>,
): ReadonlyMap<string, Expectation> {
  return new Map([...texts].map(([path, text]) => [path, expectedEntries(text, path)]));
}

export function contextNames(files: ReadonlyMap<string, Expectation>): readonly string[] {
  return [...contextWriters(files).keys()].sort();
}

/** Context → the installed paths that write it. */
export function contextWriters(
  files: ReadonlyMap<string, Expectation>,
): ReadonlyMap<string, readonly string[]> {
  const writers = new Map<string, string[]>();
  for (const [path, { contexts }] of files) {
    for (const name of contexts) {
      const paths = writers.get(name);
      if (paths === undefined) writers.set(name, [path]);
      else paths.push(path);
    }
  }
  return writers;
}

/** Compares what files write with what Asterisk shows. */
export function contextStates(
  files: ReadonlyMap<string, Expectation>,
  shows: ReadonlyMap<string, string>,
): readonly ContextState[] {
  const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
    one < other ? -1 : 1;
  return [...contextWriters(files)].sort(byName).map(([name, writers]) => {
    const show = shows.get(name) ?? '';
    const written = writers.map((file) => ({
      file,
      entries: files.get(file)?.entries.filter(({ context }) => context === name) ?? [],
    }));
    const missing = written.flatMap(({ file, entries }) =>
      missingFromShow(entries, show).map(({ entry }) => ({
        file,
        line: entry.place.line,
        what: describeEntry(entry),
      })),
    );
    const extensions = written.flatMap(({ entries }) => entries.flatMap(({ extension }) => extension ?? []));
    const exists = show.includes(`[ Context '${name}' `);
    return { name, loaded: exists && missing.length === 0, extensions: [...new Set(extensions)], missing };
  });
}
