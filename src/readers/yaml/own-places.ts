import { EVENT_ID, SCALAR_STYLE, getScalarValue, type Event } from 'js-yaml';

/** Where a value stands, and those in it: by key, or by index. */
export interface Places {
  /** Offset of its first character. */
  readonly start: number;
  /** Absent for a scalar, and for an alias. */
  readonly children?: ReadonlyMap<string, Places>;
  /** Offset of its key, in a mapping. */
  readonly key?: number;
}

/** The places of the values of a document. */
export function placesOf(text: string, events: readonly Event[]): Places | undefined {
  return events.length === 0 ? undefined : new Walk(text, events).value();
}

class Walk {
  readonly #text: string;
  readonly #events: readonly Event[];
  /** Behind the start of the document. */
  #next = 1;
  /** Where the last value ended: the place of one that is not written. */
  #last = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  value(): Places {
    const event = this.#events[this.#next];
    this.#next += 1;
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return { start: this.#startOf(event) };
      case EVENT_ID.ALIAS:
        this.#last = event.anchorEnd;
        return { start: event.anchorStart - 1 };
      case EVENT_ID.SEQUENCE: {
        const children = new Map<string, Places>();
        while (this.#goesOn()) children.set(String(children.size), this.value());
        return { start: event.start, children };
      }
      case EVENT_ID.MAPPING: {
        const children = new Map<string, Places>();
        while (this.#goesOn()) {
          const named = this.#events[this.#next];
          const key = this.value().start;
          const name = named?.type === EVENT_ID.SCALAR ? getScalarValue(this.#text, named) : '';
          children.set(name, { ...this.value(), key });
        }
        return { start: event.start, children };
      }
      default:
        return { start: this.#last };
    }
  }

  #startOf(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>): number {
    if (event.valueStart < 0) return this.#last;
    const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    this.#last = event.valueEnd;
    return event.valueStart - (isQuoted ? 1 : 0);
  }

  /** Whether the open collection has another item; steps over its end otherwise. */
  #goesOn(): boolean {
    const event = this.#events[this.#next];
    if (event !== undefined && event.type !== EVENT_ID.POP) return true;
    this.#next += 1;
    return false;
  }
}
