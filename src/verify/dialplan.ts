import type { Finding } from '../support/finding.ts';
import { trueLine } from '../dialplan/locate.ts';
import { expectedEntries, missingFromShow, type ExpectedFile } from '../dialplan/read-back.ts';
import { parseRejections, type Rejection } from '../dialplan/rejections.ts';
import type { Change } from '../plan/plan.ts';
import type { StagedFile, StagedTree } from '../stage/tree.ts';
import type { EffectOutcome } from '../target/apply.ts';
import { refusal } from './console.ts';
import type { GlobCounts } from './glob-counts.ts';
import { sourcePlace } from './source-place.ts';

export type { GlobCounts } from './glob-counts.ts';

/** Files that Asterisk reads as dialplan on a Wazo server. */
export const DIALPLAN_PATH =
  /^\/etc\/asterisk\/(?:extensions_extra\.d\/[^.][^/]*|extensions\.d\/[^/]+\.conf|extensions\.conf)$/;

/** The dialplan files of a tree, read as Asterisk should read them. */
function dialplanFiles(tree: StagedTree): readonly { staged: StagedFile; expected: ExpectedFile }[] {
  return [...tree.values()]
    .filter((staged) => DIALPLAN_PATH.test(staged.path) && staged.link === undefined)
    .map((staged) => ({ staged, expected: expectedEntries(staged.bytes, staged.path) }));
}

/** The contexts whose `dialplan show` proves that the changed plugins are loaded. */
export function dialplanContexts(changes: readonly Change[]): readonly string[] {
  const names = changes.flatMap(({ tree }) =>
    dialplanFiles(tree).flatMap(({ expected }) => expected.contexts),
  );
  return [...new Set(names)].sort();
}

/**
 * Judges a dialplan reload for one plugin by what Asterisk logged of its files and by `dialplan show`. The
 * exit status and the text "Dialplan reloaded." say nothing. `concerns` tells whether the plugin asked for it.
 */
export function judgeDialplan(
  tree: StagedTree,
  outcome: EffectOutcome,
  counts: GlobCounts,
  concerns: boolean,
): { findings: readonly Finding[]; loaded: readonly string[] } {
  const files = dialplanFiles(tree);
  if (files.length === 0 && !concerns) return { findings: [], loaded: [] };
  const refused = refusal('dialplan reload', outcome.output);
  if (refused !== undefined) return { findings: [refused], loaded: [] };
  const rejected = parseRejections(outcome.log).flatMap((rejection) =>
    ownFinding(rejection, tree, files, counts),
  );
  if (rejected.length > 0) return { findings: rejected, loaded: [] };
  const missing = files.flatMap(({ staged, expected }) => absent(staged, expected, outcome));
  return {
    findings: missing,
    loaded: missing.length > 0 ? [] : files.flatMap(({ expected }) => describe(expected)),
  };
}

/** What Asterisk threw away, as a finding at the author's line; nothing when it is not the plugin's. */
function ownFinding(
  rejection: Rejection,
  tree: StagedTree,
  files: readonly { staged: StagedFile; expected: ExpectedFile }[],
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
  const { context, value, exten } = rejection;
  for (const { staged, expected } of files) {
    const include = expected.includes.find(
      (entry) => entry.context === value && (context === undefined || entry.inContext === context),
    );
    const entry = expected.entries.find((known) => known.context === context && known.extension === exten);
    const line = include?.place.line ?? (exten === undefined ? undefined : entry?.place.line);
    if (line !== undefined) return [{ ...error, file: staged.source ?? staged.path, line }];
  }
  return [];
}

/** Asterisk's own place is dropped: its line number counts over several files. */
function withoutPlace(message: string): string {
  return message.replace(/,? (?:in|at|for)? ?line -?\d+ of (?:file )?\/[^\s!]+/, '');
}

function absent(staged: StagedFile, expected: ExpectedFile, outcome: EffectOutcome): readonly Finding[] {
  return expected.contexts.flatMap((context) => {
    const shown = outcome.shows.get(context) ?? '';
    return missingFromShow(expected, context, shown).map((entry): Finding => ({
      code: 'dialplan-not-loaded',
      level: 'error',
      message: `Asterisk did not load ${entry.what} in context ${context}.`,
      file: staged.source ?? staged.path,
      line: entry.place.line,
      help: 'Another file may define the same extension and priority first: see wdev why.',
      source: 'Asterisk, dialplan show',
    }));
  });
}

function describe(expected: ExpectedFile): readonly string[] {
  return expected.contexts.map((context) => {
    const names = new Set(
      expected.entries.filter((entry) => entry.context === context).map((entry) => entry.extension),
    );
    const [all, most] = [[...names], 6];
    const list =
      all.length > most ? `${all.slice(0, most).join(' ')} and ${all.length - most} more` : all.join(' ');
    return `${context}: ${list === '' ? 'loaded' : list}`;
  });
}
