import { isError, type Finding } from '../../findings/finding.ts';
import type { StagedTree } from '../../stage/tree.ts';
import type { Effect, EffectKind } from '../../wazo/effect.ts';
import type { Change, PluginTree } from '../change.ts';
import type { EffectOutcome, Evidence, Judged } from '../module.ts';
import { entryPointsOf } from '../../stage/entry-points.ts';
import type { ReloadRule } from '../../wazo/needs.ts';
import { needsOfPaths, ownerOf } from '../needed.ts';
import { EFFECTS, effectLabel } from '../registry.ts';
import { fileVerdict, type FilesOutcome } from './files.ts';
import type { GlobCounts } from './glob-counts.ts';
import type { AskedEvidence } from './answers.ts';

/** The verdict on one plugin's part in a batch. */
export interface Verdict extends Evidence {
  readonly plugin: string;
  readonly counts: EvidenceCounts;
}

/** How many files of a batch took effect by what was read back, and how many were placed, which is all that is known. */
export interface EvidenceCounts {
  readonly verified: number;
  readonly placed: number;
}

/** Of a batch that changed no file. */
export const NO_EVIDENCE: EvidenceCounts = { verified: 0, placed: 0 };

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
  table?: readonly ReloadRule[],
  asked: ReadonlyMap<string, AskedEvidence> = new Map(),
): readonly Verdict[] {
  return changes.map((change) => {
    const parts = [fileVerdict(change, changes, result), judgeEffects(change, result.outcomes, counts)];
    const own = asked.get(change.plugin.id);
    if (own !== undefined) parts.push(withoutEchoes(own, together(parts).findings));
    const evidence = together(parts);
    const about = new Set(evidence.findings.map(({ file }) => file));
    const evidenceCounts = countEvidence(change, result, about, table, own?.proven);
    return { plugin: change.plugin.id, ...evidence, counts: evidenceCounts };
  });
}

/** A plugin that did not load has no routes: that is no news. */
function withoutEchoes({ findings, loaded }: AskedEvidence, before: readonly Finding[]): Evidence {
  return {
    loaded,
    findings: findings.filter(({ code }) => code !== 'route-missing' || !before.some(isError)),
  };
}

/** A package's own files say what it is, and take no effect; but entry points do. */
const OF_THE_PACKAGE =
  /^\/usr\/lib\/wazo-plugind\/|-packages\/[^/]+\.(?:egg|dist)-info\/(?!entry_points\.txt$)/;

/** Counts the files that were put; those that a finding is `about` are not proven. */
function countEvidence(
  { plugin, tree, difference, oldEntryPoints }: Change,
  { outcomes }: BatchOutcome,
  about: ReadonlySet<string | undefined>,
  table?: readonly ReloadRule[],
  answered: ReadonlySet<string> = new Set(),
): EvidenceCounts {
  const done = new Map(outcomes.map((outcome) => [effectLabel(outcome.effect), outcome]));
  const files = difference.put.filter(({ folder, path }) => folder !== true && !OF_THE_PACKAGE.test(path));
  const owner = ownerOf(plugin, entryPointsOf(tree), tree, oldEntryPoints);
  const named = new Map(files.map((file) => [file.path, file.source ?? file.path]));
  let verified = 0;
  for (const { path, effects } of needsOfPaths(named.keys(), owner, table)) {
    const proofs = effects.filter((effect) => EFFECTS[effect.do].proves !== undefined);
    const isProven = proofs.every((effect) => {
      const outcome = done.get(effectLabel(effect));
      return outcome !== undefined && provesOf(outcome, path, tree);
    });
    // none of its entry points is new or gone
    const isSame = path.endsWith('-info/entry_points.txt') && effects.length === 0;
    if ((proofs.length > 0 || isSame || answered.has(path)) && isProven && !about.has(named.get(path)))
      verified += 1;
  }
  return { verified, placed: files.length - verified };
}

function provesOf<K extends EffectKind>(outcome: EffectOutcome<K>, path: string, tree: StagedTree): boolean {
  return EFFECTS[outcome.do].proves?.(outcome, path, tree) === true;
}

/** Judges effects for one plugin; with an empty tree, by what they complain of alone. */
export function judgeEffects(
  {
    plugin: { id, callLogger: manifest },
    tree,
    before = new Map(),
    difference,
  }: PluginTree & Partial<Change>,
  outcomes: readonly EffectOutcome[],
  counts: GlobCounts = new Map(),
): Evidence {
  const changed = [...(difference?.put.map(({ path }) => path) ?? []), ...(difference?.removed ?? [])];
  const judged = { tree, manifest, counts, outcomes, before, changed };
  const own = outcomes.filter(({ plugins, effect }) => plugins.includes(id) || concernsAll(effect, tree));
  return together(own.map((outcome) => judgeOutcome(outcome, judged)));
}

/** The complaints of effects that were done for files that are gone; there is no source to name. */
export function complaintsOf(outcomes: readonly EffectOutcome[]): readonly Finding[] {
  const nothing = new Map();
  const judged = {
    tree: nothing,
    before: nothing,
    isGone: true as const,
    changed: [],
    manifest: undefined,
    counts: nothing,
    outcomes,
  };
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

/** Whether all that is wrong is that something is not loaded: Asterisk has logged why, or will in a moment. */
export function lacksReason(verdicts: readonly Verdict[]): boolean {
  const errors = verdicts.flatMap(({ findings }) => findings.filter(isError));
  return errors.length > 0 && errors.every(({ code }) => code === MISSING);
}

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
