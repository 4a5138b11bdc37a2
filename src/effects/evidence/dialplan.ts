import type { Finding } from '../../findings/finding.ts';
import { trueLine } from '../../dialplan/read/locate.ts';
import {
  describeEntry,
  expectedEntries,
  missingFromShow,
  type Expectation,
  type ExpectedEntry,
} from '../../dialplan/show/read-back.ts';
import { parseRejections, type Rejection } from '../../dialplan/read/rejections.ts';
import type { PluginTree } from '../change.ts';
import type { StagedFile, StagedTree } from '../../stage/tree.ts';
import type { EffectOutcome, Evidence } from '../module.ts';
import { refusal } from './console.ts';
import type { GlobCounts } from './glob-counts.ts';
import { sourcePlace } from './source-place.ts';

/** Files that Asterisk reads as dialplan on a Wazo server. */
export const DIALPLAN_PATH =
  /^\/etc\/asterisk\/(?:extensions_extra\.d\/[^.][^/]*|extensions\.d\/[^/]+\.conf|extensions\.conf)$/;

interface DialplanFile {
  readonly staged: StagedFile;
  readonly expected: Expectation;
}

/** A staged file never changes: it is read when the target is asked, and not again when it has answered. */
const read = new WeakMap<StagedFile, DialplanFile>();

/** The dialplan files of a tree, read as Asterisk should read them. */
function dialplanFiles(tree: StagedTree): readonly DialplanFile[] {
  return [...tree.values()]
    .filter((staged) => DIALPLAN_PATH.test(staged.path) && staged.link === undefined)
    .map((staged) => {
      const known = read.get(staged) ?? { staged, expected: expectedEntries(staged.bytes, staged.path) };
      read.set(staged, known);
      return known;
    });
}

/** Whether a tree holds a file that Asterisk reads as dialplan. */
export function hasDialplan(tree: StagedTree): boolean {
  return dialplanFiles(tree).length > 0;
}

/** The contexts whose `dialplan show` proves that the changed plugins are loaded. */
export function dialplanContexts(changes: readonly PluginTree[]): readonly string[] {
  const names = changes.flatMap(({ tree }) =>
    dialplanFiles(tree).flatMap(({ expected }) => expected.contexts),
  );
  return [...new Set(names)].sort();
}

/**
 * Judges a dialplan reload for one plugin by what Asterisk logged of its files and by `dialplan show`. The
 * exit status and the text "Dialplan reloaded." say nothing.
 */
export function judgeDialplan(
  tree: StagedTree,
  outcome: EffectOutcome<'console'>,
  counts: GlobCounts,
): Evidence {
  const files = dialplanFiles(tree);
  const refused = refusal(outcome.effect.command, outcome.output);
  if (refused !== undefined) return { findings: [refused], loaded: [] };
  const rejected = parseRejections(outcome.log).flatMap((rejection) =>
    ownFinding(rejection, tree, files, counts),
  );
  if (rejected.length > 0) return { findings: rejected, loaded: [] };
  const missing = files.flatMap((file) => absent(file, outcome));
  return {
    findings: missing,
    loaded: missing.length > 0 ? [] : files.flatMap(({ expected }) => describe(expected)),
  };
}

/**
 * A line that Asterisk refused, as a finding at the author's line; nothing when it is not the plugin's. Where its log
 * names no file, the line is that of which our reading says the same.
 */
function ownFinding(
  rejection: Rejection,
  tree: StagedTree,
  files: readonly DialplanFile[],
  counts: GlobCounts,
): readonly Finding[] {
  const { code, message } = rejection;
  const error = {
    code,
    level: 'error' as const,
    message: withoutPlace(message),
    source: 'Asterisk, dialplan reload',
  };
  if (rejection.file !== undefined) {
    const { file, asteriskLine } = rejection;
    const line = asteriskLine === undefined ? undefined : trueLine(asteriskLine, counts.get(file) ?? []);
    const place = sourcePlace(tree, file, line);
    return place === undefined ? [] : [{ ...error, ...place }];
  }
  for (const { staged, expected } of files) {
    const line =
      expected.rejections.find((own) => own.code === code && uncounted(own.message) === uncounted(message))
        ?.place?.line ?? lineOfInclude(rejection, staged);
    if (line !== undefined) return [{ ...error, file: staged.source ?? staged.path, line }];
    const entry = expected.entries.find((known) => isAbout(rejection, known));
    if (entry !== undefined)
      return [{ ...error, file: staged.source ?? staged.path, line: entry.place.line }];
  }
  return [];
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

/** Asterisk's own place is dropped: its line number counts over several files. */
function withoutPlace(message: string): string {
  return message.replace(/,? (?:in|at|for)? ?line -?\d+ of (?:file )?\/[^\s!]+/, '');
}

function absent({ staged, expected }: DialplanFile, outcome: EffectOutcome<'console'>): readonly Finding[] {
  const shown = expected.contexts.map((context) => outcome.shows.get(context) ?? '').join('\n');
  return missingFromShow(expected.entries, shown).map(({ entry, instead }): Finding => ({
    code: 'dialplan-not-loaded',
    level: 'error',
    message: `Asterisk did not load ${describeEntry(entry)}${instead === undefined ? '' : `; it has ${instead}`}.`,
    file: staged.source ?? staged.path,
    line: entry.place.line,
    help: 'Another file may define the same extension and priority first.',
    source: 'Asterisk, dialplan show',
  }));
}

/** The loaded dialplan, for people: each context with its extensions. */
function describe({ entries, contexts }: Expectation): readonly string[] {
  return contexts.map((context) => {
    const own = entries.filter((entry) => entry.context === context);
    const names = [...new Set(own.flatMap(({ extension }) => extension ?? []))];
    const most = 6;
    const more = names.length > most ? ` and ${names.length - most} more` : '';
    return `${context}: ${names.length === 0 ? 'loaded' : `${names.slice(0, most).join(' ')}${more}`}`;
  });
}
