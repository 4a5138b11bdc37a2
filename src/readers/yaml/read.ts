import { createRequire } from 'node:module';
import {
  EVENT_ID,
  SCALAR_STYLE,
  YAMLException,
  getScalarValue,
  parseEvents,
  type Event,
  type ScalarEvent,
} from 'js-yaml';
import type { YamlDocument, YamlEntry, YamlNode, YamlScalar } from './node.ts';
import { plainKind, pythonText, type ScalarKind } from './scalar.ts';

const CORE_TAG = 'tag:yaml.org,2002:';

/** Tags that `safe_load` constructs. */
const KNOWN_TAGS = new Set(
  'null bool int float binary timestamp omap pairs set str seq map'.split(' ').map((tag) => CORE_TAG + tag),
);

class Refused extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Reads YAML as PyYAML's `safe_load` does: YAML 1.1 types, the last of two equal keys, merge keys.
 * `tags` are tags that the reader of the file knows beside the standard ones (`!exec`).
 */
export function readYaml(text: string, tags: readonly string[] = []): YamlDocument {
  try {
    const events = parseEvents(text, {});
    if (events.length === 0) return {};
    return { root: new Composer(text, events, new Set(tags)).document() };
  } catch (error) {
    if (error instanceof Refused) return { problem: { message: error.message, offset: error.offset } };
    if (error instanceof YAMLException) return { problem: explain(text, error) };
    throw error;
  }
}

/** The package yaml tells best what is wrong with a text, and takes 30 ms to load. */
function explain(text: string, error: YAMLException): NonNullable<YamlDocument['problem']> {
  const { parseDocument } = createRequire(import.meta.url)('yaml') as typeof import('yaml');
  const [told] = parseDocument(text, { version: '1.1', logLevel: 'error', prettyErrors: false }).errors;
  return told === undefined
    ? { message: error.reason, offset: error.mark?.position ?? 0 }
    : { message: firstSentence(told.message), offset: told.pos[0] };
}

type Tagged = Pick<ScalarEvent, 'tagStart' | 'tagEnd' | 'anchorStart' | 'anchorEnd'>;

/** Makes values of a parser's events. */
class Composer {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #tags: ReadonlySet<string>;
  readonly #anchors = new Map<string, YamlNode>();
  #next = 0;
  /** Where the last value ended: the place of one that is not written. */
  #last = 0;

  constructor(text: string, events: readonly Event[], tags: ReadonlySet<string>) {
    this.#text = text;
    this.#events = events;
    this.#tags = tags;
  }

  document(): YamlNode {
    this.#next = 1;
    const root = this.#value(0);
    const more = this.#events.findIndex((event, at) => at > 0 && event.type === EVENT_ID.DOCUMENT);
    if (more >= 0) throw new Refused('it holds more than one document', this.#last);
    return root;
  }

  #value(depth: number): YamlNode {
    const event = this.#events[this.#next];
    this.#next += 1;
    if (depth > 200) throw new Refused('it is nested too deeply', this.#last);
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#named(event, this.#scalar(event));
      case EVENT_ID.SEQUENCE: {
        this.#tag(event, event.start);
        const items: YamlNode[] = [];
        while (this.#goesOn()) items.push(this.#value(depth + 1));
        return this.#named(event, { kind: 'list', items, start: event.start, end: this.#last });
      }
      case EVENT_ID.MAPPING: {
        this.#tag(event, event.start);
        const entries = this.#entries(depth);
        return this.#named(event, { kind: 'map', entries, start: event.start, end: this.#last });
      }
      case EVENT_ID.ALIAS: {
        const name = this.#text.slice(event.anchorStart, event.anchorEnd);
        const target = this.#anchors.get(name);
        if (target === undefined) throw new Refused(`there is no anchor &${name}`, event.anchorStart - 1);
        this.#last = event.anchorEnd;
        return target;
      }
      default:
        // a document without a value
        this.#next -= 1;
        return plain('', this.#last, this.#last);
    }
  }

  #entries(depth: number): readonly YamlEntry[] {
    const own: YamlEntry[] = [];
    const merged: YamlEntry[] = [];
    while (this.#goesOn()) {
      if (this.#isMergeKey()) {
        this.#next += 1;
        merged.push(...mergeEntries(this.#value(depth + 1)));
        continue;
      }
      const key = this.#value(depth + 1);
      const value = this.#value(depth + 1);
      if (key.kind === 'map' || key.kind === 'list')
        throw new Refused('a mapping or list cannot be a key', key.start);
      own.push({ key, value });
    }
    return [...merged, ...own];
  }

  /** Whether the open collection has another item; steps over its end otherwise. */
  #goesOn(): boolean {
    const event = this.#events[this.#next];
    if (event !== undefined && event.type !== EVENT_ID.POP) return true;
    this.#next += 1;
    return false;
  }

  #isMergeKey(): boolean {
    const event = this.#events[this.#next];
    return (
      event?.type === EVENT_ID.SCALAR &&
      event.style === SCALAR_STYLE.PLAIN &&
      event.tagStart < 0 &&
      this.#text.slice(event.valueStart, event.valueEnd) === '<<'
    );
  }

  #scalar(event: ScalarEvent): YamlScalar {
    const written = event.valueStart >= 0;
    const quote =
      event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0;
    const start = written ? event.valueStart - quote : this.#last;
    const end = written ? event.valueEnd + quote : this.#last;
    const text = written ? getScalarValue(this.#text, event) : '';
    const tag = this.#tag(event, start);
    this.#last = Math.max(end, event.tagEnd);
    if (tag === undefined && event.style === SCALAR_STYLE.PLAIN) return plain(text, start, end);
    const kind = TAGGED[tag ?? ''] ?? 'string';
    return {
      kind,
      text,
      python: pythonText(kind, text),
      plain: event.style === SCALAR_STYLE.PLAIN,
      start,
      end,
    };
  }

  /** The tag of a value in full; throws when `safe_load` knows none of that name. */
  #tag({ tagStart, tagEnd }: Tagged, start: number): string | undefined {
    if (tagStart < 0) return undefined;
    const written = this.#text.slice(tagStart, tagEnd);
    const tag = written.startsWith('!!')
      ? CORE_TAG + written.slice(2)
      : (/^!<(.*)>$/.exec(written)?.[1] ?? written);
    if (tag !== '!' && !KNOWN_TAGS.has(tag) && !this.#tags.has(tag))
      throw new Refused(`safe_load has no constructor for the tag ${tag}`, start);
    return tag;
  }

  #named<T extends YamlNode>({ anchorStart, anchorEnd }: Tagged, value: T): T {
    if (anchorStart >= 0) this.#anchors.set(this.#text.slice(anchorStart, anchorEnd), value);
    return value;
  }
}

const TAGGED: Readonly<Record<string, ScalarKind>> = {
  [`${CORE_TAG}str`]: 'string',
  [`${CORE_TAG}int`]: 'integer',
  [`${CORE_TAG}float`]: 'float',
  [`${CORE_TAG}bool`]: 'boolean',
  [`${CORE_TAG}null`]: 'null',
};

function plain(text: string, start: number, end: number): YamlScalar {
  if (text === '=' || text === '<<')
    throw new Refused(`safe_load has no constructor for a plain ${text}`, start);
  const kind = plainKind(text);
  return { kind, text, python: pythonText(kind, text), plain: true, start, end };
}

/** What `<<: VALUE` brings in: earlier mappings of a list win, so they come last. */
function mergeEntries(value: YamlNode): readonly YamlEntry[] {
  if (value.kind === 'map') return value.entries;
  if (value.kind !== 'list') throw new Refused('only a mapping can be merged with <<', value.start);
  return value.items.toReversed().flatMap((item) => mergeEntries(item));
}

function firstSentence(message: string): string {
  return message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? message;
}
