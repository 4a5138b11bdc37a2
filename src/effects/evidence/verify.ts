import { isError, type Finding } from '../../findings/finding.ts';
import type { StagedTree } from '../../stage/tree.ts';
import type { Effect, EffectKind } from '../../wazo/effect.ts';
import type { Change, PluginTree } from '../change.ts';
import type { EffectOutcome, Evidence, Judged } from '../module.ts';
import { EFFECTS } from '../registry.ts';
import { fileVerdict, type FilesOutcome } from './files.ts';
import type { GlobCounts } from './glob-counts.ts';

/** The verdict on one plugin's part in a batch. */
export interface Verdict extends Evidence {
  readonly plugin: string;
}

/** The outcome of a batch: of its files, and of each effect that was run. */
export interface BatchOutcome extends FilesOutcome {
  readonly outcomes: readonly EffectOutcome[];
}

/**
 * Judges a batch from what was read back, never from an exit status alone. `counts` tells the length of
 * files that Asterisk reads before the plugin's in one glob.
 */
export function verifyBatch(
  changes: readonly Change[],
  result: BatchOutcome,
  counts: GlobCounts,
): readonly Verdict[] {
  return changes.map((change) => {
    const parts = [fileVerdict(change, changes, result), judgeEffects(change, result.outcomes, counts)];
    return { plugin: change.plugin.id, ...together(parts) };
  });
}

/** Judges effects for one plugin; with an empty tree, by what they complain of alone. */
export function judgeEffects(
  { plugin: { id, callLogger: manifest }, tree }: PluginTree,
  outcomes: readonly EffectOutcome[],
  counts: GlobCounts = new Map(),
): Evidence {
  const judged = { tree, manifest, counts, outcomes };
  const own = outcomes.filter(({ plugins, effect }) => plugins.includes(id) || concernsAll(effect, tree));
  return together(own.map((outcome) => judgeOutcome(outcome, judged)));
}

/** The complaints of effects that were done for files that are gone; there is no source to name. */
export function complaintsOf(outcomes: readonly EffectOutcome[]): readonly Finding[] {
  const judged = { tree: new Map(), manifest: undefined, counts: new Map(), outcomes };
  return together(outcomes.map((outcome) => judgeOutcome(outcome, judged))).findings;
}

function judgeOutcome<K extends EffectKind>(outcome: EffectOutcome<K>, judged: Judged): Evidence {
  return EFFECTS[outcome.do].judge(outcome, judged);
}

function concernsAll<K extends EffectKind>(effect: Effect<K>, tree: StagedTree): boolean {
  return EFFECTS[effect.do].concernsOthers?.(effect, tree) === true;
}

function together(parts: readonly Evidence[]): Evidence {
  const findings = parts.flatMap((part) => part.findings);
  return {
    findings: [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()],
    loaded: parts.flatMap(({ loaded }) => loaded),
  };
}

export function failed(verdict: Verdict): boolean {
  return verdict.findings.some(isError);
}

const MISSING = 'dialplan-not-loaded';

/**
 * The plugins of a batch that failed by themselves. Where Asterisk stops in the file of one, it does not come to
 * those of others: what they only lack says nothing of them until they are brought without it.
 */
export function guiltyOf(verdicts: readonly Verdict[]): readonly Verdict[] {
  const guilty = verdicts.filter(failed);
  const codes = ({ findings }: Verdict): readonly string[] =>
    findings.filter(isError).map(({ code }) => code);
  const isStopped = guilty.some((verdict) =>
    codes(verdict).some((code) => code.startsWith('dialplan-') && code !== MISSING),
  );
  return isStopped ? guilty.filter((verdict) => codes(verdict).some((code) => code !== MISSING)) : guilty;
}
