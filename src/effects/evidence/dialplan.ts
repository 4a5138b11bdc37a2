import path from 'node:path';
import { rowOf } from '../../findings/catalogue.ts';
import { isError, type Finding } from '../../findings/finding.ts';
import { trueLine } from '../../dialplan/read/locate.ts';
import {
  describeEntry,
  expectedEntries,
  missingFromShow,
  type Expectation,
  type ExpectedEntry,
} from '../../dialplan/show/read-back.ts';
import { parseRejections, withoutPlace, type Rejection } from '../../dialplan/read/rejections.ts';
import type { PluginTree } from '../change.ts';
import type { StagedFile, StagedTree } from '../../stage/tree.ts';
import { parseShow } from '../../dialplan/show/show-text.ts';
import { withFields } from '../../git/content.ts';
import { MOST_ASKED } from '../context-shows.ts';
import type { EffectOutcome, Evidence, Judged } from '../module.ts';
import { refusal } from './console.ts';
import { DIALLED_CONTEXTS } from '../../wazo/contexts.ts';
import { nearest } from '../../support/nearest.ts';
import { NOT_LOGGED, unreadNote, withNote } from './log-channels.ts';
import type { GlobCounts } from './glob-counts.ts';
import { sourcePlace } from './source-place.ts';

/** Files that Asterisk reads as dialplan on a Wazo server. */
export const DIALPLAN_PATH =
  /^\/etc\/asterisk\/(?:extensions_extra\.d\/[^.][^/]*|extensions\.d\/[^/]+\.conf|extensions\.conf)$/;

export interface DialplanFile {
  readonly staged: StagedFile;
  readonly expected: Expectation;
}

/** A staged file never changes: it is read when the target is asked, and not again when it has answered. */
const read = new WeakMap<StagedFile, DialplanFile>();

/** The dialplan files of a tree, read as Asterisk should read them. */
export function dialplanFiles(tree: StagedTree): readonly DialplanFile[] {
  return [...tree.values()].flatMap((staged) => {
    if (!DIALPLAN_PATH.test(staged.path)) return [];
    const file = staged.link === undefined ? staged : ledTo(staged, staged.link, tree);
    return file === undefined ? [] : [dialplanFile(staged, file)];
  });
}

/** How many links the system follows before it takes them for a circle. */
const MOST_LINKS = 40;

/** The file of the same tree that a link leads to, under the link's name, which Asterisk knows it by. */
function ledTo(staged: StagedFile, link: string, tree: StagedTree): StagedFile | undefined {
  let at = path.posix.resolve(path.posix.dirname(staged.path), link);
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const file = tree.get(at);
    if (file !== undefined && file.link === undefined) return withFields(file, { path: staged.path });
    const [folder, to] = file?.link === undefined ? linkAbove(at, tree) : [at, file.link];
    if (folder === undefined || to === undefined) return undefined;
    at = path.posix.resolve(path.posix.dirname(folder), to) + at.slice(folder.length);
  }
  return undefined;
}

/** The nearest folder above a path that is a link of the tree, and where that leads. */
function linkAbove(at: string, tree: StagedTree): readonly [folder?: string, link?: string] {
  for (let folder = path.posix.dirname(at); folder !== '/'; folder = path.posix.dirname(folder)) {
    const link = tree.get(folder)?.link;
    if (link !== undefined) return [folder, link];
  }
  return [];
}

/** The last parts of the paths of these files: so Asterisk names where a line comes from. */
export function namesOf(files: readonly DialplanFile[]): ReadonlySet<string> {
  return new Set(files.map(({ staged }) => path.posix.basename(staged.path)));
}

function dialplanFile(staged: StagedFile, file: StagedFile): DialplanFile {
  const known = read.get(file) ?? { staged: file, expected: expectedEntries(file.bytes, staged.path) };
  read.set(file, known);
  return known;
}

/** Whether Asterisk keeps something of the file at a path of the tree. */
export function isRead(at: string, tree: StagedTree): boolean {
  return dialplanFiles(tree).some(({ staged, expected }) => staged.path === at && !expected.isEmpty);
}

/** Whether a tree holds a file that Asterisk reads as dialplan. */
export function hasDialplan(tree: StagedTree): boolean {
  return dialplanFiles(tree).length > 0;
}

/**
 * The contexts whose `dialplan show` proves that the changed plugins are loaded, and some that they only name: whether
 * those are there, the target alone can tell.
 */
export function dialplanContexts(
  changes: readonly (PluginTree & { readonly before?: StagedTree | undefined })[],
): readonly string[] {
  const files = changes.flatMap(({ tree, before = new Map() }) =>
    [...dialplanFiles(tree), ...dialplanFiles(before)].map(({ expected }) => expected),
  );
  const own = new Set(files.flatMap(({ contexts }) => contexts));
  const named = new Set(files.flatMap(({ references }) => references).filter((name) => !own.has(name)));
  return [...own, ...[...named].slice(0, Math.max(0, MOST_ASKED - own.size))].sort();
}

/** The contexts that were shown: the target has them. */
export function contextsShown(outcomes: readonly EffectOutcome[]): readonly string[] {
  const shows = outcomes.flatMap((outcome) => (outcome.do === 'console' ? [...outcome.shows.values()] : []));
  return shows.flatMap((text) =>
    [...text.matchAll(/^\[ (?:Included c|C)ontext '([^'\r\n\u2028\u2029]+)' created by/gm)].map(
      ([, name = '']) => name,
    ),
  );
}

/**
 * Judges a dialplan reload for one plugin by what Asterisk logged of its files and by `dialplan show`. The
 * exit status and the text "Dialplan reloaded." say nothing.
 */
export function judgeDialplan(judged: Judged, outcome: EffectOutcome<'console'>): Evidence {
  const { tree, counts } = judged;
  const files = dialplanFiles(tree);
  const refused = refusal(outcome.effect.command, outcome.output);
  if (refused !== undefined) return { findings: [refused], loaded: [] };
  const rejected = parseRejections(outcome.log).flatMap((rejection) =>
    ownFinding(rejection, tree, files, counts).map((finding) =>
      explained(finding, rejection, files, outcome),
    ),
  );
  if (rejected.some(isError)) return { findings: rejected, loaded: [] };
  const names = namesOf(files);
  const note = outcome.isLogged ? unreadNote(outcome.log) : NOT_LOGGED;
  const missing = files.flatMap((file) => absent(file, names, outcome)).map((one) => withNote(one, note));
  if (missing.length > 0) return { findings: [...rejected, ...missing], loaded: [] };
  const loaded = [
    ...files.flatMap(({ expected }) => describe(expected)),
    ...gone(judged, outcome),
    ...(note === undefined || files.length === 0 ? [] : [note]),
  ];
  return { findings: [...rejected, ...judged.changed.flatMap((at) => unread(at, tree, files))], loaded };
}

/** Paths of which the reload table says that the dialplan is read from them, whether or not Asterisk comes to them. */
const MEANT_AS_DIALPLAN = /^\/etc\/asterisk\/extensions(?:_extra)?\.d\//;

/** The finding about a changed file of which nothing is loaded. */
function unread(at: string, tree: StagedTree, files: readonly DialplanFile[]): readonly Finding[] {
  const staged = tree.get(at);
  if (staged === undefined || staged.folder === true || !MEANT_AS_DIALPLAN.test(at)) return [];
  const known = files.find((file) => file.staged.path === at);
  const place = { file: staged.source ?? staged.path };
  const source = 'Asterisk, dialplan show';
  if (known?.expected.isEmpty === true) {
    const message = `Asterisk loaded nothing of ${at}: it has no context`;
    return [{ code: 'dialplan-nothing-loaded', level: 'warning', message, ...place, source }];
  }
  if (known !== undefined || DIALPLAN_PATH.test(at) || expectedEntries(staged.bytes, at).isEmpty) return [];
  const finding: Finding = {
    code: 'dialplan-nothing-loaded',
    level: 'error',
    message: `Asterisk does not read ${at}, so nothing of it is loaded`,
    ...place,
    help: 'Move it to extensions_extra.d/ itself: Asterisk reads no subfolders, and no names that start with a dot.',
    source,
  };
  return [finding];
}

/** The extensions that were there before and that Asterisk has not any more, for people. */
function gone({ tree, before }: Judged, { shows }: EffectOutcome<'console'>): readonly string[] {
  const has = extensionsOf(tree);
  return [...extensionsOf(before)].flatMap(([context, names]) => {
    const shown = new Set(parseShow(shows.get(context) ?? '').map(({ extension }) => extension));
    const lost = [...names].filter((name) => has.get(context)?.has(name) !== true && !shown.has(name));
    return lost.length === 0 ? [] : [`${context}: ${someOf(lost)} gone`];
  });
}

/** Context → the extensions that a tree's files define in it. */
export function extensionsOf(tree: StagedTree): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { expected } of dialplanFiles(tree))
    for (const { context, extension } of expected.entries) {
      if (context === undefined || extension === undefined) continue;
      const names = found.get(context) ?? new Set();
      found.set(context, names.add(extension));
    }
  return found;
}

/** Things that a target can know to be missing, and check can't. */
const LOST_HERE: ReadonlySet<string> = new Set(['dialplan-missing-file', 'dialplan-unknown-template']);

/**
 * A line that Asterisk refused or remarked upon, at the level that `wdev check` gives it, as a finding at the author's line; nothing when it is not the plugin's. Where its log
 * names no file, the line is that of which our reading says the same.
 */
function ownFinding(
  rejection: Rejection,
  tree: StagedTree,
  files: readonly DialplanFile[],
  counts: GlobCounts,
): readonly Finding[] {
  const { code, message } = rejection;
  const { level, fix } = rowOf(code);
  const told = {
    code,
    level: LOST_HERE.has(code) ? ('error' as const) : level,
    help: fix,
    message: withoutPlace(message),
    source: 'Asterisk, dialplan reload',
  };
  if (rejection.file !== undefined) {
    const { file, asteriskLine } = rejection;
    const line = asteriskLine === undefined ? undefined : trueLine(asteriskLine, counts.get(file) ?? []);
    const place = sourcePlace(tree, file, line);
    return place === undefined ? [] : [{ ...told, ...place }];
  }
  for (const { staged, expected } of files) {
    const line =
      expected.rejections.find((own) => own.code === code && uncounted(own.message) === uncounted(message))
        ?.place?.line ?? lineOfInclude(rejection, staged);
    if (line !== undefined) return [{ ...told, file: staged.source ?? staged.path, line }];
    const entry = expected.entries.find((known) => isAbout(rejection, known));
    if (entry !== undefined) return [{ ...told, file: staged.source ?? staged.path, line: entry.place.line }];
  }
  return [];
}

/** With the column, the context that may have been meant, and what has the place that a line wanted. */
function explained(
  finding: Finding,
  rejection: Rejection,
  files: readonly DialplanFile[],
  { shows }: EffectOutcome<'console'>,
): Finding {
  const { code, context, exten, priority, value } = rejection;
  const staged = files.find((file) => (file.staged.source ?? file.staged.path) === finding.file)?.staged;
  const text = staged?.bytes.toString('latin1').split('\n')[(finding.line ?? 0) - 1] ?? '';
  const at = [value, rejection.label, priority, exten].flatMap((word) =>
    word === undefined || word === '' ? [] : [text.indexOf(word)],
  );
  const column = at.find((index) => index >= 0);
  const meant =
    code === 'dialplan-unknown-include' && value !== undefined
      ? nearest(
          value,
          // including itself would be a circle
          [...contexts(files, shows)].filter((name) => name !== context),
        )
      : undefined;
  const holder = parseShow(shows.get(context ?? '') ?? '').find(
    (line) => line.kind === 'priority' && line.extension === exten && String(line.priority) === priority,
  );
  const isTaken = code === 'dialplan-duplicate-priority' && holder !== undefined;
  const wanted = files.flatMap(({ expected }) =>
    expected.entries.filter((entry) => isAbout(rejection, entry) && String(entry.priority) === priority),
  );
  const isOwn = files.some(({ expected }) =>
    expected.rejections.some((own) => own.code === code && own.exten === exten && own.priority === priority),
  );
  // a file that is read twice, by a link or a copy beside it: all that it says is in force
  const isInForce =
    isTaken && !isOwn && missingFromShow(wanted, shows.get(context ?? '') ?? '', namesOf(files)).length === 0;
  return {
    ...finding,
    ...(isInForce ? { level: 'warning' as const } : {}),
    ...(column === undefined ? {} : { column: column + 1 }),
    ...(meant === undefined ? {} : { message: `${finding.message}; did you mean "${meant}"?` }),
    ...(isTaken ? { message: `${finding.message} (${holder.registrar} has ${holder.text})` } : {}),
  };
}

/** All contexts that are known here: of the plugin, and that were shown. */
function contexts(files: readonly DialplanFile[], shows: ReadonlyMap<string, string>): ReadonlySet<string> {
  const shown = [...shows]
    .filter(([name, text]) => text.includes(`[ Context '${name}' `))
    .map(([name]) => name);
  return new Set([...files.flatMap(({ expected }) => expected.contexts), ...shown, ...DIALLED_CONTEXTS]);
}

/** Asterisk counts lines over several files, we do not. */
function uncounted(message: string): string {
  return message.replace(/\bline \d+/i, 'line');
}

/** Where a file includes one that is not there: our reading of it alone cannot know. */
function lineOfInclude({ code, value }: Rejection, { bytes }: StagedFile): number | undefined {
  if (code !== 'dialplan-missing-file' || value === undefined) return undefined;
  const lines = bytes.toString('latin1').split('\n');
  const at = lines.findIndex((line) => /^\s*#include\b/i.test(line) && line.includes(value));
  return at < 0 ? undefined : at + 1;
}

/** Whether a rejection without a place is about this include or extension. */
function isAbout({ context, value, exten }: Rejection, entry: ExpectedEntry): boolean {
  if (context !== undefined && entry.context !== undefined && entry.context !== context) return false;
  if (entry.kind === 'include') return value !== undefined && entry.text.split(/[,|]/)[0] === value;
  return exten !== undefined && entry.extension === exten;
}

function absent(
  { staged, expected }: DialplanFile,
  names: ReadonlySet<string>,
  outcome: EffectOutcome<'console'>,
): readonly Finding[] {
  const shown = expected.contexts.map((context) => outcome.shows.get(context) ?? '').join('\n');
  const lacking = expected.contexts.filter((name) => !shown.includes(`[ Context '${name}' `));
  const empty = lacking.filter((name) => !expected.entries.some(({ context }) => context === name));
  const contexts = empty.map((name): Finding => ({
    code: 'dialplan-not-loaded',
    level: 'error',
    message: `Asterisk did not load context "${name}"`,
    file: staged.source ?? staged.path,
    source: 'Asterisk, dialplan show',
  }));
  const entries = missingFromShow(expected.entries, shown, names).map(({ entry, instead }): Finding => ({
    code: 'dialplan-not-loaded',
    level: 'error',
    message: `Asterisk did not load ${describeEntry(entry)}${instead === undefined ? '' : `; it has ${instead}`}`,
    file: staged.source ?? staged.path,
    line: entry.place.line,
    help: 'Another file probably defines the same extension and priority. Find it: wdev dialplan show',
    source: 'Asterisk, dialplan show',
  }));
  return [...contexts, ...entries];
}

/** The loaded dialplan, for people: each context with its extensions. */
function describe({ entries, contexts }: Expectation): readonly string[] {
  return contexts.map((context) => {
    const own = entries.filter((entry) => entry.context === context);
    const names = [...new Set(own.flatMap(({ extension }) => extension ?? []))];
    return `${context}: ${names.length === 0 ? 'loaded' : someOf(names)}`;
  });
}

function someOf(names: readonly string[]): string {
  const most = 6;
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.slice(0, most).join(' ')}${more}`;
}
