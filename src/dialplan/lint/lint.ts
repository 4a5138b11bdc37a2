import type { Finding } from '../../findings/finding.ts';
import { rowOf, type LintCode } from '../../findings/catalogue.ts';
import type { Add, DialplanFile, LintOptions } from './add.ts';
import { lintCalls } from './lint-calls.ts';
import { lintFlow } from './lint-flow.ts';
import { DialplanLookup } from '../read/extension-index.ts';
import { loadConfig } from '../read/load.ts';
import { readConfig, type ConfigRead } from '../read/config.ts';
import type { LoadedDialplan } from '../read/dialplan.ts';
import type { Place } from '../read/place.ts';
import { type Rejection, rejectionsOf, withoutPlace } from '../read/rejections.ts';
import { decodeOctets } from '../read/octets.ts';
import { byBytes, memorySource, normalizePath } from '../read/source.ts';
import { EXTRA_FILE, opened, openings, stockSections } from '../read/stock-sections.ts';
import { nearest } from '../../support/nearest.ts';
import { APPLICATION_SYNTAX } from '../../wazo/asterisk-applications.ts';
import { EXTRA_FEATURES, isStockContext } from '../../wazo/contexts.ts';

const TOO_MANY_PATTERNS = 'the dialplan has too many patterns to look up each jump in them';

/** Made up. */
const ENTRY = '/etc/asterisk/wdev-lint.conf';
const BACKUP = /(?:~|\.(?:bak|old|orig|rej|save|swp|swo|tmp|rpmsave|rpmnew|dpkg-\w+|ucf-\w+)|#)$|^#/;

/**
 * Judges the dialplan files of one or more plugins together, as they will lie in a stack: what Asterisk would refuse,
 * and what only a call would show.
 */
export function lintDialplan(files: readonly DialplanFile[], options: LintOptions = {}): Finding[] {
  const inOrder = [...files].sort((a, b) => byBytes(a.installed, b.installed));
  const { included = [] } = options;
  const names = new Map([...included, ...inOrder].map((file) => [file.installed, file.name]));
  const report: Finding[] = [];
  const add: Add = (code, place, values = {}, level = rowOf(code).level) => {
    report.push({ ...hinted(finding(code, place, names, values), values['value']), level });
  };
  const lineOf = linesOf([...included, ...inOrder]);
  const meant = nameMeant();
  const hinted = (told: Finding, value = ''): Finding =>
    pointed(meant(told, value, dialplan), [value], lineOf);
  const { config, dialplan, doubted } = load(inOrder, included);
  for (const rejection of doubted) report.push(doubtful(refused(rejection, names), rejection));
  for (const rejection of rejectionsOf(dialplan.log)) {
    if (isExpected(rejection, options.contexts)) continue;
    const { value, label, priority, exten } = rejection;
    const told = meant(refused(rejection, names), value ?? '', dialplan, rejection.context);
    // the plugin has it, but further down
    const level = rejection.code === 'dialplan-unknown-template' ? 'error' : told.level;
    report.push(pointed({ ...told, level }, [value, label, priority, exten], lineOf));
  }
  for (const entry of config.sections[0]?.entries ?? []) {
    if (entry.place.file !== ENTRY) add('dialplan-no-section', entry.place);
  }
  for (const place of config.behindHeaders) add('dialplan-behind-header', place);
  for (const { place, name } of config.oddNames) {
    add('dialplan-section-name', place, {
      value: name === '' ? 'it is empty' : `Asterisk cuts it to 79 bytes, "${name}"`,
    });
  }
  for (const { place, level } of marksOf(inOrder)) add('dialplan-byte-order-mark', place, {}, level);
  for (const place of config.selfAdditions) add('dialplan-self-addition', place);
  if (dialplan.givenUp !== undefined) {
    const { place, why } = dialplan.givenUp;
    add('dialplan-not-read', place?.file === ENTRY ? undefined : place, { value: why });
  }
  for (const file of inOrder) {
    const base = file.installed.slice(file.installed.lastIndexOf('/') + 1);
    if (!BACKUP.test(base)) continue;
    add(
      'dialplan-backup-file',
      { file: file.installed, line: 1, column: 1, asteriskLine: 1 },
      { value: base },
    );
  }
  const lookup = new DialplanLookup(dialplan);
  lintCalls(dialplan, lookup, options, add);
  lintFlow(dialplan, lookup, add);
  if (lookup.isSpent) add('dialplan-not-read', undefined, { value: TOO_MANY_PATTERNS });
  return report.sort(
    (a, b) => byBytes(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0) || byBytes(a.code, b.code),
  );
}

/**
 * Files that begin with the mark of UTF-8. Asterisk passes over it in the first file of all that one #include brings; in
 * any other it is a word before the section.
 */
function marksOf(
  inOrder: readonly DialplanFile[],
): readonly { readonly place: Place; readonly level: 'error' | 'warning' }[] {
  const [first] = inOrder;
  return inOrder.flatMap((file) => {
    const text = typeof file.content === 'string' ? file.content : decodeOctets(file.content.subarray(0, 3));
    if (!text.startsWith('\uFEFF')) return [];
    const isFirst = file === first && byBytes(file.installed, EXTRA_FILE) < 0;
    const place = { file: file.installed, line: 1, column: 1, asteriskLine: 1 };
    return [{ place, level: isFirst ? 'warning' : 'error' }];
  });
}

type LineOf = (name: string, line: number) => string | undefined;

/** The lines of files by name and number; a file is decoded once, however many findings it has. */
function linesOf(files: readonly DialplanFile[]): LineOf {
  const contents = new Map(files.map(({ name, content }) => [name, content]));
  const split = new Map<string, readonly string[]>();
  return (name, line) => {
    const content = contents.get(name);
    if (content === undefined) return undefined;
    const lines = split.get(name) ?? Buffer.from(content).toString('utf8').split('\n');
    split.set(name, lines);
    return lines[line - 1];
  };
}

/** The column of the first of these words in the line that a finding is about. */
function pointed(found: Finding, words: readonly (string | undefined)[], lineOf: LineOf): Finding {
  if (found.file === undefined || found.line === undefined) return found;
  const text = lineOf(found.file, found.line) ?? '';
  const finding = withUnseen(found, text);
  const places = words.map((word) => (word === undefined || word === '' ? -1 : text.indexOf(word)));
  const at = places.find((index) => index >= 0);
  return at === undefined || finding !== found ? finding : { ...finding, column: at + 1 };
}

/** Letters that look like a blank, or like nothing, and that Asterisk takes for letters. */
const UNSEEN = /[\u00A0\u00AD\u2000-\u200F\u202F\u205F\u2060\u3000\uFEFF]/;

/** With the letter that nobody sees in a line that Asterisk does not understand. */
function withUnseen(finding: Finding, text: string): Finding {
  if (!NOT_UNDERSTOOD.has(finding.code)) return finding;
  const at = text.search(UNSEEN);
  if (at < 0 || (text.includes(';') && text.indexOf(';') < at)) return finding;
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return {
    ...finding,
    column: at + 1,
    help: `Replace U+${code} in column ${at + 1} by a plain space, or delete it: it looks like a space, but is a letter to Asterisk.`,
  };
}

/** Findings about lines whose words Asterisk does not know. */
const NOT_UNDERSTOOD: ReadonlySet<string> = new Set([
  'dialplan-unknown-directive',
  'dialplan-no-equals',
  'dialplan-bad-priority',
  'dialplan-unknown-hash',
]);

const APPLICATIONS = APPLICATION_SYNTAX.map((syntax) => syntax.replace(/\(.*/, ''));

/** Findings whose value is a name that nothing has. */
const NAMES_ONE: ReadonlySet<string> = new Set([
  'dialplan-unknown-application',
  'dialplan-unknown-context',
  'dialplan-unknown-include',
]);

/** Unknown names that are compared with those that are known; more of them are no slips of the hand. */
const MOST_UNKNOWN = 50;

/** Adds to findings the name that may have been meant, of those that are known. */
function nameMeant(): (finding: Finding, value: string, dialplan: LoadedDialplan, self?: string) => Finding {
  const compared = new Map<string, string | undefined>();
  return (finding, value, { contexts }, self) => {
    if (value === '' || !NAMES_ONE.has(finding.code)) return finding;
    const isApplication = finding.code === 'dialplan-unknown-application';
    const key = `${isApplication} ${value} ${self ?? ''}`;
    if (!compared.has(key) && compared.size < MOST_UNKNOWN)
      compared.set(
        key,
        nearest(
          value,
          // including itself would be a circle
          isApplication ? APPLICATIONS : contexts.map(({ name }) => name).filter((name) => name !== self),
        ),
      );
    const name = compared.get(key);
    if (name === undefined) return finding;
    return { ...finding, message: `${finding.message}; did you mean "${name}"?` };
  };
}

interface Loaded {
  readonly config: ConfigRead;
  readonly dialplan: LoadedDialplan;
  /** Names that only the server could have: sections that are added to or inherited from, and included files. */
  readonly doubted: readonly Rejection[];
}

/** Reads the files as a server does, one by one: a broken one must not hide the next. */
function load(inOrder: readonly DialplanFile[], included: readonly DialplanFile[]): Loaded {
  const { before, extraBefore } = stockSections(inOrder);
  const own = new Set([...included, ...inOrder].flatMap(({ content }) => openings(content)));
  const doubted = new Map<string, Rejection>();
  const files = new Map<string, Rejection>();
  for (;;) {
    // a section of its own before each file: what a file says before its first section must not end in another's
    const entry = inOrder.map(({ installed }) => {
      const stock = installed === extraBefore ? opened([EXTRA_FEATURES]) : '';
      return `${stock}[wdev-lint](+)\n#tryinclude ${installed}\n`;
    });
    const text = [opened(['wdev-lint', ...before, ...doubted.keys()]), ...entry].join('');
    const texts = new Map<string, string | Uint8Array>([...files.keys()].map((file) => [file, '']));
    for (const { installed, content } of [...included, ...inOrder]) texts.set(installed, content);
    const config = readConfig(memorySource(texts.set(ENTRY, text)), ENTRY, { exec: () => '' });
    const dialplan = loadConfig(config);
    const all = rejectionsOf(dialplan.log);
    const found = all.filter(({ code, context = '' }) => {
      if (!/^dialplan-unknown-(?:addition|template)$/.test(code) || isStockContext(context)) return false;
      return !own.has(context) && !doubted.has(context);
    });
    const absent = all.filter((one) => one.code === 'dialplan-missing-file' && !files.has(standIn(one)));
    const isOver = doubted.size + files.size > MOST_DOUBTED;
    if (found.length + absent.length === 0 || isOver)
      return { config, dialplan, doubted: [...doubted.values(), ...files.values()] };
    for (const rejection of found) doubted.set(rejection.context ?? '', rejection);
    for (const rejection of absent) files.set(standIn(rejection), rejection);
  }
}

/** A path that an #include takes for one of the files that it means. */
function standIn({ value = '' }: Rejection): string {
  return normalizePath(`${value.startsWith('/') ? '' : '/etc/asterisk/'}${value.replaceAll(/[*?]/g, 'x')}`);
}

/** Each takes a reading of its own. */
const MOST_DOUBTED = 20;

/** The entry that we made up, and contexts of the stack itself. */
function isExpected(rejection: Rejection, known: ReadonlySet<string> | undefined): boolean {
  if (rejection.place?.file === ENTRY || rejection.file === ENTRY) return true;
  const { code, value = '' } = rejection;
  return code === 'dialplan-unknown-include' && (isStockContext(value) || known?.has(value) === true);
}

/** Findings that are errors unless the server has what the plugin lacks. */
function doubtful(told: Finding, { code, value, context }: Rejection): Finding {
  const lacking: Readonly<Record<string, string>> = {
    'dialplan-missing-file': `The package has no ${value}: if the server has none either, Asterisk stops reading this file here`,
    'dialplan-unknown-template': `The plugin has no section [${context}]: if the server has none either, Asterisk stops reading this file here`,
  };
  return { ...told, level: 'warning', message: lacking[code] ?? told.message };
}

function refused(rejection: Rejection, names: ReadonlyMap<string, string>): Finding {
  const { level, fix } = rowOf(rejection.code);
  const { place } = rejection;
  const file = place?.file ?? rejection.file;
  return {
    code: rejection.code,
    // a copy of a file, or a link to it: what it says is in force
    level: rejection.isSame === true ? 'warning' : level,
    message: `Asterisk: ${withoutPlace(rejection.message)}${rejection.holder === undefined ? '' : ` (${rejection.holder})`}`,
    ...(file === undefined ? {} : { file: names.get(file) ?? file }),
    ...(place === undefined ? {} : { line: place.line, column: place.column }),
    help: fix,
    source: 'Asterisk 22, pbx_config',
  };
}

function finding(
  code: LintCode,
  place: Place | undefined,
  names: ReadonlyMap<string, string>,
  values: Readonly<Record<string, string>>,
): Finding {
  const { level, title, fix, source } = rowOf(code);
  return {
    code,
    level,
    message: filled(title, values),
    ...(place === undefined
      ? {}
      : { file: names.get(place.file) ?? place.file, line: place.line, column: place.column }),
    help: fix,
    source,
  };
}

/** A text of the catalogue with its parts that vary. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
