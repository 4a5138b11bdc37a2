import { readConfig } from '../read/config.ts';
import { targetsOf } from '../read/arguments.ts';
import { HINT, type LoadedDialplan, type Priority } from '../read/dialplan.ts';
import { UNKNOWN_PRIORITY, UNKNOWN_TEXT, loadConfig } from '../read/load.ts';
import { octetLength, takeOctets } from '../read/octets.ts';
import type { Place } from '../read/place.ts';
import { type Rejection, rejectionsOf } from '../read/rejections.ts';
import { type ShownLine, parseShow } from './show-text.ts';
import { memorySource } from '../read/source.ts';

/** The most bytes of a line of `dialplan show`. */
const MAX_TEXT = 1023;

/** Something that must be found in `dialplan show` when a file was loaded. */
export interface ExpectedEntry {
  readonly kind: 'priority' | 'include' | 'ignorepat' | 'switch';
  /** Undefined when another file opened the section. */
  readonly context?: string;
  /** Undefined when another file named the extension; see `pattern` for names with unknown parts. */
  readonly extension?: string;
  readonly callerId?: string;
  /** Undefined where `n` goes on from another file; HINT (-1) for a hint. */
  readonly priority?: number;
  readonly label?: string;
  /** As shown: `Dial(SIP/x)`, `hint: SIP/x`, or the include, pattern or switch. */
  readonly text: string;
  readonly place: Place;
}

export interface Expectation {
  readonly entries: readonly ExpectedEntry[];
  /** Parts of this file that Asterisk refuses, whatever the others hold. */
  readonly rejections: readonly Rejection[];
  /** Contexts to ask for: `dialplan show NAME` for each. */
  readonly contexts: readonly string[];
  /** Whether Asterisk keeps nothing of the file: no context, and no global variable. */
  readonly isEmpty: boolean;
  /** Contexts of others that it includes or jumps to. */
  readonly references: readonly string[];
}

export interface MissingEntry {
  readonly entry: ExpectedEntry;
  /** The line at its place instead, e.g. `2. NoOp(x) [other.conf:7]`. */
  readonly instead?: string;
}

/**
 * The contexts and priorities that one dialplan file, seen alone, must add. Parts that depend on other files stay open: the
 * number behind an `n` that goes on with their section, global variables in names.
 * @param file its installed path, e.g. `/etc/asterisk/extensions_extra.d/acme.conf`
 */
export function expectedEntries(text: string | Uint8Array, file: string): Expectation {
  const read = readConfig(memorySource(new Map([[file, text]])), file, { alone: true });
  const dialplan = loadConfig({ ...read, usable: true });
  const entries: ExpectedEntry[] = [];
  for (const context of dialplan.contexts.toReversed()) {
    const where = context.name === '' && context.place.line === 0 ? {} : { context: context.name };
    for (const extension of context.extensions) {
      const name = extension.name === UNKNOWN_TEXT ? {} : { extension: extension.name };
      const caller = extension.callerId === undefined ? {} : { callerId: extension.callerId };
      for (const priority of extension.priorities) {
        entries.push({
          kind: 'priority',
          ...where,
          ...name,
          ...caller,
          ...numberOf(priority),
          ...textOf(priority),
        });
      }
    }
    for (const { text, place } of context.includes) entries.push({ kind: 'include', ...where, text, place });
    for (const { pattern, place } of context.ignorepats) {
      entries.push({ kind: 'ignorepat', ...where, text: pattern, place });
    }
    for (const { name, data, place } of context.switches) {
      entries.push({ kind: 'switch', ...where, text: `${name}/${data}`, place });
    }
  }
  const named = dialplan.contexts.flatMap(({ name }) => (name === '' ? [] : [name]));
  const used = new Set(entries.flatMap(({ context }) => (context === undefined ? [] : [context])));
  // those with something in them first
  const contexts = [...new Set([...used, ...named.toReversed()])];
  const isEmpty = contexts.length === 0 && entries.length === 0 && dialplan.globals.length === 0;
  const references = referencesOf(dialplan);
  return { entries, rejections: rejectionsOf(dialplan.log), contexts, isEmpty, references };
}

function referencesOf({ contexts }: LoadedDialplan): readonly string[] {
  const own = new Set(contexts.map(({ name }) => name));
  const names = contexts.flatMap(({ includes, extensions }) => [
    ...includes.map(({ context }) => context),
    ...extensions.flatMap(({ priorities }) =>
      priorities.flatMap(({ app, data }) => targetsOf(app, data).flatMap(({ context }) => context ?? [])),
    ),
  ]);
  return [...new Set(names)].filter((name) => /^[\w.-]+$/.test(name) && !own.has(name));
}

function numberOf({ number }: Priority): { priority?: number } {
  return number >= UNKNOWN_PRIORITY ? {} : { priority: number };
}

function textOf({ number, app, data, label, place }: Priority): {
  text: string;
  label?: string;
  place: Place;
} {
  const text = number === HINT ? `hint: ${app}` : `${app}(${data})`;
  return label === undefined ? { text, place } : { text, label, place };
}

/**
 * Compares with the text of real `dialplan show CONTEXT` commands (those of several contexts may follow each other).
 * An entry counts as found only when it comes from the file itself, or from one of `others`, which its author wrote too
 * (a copy, or a link to it): the same words from a stranger's file do not do.
 * @param others the last parts of the installed paths of those files
 * @returns the entries that are not there
 */
export function missingFromShow(
  expected: readonly ExpectedEntry[],
  showText: string,
  others: ReadonlySet<string> = new Set(),
): readonly MissingEntry[] {
  const index = new Map<string, ShownLine[]>();
  const all = parseShow(showText);
  for (const line of all) {
    const key = keyOf(line.kind, line.context);
    const same = index.get(key);
    if (same === undefined) index.set(key, [line]);
    else same.push(line);
  }
  const missing: MissingEntry[] = [];
  for (const entry of expected) {
    const candidates =
      entry.context === undefined
        ? all.filter((line) => line.kind === entry.kind)
        : (index.get(keyOf(entry.kind, entry.context)) ?? []);
    if (candidates.some((line) => isSame(entry, line, others))) continue;
    const instead = candidates.find((line) => entry.priority !== undefined && isSamePosition(entry, line));
    missing.push(instead === undefined ? { entry } : { entry, instead: describe(instead) });
  }
  return missing;
}

function keyOf(kind: string, context: string): string {
  return `${kind} ${plain(context)}`;
}

function isSame(entry: ExpectedEntry, line: ShownLine, others: ReadonlySet<string>): boolean {
  if (entry.kind !== 'priority') return fits(entry.text, line.text, 0);
  if (!isSamePosition(entry, line)) return false;
  if (![entry.place.file, ...others].some((file) => comesFrom(file, line.registrar))) return false;
  const prefix = line.priority === HINT ? 0 : `${line.priority}. `.length;
  return fits(entry.text, line.text, prefix);
}

function isSamePosition(entry: ExpectedEntry, line: ShownLine): boolean {
  if (entry.priority !== undefined && entry.priority !== line.priority) return false;
  if (entry.extension !== undefined && !fits(entry.extension, line.extension ?? '', 0)) return false;
  return plain(entry.callerId ?? '\n') === plain(line.callerId ?? '\n');
}

/** Asterisk cuts a text at 1023 bytes and fills it up with blanks. */
function fits(wanted: string, shown: string, prefix: number): boolean {
  if (wanted.includes(UNKNOWN_TEXT)) return isOf(wanted.split(UNKNOWN_TEXT).map(plain), plain(shown));
  const text = octetLength(wanted) + prefix > MAX_TEXT ? takeOctets(wanted, MAX_TEXT - prefix) : wanted;
  return plain(text).trimEnd() === plain(shown).trimEnd();
}

/** Whether a text is the parts, with anything between them. */
function isOf(parts: readonly string[], text: string): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

/** A registrar such as `acme.conf:12`, or `acme.conf~~1:12` for what is included twice. */
function comesFrom(file: string, registrar: string): boolean {
  const name = registrar.slice(0, registrar.lastIndexOf(':')).replace(/~~\d+$/, '');
  return plain(name) === plain(file.slice(file.lastIndexOf('/') + 1));
}

/** Bytes that are no UTF-8 are written in several ways, depending on who read them. */
function plain(text: string): string {
  return text.replace(/[\uDC80-\uDCFF\uFFFD]+/g, '\uFFFD');
}

function describe(line: ShownLine): string {
  const number = line.priority === HINT || line.priority === undefined ? '' : `${line.priority}. `;
  return `${number}${line.text} [${line.registrar}]`;
}

/** An entry for people: `priority 2 of extension ***42 in context xivo-extrafeatures`. */
export function describeEntry(entry: ExpectedEntry): string {
  const where = entry.context === undefined ? '' : ` in context ${entry.context}`;
  if (entry.kind !== 'priority') return `${entry.kind} ${entry.text}${where}`;
  const what = entry.priority === HINT ? 'the hint' : `priority ${entry.priority ?? 'n'}`;
  return `${what} of extension ${entry.extension ?? '(of another file)'}${where}`;
}
