import type { ConfigFile } from './config.ts';
import type { Place } from './place.ts';
import type { GivenUp } from './reading-budget.ts';
import type { LogLine } from './rejections.ts';

/** The number of a `hint`. */
export const HINT = -1;

export interface Priority {
  /** 1 and up; HINT for a hint. */
  readonly number: number;
  readonly label?: string;
  /** For a hint, the device. */
  readonly app: string;
  readonly data: string;
  readonly place: Place;
  /** As Asterisk names the file: see ConfigEntry.reportedFile. */
  readonly reportedFile: string;
}

export interface Extension {
  /** As written, without blanks: `_1-2X.` keeps its dashes. */
  readonly name: string;
  /** The caller pattern behind `/`: only for these callers; undefined for all. */
  readonly callerId?: string;
  /** In the order of their numbers, a hint first. */
  readonly priorities: readonly Priority[];
  /** The number behind each label: where two priorities have one, Asterisk finds the one that was loaded first. */
  readonly labels: ReadonlyMap<string, number>;
}

export interface Include {
  /** As written, with its times. */
  readonly text: string;
  readonly context: string;
  /** `09:00-17:00,mon-fri,*,*`, when there is one. */
  readonly times?: string;
  readonly place: Place;
}

export interface Switch {
  /** `Loopback`, `Realtime`, ... */
  readonly name: string;
  readonly data: string;
  /** `eswitch`: the data is evaluated at each call. */
  readonly evaluated: boolean;
  readonly place: Place;
}

export interface Ignorepat {
  readonly pattern: string;
  readonly place: Place;
}

export interface Context {
  readonly name: string;
  /** Where it was opened first. */
  readonly place: Place;
  readonly autohints: boolean;
  /** How many sections opened it. */
  readonly openings: number;
  /** In Asterisk's order. */
  readonly extensions: readonly Extension[];
  readonly includes: readonly Include[];
  readonly ignorepats: readonly Ignorepat[];
  readonly switches: readonly Switch[];
}

export interface GlobalVariable {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

export interface LoadedDialplan {
  /** As Asterisk lists them: the last one that was opened first. */
  readonly contexts: readonly Context[];
  /** In the order in which they were set; a later one of the same name wins. */
  readonly globals: readonly GlobalVariable[];
  /** Options of `[general]`. */
  readonly general: ReadonlyMap<string, string>;
  readonly log: readonly LogLine[];
  /** False when pbx_config takes nothing of it: the entry file is missing or broken. */
  readonly loaded: boolean;
  /** Why it was not read to its end. */
  readonly givenUp: GivenUp | undefined;
  /** Files read, in their order, with what locate.ts needs. */
  readonly files: readonly ConfigFile[];
}
