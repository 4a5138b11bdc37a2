/**
 * Our own files: wdev.yml, template.yml, part.yml, answers, calls. They are YAML 1.2 with the core schema (so `yes` is
 * a text and `010` is ten), one document, no key twice, and are held against a JSON Schema where there is one.
 */

import { SourceText } from '../source-text.ts';
import { CORE_SCHEMA, FAILSAFE_SCHEMA, YAMLException, constructFromEvents, parseEvents } from 'js-yaml';
import { placesOf, type Places } from './own-places.ts';
import { readYaml } from './read.ts';
import { validate, type Schema } from './validate.ts';

/** Aliases in a file of ours; nobody needs them, and many of them make a small file large. */
const ALIASES = 100;

/** Characters of a file. */
const LENGTH = 1024 * 1024;

export interface OwnYaml {
  /** Null for an empty file, and for one with problems. */
  readonly value: unknown;
  readonly problems: readonly OwnProblem[];
  /** Line of the value at these keys, or of the nearest one above that is there. */
  readonly lineAt: (...keys: readonly (string | number)[]) => number;
}

export interface OwnProblem {
  readonly message: string;
  readonly line: number;
}

export interface OwnOptions {
  /** The schema of the file. */
  readonly schema?: Schema;
  /** Whether `1.10` is a number, or the text that was written; numbers by default. */
  readonly scalars?: 'as written';
}

/** Reads a file of ours, and holds it against a schema. Nothing is thrown: what is wrong is in `problems`. */
export function readOwnYaml(text: string, { schema, scalars }: OwnOptions = {}): OwnYaml {
  const source = new SourceText('', text);
  const lineOf = (offset: number): number => source.at(offset).line;
  const broken = (message: string, offset: number): OwnYaml => ({
    value: null,
    problems: [{ message, line: lineOf(offset) }],
    lineAt: () => 1,
  });
  if (text.length > LENGTH) return broken('it has more than a million characters', 0);
  let value: unknown;
  let places: Places | undefined;
  try {
    const events = parseEvents(text, {});
    const types = scalars === 'as written' ? FAILSAFE_SCHEMA : CORE_SCHEMA;
    const documents = constructFromEvents(events, { source: text, schema: types, maxAliases: ALIASES });
    if (documents.length > 1) return broken('it holds more than one document', 0);
    value = documents[0] ?? null;
    places = placesOf(text, events);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // the exact reader finds the opening of what is not closed
    const { problem } = readYaml(text);
    return broken(problem?.message ?? error.reason, problem?.offset ?? error.mark?.position ?? 0);
  }
  const found = schema === undefined || value === null ? [] : validate(value, places, schema);
  return {
    value,
    problems: found.map(({ path, message, offset }) => ({
      message: `${path} ${message}`.trim(),
      line: lineOf(offset),
    })),
    lineAt: (...keys) => lineOf(nearest(places, keys)),
  };
}

function nearest(places: Places | undefined, keys: readonly (string | number)[]): number {
  let [here, offset] = [places, 0];
  for (const key of keys) {
    here = here?.children?.get(String(key));
    if (here === undefined) return offset;
    offset = here.start;
  }
  return offset;
}
