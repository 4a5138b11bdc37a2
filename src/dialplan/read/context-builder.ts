import {
  type Context,
  type Extension,
  type Include,
  type Ignorepat,
  type Priority,
  type Switch,
} from './dialplan.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { compareNames, extensionKey, isPattern, matches, matchesCaller, withoutDashes } from './pattern.ts';
import type { Place } from './place.ts';
import type { RejectionCode } from './rejection-table.ts';
import { checkTimes, timeSeparator } from './timing.ts';

/** Each priority keeps the spelling of its extension: `a-b` and `ab` are the same. */
interface NamedPriority {
  readonly priority: Priority;
  readonly name: string;
  readonly callerId: string | undefined;
}

interface MutableExtension {
  readonly name: string;
  readonly callerId: string | undefined;
  readonly priorities: Map<number, NamedPriority>;
  /** The number that a jump to a label finds: of several, the one that was there first. */
  labels: Map<string, number>;
  /** The lowest number of each label, and the highest of all. */
  lowest: Map<string, number>;
  highest: number;
}

/** Of most extensions; never added to. */
const NO_LABELS = new Map<string, number>();

type Fields = Record<string, string | number>;

/** A context while it is filled, line by line, with Asterisk's objections. */
export class ContextBuilder {
  readonly name: string;
  readonly includes: Include[] = [];
  autohints = false;
  openings = 0;
  private readonly place: Place;
  private readonly report: (code: RejectionCode, fields: Fields) => void;
  private readonly extensions = new Map<string, MutableExtension>();
  private readonly ignorepats: Ignorepat[] = [];
  private readonly switches: Switch[] = [];
  /** The includes, ignorepats and switches. */
  private readonly taken = new Set<string>();
  private readonly budget: ReadingBudget;
  private last: MutableExtension | undefined;
  private readonly names = new Map<string, MutableExtension[]>();
  private readonly patterns: MutableExtension[] = [];

  constructor(
    name: string,
    place: Place,
    budget: ReadingBudget,
    report: (code: RejectionCode, fields: Fields) => void,
  ) {
    this.name = name;
    this.budget = budget;
    this.place = place;
    this.report = report;
  }

  addPriority(name: string, callerId: string | undefined, priority: Priority, where: Fields): void {
    const fields = { exten: name, context: this.name, priority: priority.number };
    if (name === '') {
      this.report('dialplan-empty-extension', fields);
      this.report('dialplan-not-registered', where);
      return;
    }
    const extension = this.extension(name, callerId);
    const taken = extension.priorities.get(priority.number);
    const accepted = this.withFreeLabel(extension, priority, taken !== undefined, fields);
    if (taken !== undefined) {
      const { app, data, place } = taken.priority;
      const same = app === priority.app && data === priority.data ? 'yes' : '';
      const holder = `${place.file.slice(place.file.lastIndexOf('/') + 1)}:${place.line} has ${app}(${data})`;
      if (taken.name === name) this.report('dialplan-duplicate-priority', { ...fields, same, holder });
      else this.report('dialplan-aliased-extension', { ...fields, value: taken.name });
      this.report('dialplan-not-registered', where);
      return;
    }
    extension.priorities.set(priority.number, { priority: accepted, name, callerId });
    const { label, number } = accepted;
    extension.highest = Math.max(extension.highest, number);
    if (label === undefined) return;
    if (extension.labels === NO_LABELS) {
      extension.labels = new Map();
      extension.lowest = new Map();
    }
    if (!extension.labels.has(label)) extension.labels.set(label, number);
    extension.lowest.set(label, Math.min(number, extension.lowest.get(label) ?? number));
  }

  /**
   * Without its label when another priority has it. Asterisk compares with those before it and with the next one,
   * and for a number that is taken only with those before.
   */
  private withFreeLabel(
    extension: MutableExtension,
    priority: Priority,
    taken: boolean,
    fields: Fields,
  ): Priority {
    const { label, number } = priority;
    if (label === undefined || !extension.labels.has(label)) return priority;
    const lowest = extension.lowest.get(label) ?? number;
    const other = extension.priorities.get(lowest < number ? lowest : this.next(extension, number));
    const isCompared = lowest < number || (!taken && other?.priority.label === label);
    if (other === undefined || !isCompared) return priority;
    const more = { ...fields, label, other: other.priority.number };
    if (other.name === fields['exten']) this.report('dialplan-duplicate-label', more);
    else this.report('dialplan-aliased-label', { ...more, value: other.name });
    const { label: _, ...rest } = priority;
    return rest;
  }

  /** The number of the next priority behind one. */
  private next({ priorities, highest }: MutableExtension, number: number): number {
    if (number >= highest || !this.budget.search(priorities.size, this.place)) return number;
    let next = highest;
    for (const other of priorities.keys()) if (other > number && other < next) next = other;
    return next;
  }

  private extension(name: string, callerId: string | undefined): MutableExtension {
    const { last } = this;
    if (last?.name === name && last.callerId === callerId) return last;
    const key = `${extensionKey(name)}\n${callerId === undefined ? '' : `/${extensionKey(callerId)}`}`;
    let extension = this.extensions.get(key);
    if (extension === undefined) {
      extension = {
        name,
        callerId,
        priorities: new Map(),
        labels: NO_LABELS,
        lowest: NO_LABELS,
        highest: Number.NEGATIVE_INFINITY,
      };
      this.extensions.set(key, extension);
      const same = isPattern(name) ? this.patterns : this.names.get(withoutDashes(name));
      if (same === undefined) this.names.set(withoutDashes(name), [extension]);
      else same.push(extension);
    }
    this.last = extension;
    return extension;
  }

  /** The number of a labelled priority, found as for a call to that extension; reports what is missing. */
  findLabel(name: string, callerId: string | undefined, label: string): number | undefined {
    const likely = [...(this.names.get(name.replaceAll('-', '')) ?? []), ...this.patterns];
    if (!this.budget.search(likely.length, this.place)) return undefined;
    const candidates = likely
      .filter((candidate) => {
        const isFor = candidate.callerId === undefined || matchesCaller(candidate.callerId, callerId ?? '');
        return isFor && matches(candidate.name, name);
      })
      .sort(inOrder);
    const found = candidates.find(({ labels }) => labels.has(label))?.labels.get(label);
    if (found !== undefined) return found;
    if (this.includes.length > 0) this.report('dialplan-include-overflow', { count: 512 });
    // a loopback switch may know the extension or the label, so nothing is said
    if (this.switches.some((one) => one.name === 'Loopback')) return undefined;
    const fields = { exten: name, context: this.name, label };
    this.report(candidates.length === 0 ? 'dialplan-unknown-extension' : 'dialplan-unknown-label', fields);
    return undefined;
  }

  addInclude(text: string, place: Place, where: Fields): void {
    const at = text.indexOf(timeSeparator(text));
    const cut = at < 0 ? text.length : at;
    const times = text.slice(cut + 1);
    if (times !== '') checkTimes(times, (code, fields) => this.report(code, fields));
    if (this.isTaken(`include ${text.toLowerCase()}`)) {
      this.report('dialplan-include-twice', { ...where, value: text, context: this.name });
      return;
    }
    const include = { text, context: text.slice(0, cut), place };
    this.includes.push(times === '' ? include : { ...include, times });
  }

  addIgnorepat(pattern: string, place: Place, where: Fields): void {
    if (this.isTaken(`ignorepat ${pattern}`)) {
      this.report('dialplan-ignorepat-twice', { ...where, value: pattern, context: this.name });
    } else this.ignorepats.push({ pattern, place });
  }

  addSwitch(text: string, evaluated: boolean, place: Place, where: Fields): void {
    const slash = text.indexOf('/');
    const name = slash < 0 ? text : text.slice(0, slash);
    const data = slash < 0 ? '' : text.slice(slash + 1);
    if (this.isTaken(`switch ${name}/${data}`)) {
      this.report('dialplan-switch-twice', { ...where, value: text, context: this.name });
    } else this.switches.push({ name, data, evaluated, place });
  }

  private isTaken(what: string): boolean {
    if (this.taken.has(what)) return true;
    this.taken.add(what);
    return false;
  }

  build(): Context {
    const { name, place, autohints, openings, includes, ignorepats, switches } = this;
    const extensions = [...this.extensions.values()].sort(inOrder).map(toExtension);
    return { name, place, autohints, openings, extensions, includes, ignorepats, switches };
  }
}

/** Asterisk's order in a context. */
function inOrder(a: MutableExtension, b: MutableExtension): number {
  return compareNames(a.name, b.name) || compareCallers(a.callerId, b.callerId);
}

/** Extensions for one caller come before those for all. */
function compareCallers(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareNames(a, b);
}

/** It is shown by the spelling of its first priority. */
function toExtension(extension: MutableExtension): Extension {
  const named = inNumberOrder(extension.priorities);
  const { name, callerId } = named[0] ?? extension;
  const priorities = named.map(({ priority }) => priority);
  const { labels } = extension;
  return callerId === undefined ? { name, priorities, labels } : { name, callerId, priorities, labels };
}

/** A hint, being -1, comes first. */
function inNumberOrder(priorities: ReadonlyMap<number, NamedPriority>): NamedPriority[] {
  return [...priorities.values()].sort((a, b) => a.priority.number - b.priority.number);
}
