import { HINT, type Priority } from './dialplan.ts';
import { loadDialplan } from './load.ts';
import type { Place } from './place.ts';
import { memorySource } from './source.ts';

/** What one dialplan file, read alone, must leave in `dialplan show`. */
export interface ExpectedFile {
  readonly contexts: readonly string[];
  readonly entries: readonly ExpectedEntry[];
  readonly includes: readonly {
    readonly inContext: string;
    readonly context: string;
    readonly place: Place;
  }[];
}

export interface ExpectedEntry {
  readonly context: string;
  readonly extension: string;
  /** `2. Playback(hello-world)` or `hint: PJSIP/60`, as Asterisk prints it. */
  readonly text: string;
  /** For people: `***42, priority 2`. */
  readonly what: string;
  readonly place: Place;
}

/** Reads one dialplan file as Asterisk would, and lists what must be found in `dialplan show` afterwards. */
export function expectedEntries(text: string | Uint8Array, file: string): ExpectedFile {
  const { contexts } = loadDialplan(memorySource(new Map([[file, text]])), file);
  return {
    contexts: contexts.map(({ name }) => name),
    includes: contexts.flatMap(({ name, includes }) =>
      includes.map(({ context, place }) => ({ inContext: name, context, place })),
    ),
    entries: contexts.flatMap(({ name: context, extensions }) =>
      extensions.flatMap(({ name, priorities }) =>
        priorities.map((priority) => ({
          context,
          extension: name,
          text: printed(priority),
          what: priority.number === HINT ? `the hint of ${name}` : `${name}, priority ${priority.number}`,
          place: priority.place,
        })),
      ),
    ),
  };
}

function printed({ number, app, data }: Priority): string {
  return number === HINT ? `hint: ${app}` : `${number}. ${app}(${data})`;
}

/** The entries of a context that the text of a real `dialplan show CONTEXT` does not hold. */
export function missingFromShow(
  expected: ExpectedFile,
  context: string,
  show: string,
): readonly ExpectedEntry[] {
  const shown = new Set<string>();
  let extension = '';
  for (const line of show.split('\n')) {
    const head = /^ {2}'(.+?)'(?: \(CID match '.*'\))? => +/.exec(line);
    if (head !== null) extension = head[1] ?? '';
    const entry = /(?:=>|^| )\s*((?:\d+\. |hint: ).*?)\s*(?:\[[^[\]]+\])?$/.exec(
      head === null ? line : line.slice(head[0].length),
    );
    if (entry !== null) shown.add(`${extension} ${entry[1]}`);
  }
  return expected.entries
    .filter((entry) => entry.context === context)
    .filter((entry) => !shown.has(`${entry.extension} ${entry.text}`.trimEnd()));
}
