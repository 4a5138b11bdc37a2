import type { Finding } from '../findings/finding.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Area, CompatArea, Edit, Hit, Rule } from './rule.ts';
import type { Beside } from './beside.ts';
import type { Subject } from './subject.ts';
import { ignoredIn } from './suppress.ts';

/** A finding, with what would fix it. */
export interface Judgement {
  readonly finding: Finding;
  readonly edits: readonly Edit[];
}

export interface JudgeOptions {
  /** Only rules that look at one of these. */
  readonly areas?: ReadonlySet<Area> | undefined;
  /** Only rules whose verdict depends on one of these. */
  readonly compat?: ReadonlySet<CompatArea> | undefined;
  /** Codes that wdev.yml turns off. */
  readonly ignore?: ReadonlySet<string> | undefined;
  /** The plugins of the same run. */
  readonly beside?: Beside | undefined;
}

/** Asks every rule about a plugin; findings in the order of files and lines. */
export function judge(subject: Subject, options: JudgeOptions = {}): readonly Judgement[] {
  const found: Judgement[] = [];
  for (const rule of CATALOGUE) {
    if (options.ignore?.has(rule.code) || options.areas?.has(rule.area) === false) continue;
    if (rule.kinds?.includes(subject.plugin.kind) === false) continue;
    if (options.compat !== undefined && !(rule.compat !== undefined && options.compat.has(rule.compat)))
      continue;
    if (rule.needsPython && subject.python === undefined) continue;
    const beside = options.beside?.hits(rule, subject) ?? [];
    for (const hit of firstOf(rule, [...rule.check(subject), ...beside]))
      found.push(judgement(rule, withoutLostEdits(subject, hit)));
  }
  return unique(found.filter(({ finding }) => !ignoredIn(subject, finding))).sort(byPlace);
}

/** Findings of one code in a plugin; nobody reads as many. */
const MOST = 1000;

/** The first of many hits, errors before others; the last one says how many are left out. */
function firstOf(rule: Rule, hits: readonly Hit[]): readonly Hit[] {
  if (hits.length <= MOST) return hits;
  const isError = ({ level = rule.level }: Hit): boolean => level === 'error';
  const kept = [...hits.filter(isError), ...hits.filter((hit) => !isError(hit))].slice(0, MOST);
  const left = hits.length - MOST;
  return kept.map((hit, at) =>
    at < MOST - 1 ? hit : { ...hit, message: `${hit.message} (and ${left} more like it, not listed)` },
  );
}

/**
 * Without edits that would land anywhere: the text of a Makefile is not the script that it amounts to, nor that of a file
 * which git converts the author's.
 */
function withoutLostEdits({ rules, files }: Subject, hit: Hit): Hit {
  const isLost = (edit: Edit): boolean =>
    'start' in edit &&
    ((edit.file === 'wazo/rules' && rules?.made !== undefined) || files.get(edit.file)?.isConverted === true);
  return hit.fix?.some(isLost) === true ? { ...hit, fix: undefined } : hit;
}

function judgement(rule: Rule, hit: Hit): Judgement {
  const { file, line, column, message } = hit;
  const fixable = hit.fix !== undefined;
  const finding: Finding = {
    code: rule.code,
    level: hit.level ?? rule.level,
    message,
    file,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    help: hit.help ?? rule.fix,
    ...(fixable ? { fixable } : {}),
    source: rule.source,
  };
  return { finding, edits: hit.fix ?? [] };
}

/** A function that two branches call is judged twice, and told once. */
function unique(found: readonly Judgement[]): Judgement[] {
  const keys = new Set<string>();
  return found.filter(({ finding: { code, file, line, column, message } }) => {
    const key = JSON.stringify([code, file, line, column, message]);
    return !keys.has(key) && keys.add(key);
  });
}

function byPlace({ finding: a }: Judgement, { finding: b }: Judgement): number {
  const [left, right] = [a.file ?? '', b.file ?? ''];
  if (left !== right) return left < right ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
