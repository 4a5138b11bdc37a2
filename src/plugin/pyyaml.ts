import { EVENT_ID, SCALAR_STYLE, getScalarValue, parseEvents, YAMLException } from 'js-yaml';
import type { Event, ScalarEvent } from 'js-yaml';

/** 1-based place in a text. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** A scalar as PyYAML's `safe_load` makes it. */
export interface PyScalar extends TextPlace {
  readonly kind: 'str' | 'int' | 'float' | 'bool' | 'null' | 'date';
  /** What Python's `str()` gives for the value: `1.1` for an unquoted `1.10`. */
  readonly text: string;
  /** As the author typed it, without quotes. */
  readonly raw: string;
}

export interface PyList extends TextPlace {
  readonly kind: 'list';
  readonly items: readonly PyValue[];
}

export interface PyMap extends TextPlace {
  readonly kind: 'map';
  /** The last one of equal keys counts, as in PyYAML. */
  readonly entries: ReadonlyMap<string, PyEntry>;
}

export interface PyEntry {
  readonly key: PyScalar;
  readonly value: PyValue;
}

export type PyValue = PyScalar | PyList | PyMap;

export type PyDocument =
  | { readonly ok: true; readonly value: PyValue }
  | ({ readonly ok: false; readonly message: string } & TextPlace);

/**
 * Reads YAML as PyYAML's `safe_load` does (YAML 1.1: `24.10` is the number 24.1, `yes` is true, `017` is 15),
 * and keeps the place of every value. An empty text is null.
 */
export function readPyYaml(text: string): PyDocument {
  try {
    const events = parseEvents(text, {});
    return { ok: true, value: new Composer(text, events).document() };
  } catch (error) {
    if (error instanceof YAMLException) {
      const line = (error.mark?.line ?? 0) + 1;
      return { ok: false, message: error.reason, line, column: (error.mark?.column ?? 0) + 1 };
    }
    throw error;
  }
}

class Composer {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #starts: readonly number[];
  readonly #anchors = new Map<string, PyValue>();
  #next = 0;
  #last = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  document(): PyValue {
    if (this.#events.length === 0) return this.#plain('', 0);
    this.#next = 1;
    return this.#value();
  }

  #value(): PyValue {
    const event = this.#events[this.#next++];
    if (event === undefined) return this.#plain('', this.#last);
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.#named(event, this.#scalar(event));
      case EVENT_ID.SEQUENCE: {
        const items: PyValue[] = [];
        while (this.#goesOn()) items.push(this.#value());
        return this.#named(event, { kind: 'list', items, ...this.#place(event.start) });
      }
      case EVENT_ID.MAPPING: {
        const entries = new Map<string, PyEntry>();
        while (this.#goesOn()) this.#entry(entries);
        return this.#named(event, { kind: 'map', entries, ...this.#place(event.start) });
      }
      case EVENT_ID.ALIAS: {
        const name = this.#text.slice(event.anchorStart, event.anchorEnd);
        return this.#anchors.get(name) ?? this.#plain('', event.anchorStart);
      }
      default:
        return this.#plain('', this.#last);
    }
  }

  #entry(entries: Map<string, PyEntry>): void {
    const key = this.#value();
    const value = this.#value();
    if (key.kind === 'list' || key.kind === 'map') return;
    if (key.raw === '<<' && value.kind === 'map') {
      for (const [name, entry] of value.entries) if (!entries.has(name)) entries.set(name, entry);
      return;
    }
    entries.set(key.text, { key, value });
  }

  /** Whether the open collection has another item; steps over its end otherwise. */
  #goesOn(): boolean {
    const event = this.#events[this.#next];
    if (event !== undefined && event.type !== EVENT_ID.POP) return true;
    this.#next += 1;
    return false;
  }

  #scalar(event: ScalarEvent): PyScalar {
    const raw = event.valueStart < 0 ? '' : getScalarValue(this.#text, event);
    const at = event.valueStart < 0 ? this.#last : event.valueStart;
    const tag = event.tagStart < 0 ? '' : this.#text.slice(event.tagStart, event.tagEnd);
    this.#last = Math.max(at, event.valueEnd);
    if (tag === '!!str' || tag === '!') return { kind: 'str', text: raw, raw, ...this.#place(at) };
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    if (event.style !== SCALAR_STYLE.PLAIN) {
      return { kind: 'str', text: raw, raw, ...this.#place(quoted ? at - 1 : at) };
    }
    return this.#plain(raw, at);
  }

  #plain(raw: string, at: number): PyScalar {
    return { ...resolvePlain(raw), raw, ...this.#place(at) };
  }

  #named<T extends PyValue>(event: { anchorStart: number; anchorEnd: number }, value: T): T {
    if (event.anchorStart >= 0)
      this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), value);
    return value;
  }

  #place(offset: number): TextPlace {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}

const NULL = /^(~|null|Null|NULL|)$/;
const TRUE = /^(yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const INT = /^([-+]?)(?:0b([01_]+)|0x([0-9a-fA-F_]+)|0([0-7_]+)|(0|[1-9][0-9_]*))$/;
const BASE_60 = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/;
const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?$/;
const FLOAT_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/;
const SPECIAL = /^(?:([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const DATE =
  /^\d{4}-\d\d-\d\d$|^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/;

/** The implicit types of YAML 1.1, with the words and forms that PyYAML knows. */
function resolvePlain(raw: string): Pick<PyScalar, 'kind' | 'text'> {
  if (NULL.test(raw)) return { kind: 'null', text: 'None' };
  if (TRUE.test(raw)) return { kind: 'bool', text: 'True' };
  if (FALSE.test(raw)) return { kind: 'bool', text: 'False' };
  const int = INT.exec(raw);
  if (int !== null) return { kind: 'int', text: integer(int) };
  if (BASE_60.test(raw)) return { kind: 'int', text: String(base60(raw)) };
  if (FLOAT.test(raw)) return { kind: 'float', text: pythonFloat(Number(raw.replaceAll('_', ''))) };
  if (FLOAT_60.test(raw)) return { kind: 'float', text: pythonFloat(base60(raw)) };
  const special = SPECIAL.exec(raw);
  if (special !== null) {
    const text = /nan/i.test(raw) ? 'nan' : special[1] === '-' ? '-inf' : 'inf';
    return { kind: 'float', text };
  }
  if (DATE.test(raw)) return { kind: 'date', text: raw };
  return { kind: 'str', text: raw };
}

function integer(match: RegExpExecArray): string {
  const [, sign, binary, hexadecimal, octal, decimal = '0'] = match;
  const digits = (text: string): string => text.replaceAll('_', '') || '0';
  const value =
    binary !== undefined
      ? BigInt(`0b${digits(binary)}`)
      : hexadecimal !== undefined
        ? BigInt(`0x${digits(hexadecimal)}`)
        : octal !== undefined
          ? BigInt(`0o${digits(octal)}`)
          : BigInt(digits(decimal));
  return String(sign === '-' ? -value : value);
}

function base60(raw: string): number {
  const sign = raw.startsWith('-') ? -1 : 1;
  const parts = raw.replace(/^[-+]/, '').replaceAll('_', '').split(':');
  return sign * parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Python's `str()` of a float: always with a point or an exponent. */
function pythonFloat(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent < -4 || exponent >= 16) {
    return value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2');
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
