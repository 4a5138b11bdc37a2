import { effectLabel } from '../effects/registry.ts';
import { customRules } from '../settings/reload-rows.ts';
import { inOrder } from '../effects/order.ts';
import type { Change, Plan } from '../effects/change.ts';
import { planBatch } from '../effects/plan.ts';
import { RELOAD_TABLE, type ReloadRule } from '../wazo/needs.ts';
import type { ReloadRow } from '../settings/settings.ts';
import { askServices, expectQuestions } from '../targets/ask.ts';
import { applyBatch, commitBatch, readLateLog, withLateLog, type ApplyResult } from '../targets/apply.ts';
import { packageChanged, packageFindings } from '../status/past.ts';
import { lookAtPackages } from '../targets/past.ts';
import { foreignFindings } from '../targets/foreign.ts';
import { readGlobCounts } from '../targets/glob-counts.ts';
import type { Session } from '../targets/session.ts';
import { restartedUnits, type RestartedUnit } from '../effects/units.ts';
import { contextsShown, dialplanContexts } from '../effects/evidence/dialplan.ts';
import {
  NO_EVIDENCE,
  failed,
  guiltyOf,
  lacksReason,
  verifyBatch,
  type Verdict,
} from '../effects/evidence/verify.ts';
import { routesOfTree, type Route } from '../effects/evidence/routes.ts';
import { judgeAnswers, type AskedEvidence } from '../effects/evidence/answers.ts';
import { questionsOf } from '../effects/evidence/questions.ts';
import type { Stage } from '../stage/stage.ts';
import { changesOf } from './batch-changes.ts';
import type { BatchEntry } from './pending.ts';
import { waitForCalls } from './calls.ts';
import { holdFor, withEnded } from './ended-units.ts';
import { rollBack } from './roll-back.ts';
import { tenths, type Emit, type PlanPart } from './events.ts';

export interface BatchOptions {
  /** Leave what failed verification on the target. */
  readonly keepBroken: boolean;
  /** Plan, and leave the target as it is. */
  readonly dryRun: boolean;
  /** Whether restarts wait until no call is active. */
  readonly calls: 'now' | 'wait';
  /** Rows of wdev.yml, asked before the reload table. */
  readonly reload: readonly ReloadRow[];
  /** Plugin → plugins that come before it. */
  readonly after: ReadonlyMap<string, readonly string[]>;
  /**
   * When restarted units are looked at again before a batch is final that brings a plugin for the first time:
   * later its journal is gone, and there is no version before it to bring back. Milliseconds.
   */
  readonly holds: readonly number[];
  readonly signal: AbortSignal;
  /** Told of a version that an earlier session verified, and that stood on the target before this batch. */
  readonly onServed?: (plugin: string, stage: Stage) => void;
}

/**
 * Brings staged plugins to the target in one batch, verifies, and takes everything back when something
 * failed. Plugins that were not at fault are then brought again, without the broken ones.
 * @returns the units that were restarted, and came up, with what stays on the target
 */
export async function runBatch(
  session: Session,
  id: number,
  entries: readonly BatchEntry[],
  options: BatchOptions,
  emit: Emit,
): Promise<readonly RestartedUnit[]> {
  if (!options.dryRun) await lookFirst(session, emit);
  const changes = inOrder(await changesOf(session, entries, options.dryRun), options.after);
  for (const { plugin, before } of changes) {
    const installed = session.installed.get(plugin.id);
    const isFirst = entries.some(({ state }) => state.plugin.id === plugin.id && state.stage === undefined);
    if (!isFirst || before === undefined || installed === undefined) continue;
    const served = { ...plugin, version: installed.version };
    options.onServed?.(plugin.id, { plugin: served, sources: new Map(), tree: before, findings: [] });
  }
  const table = [...customRules(options.reload), ...RELOAD_TABLE];
  const plan = planBatch(changes, session.facts, table);
  const actions = describe(plan);
  emit({
    event: 'plan',
    id,
    actions,
    because: plan.effects.map(({ because }) => because),
    skipped: plan.skipped.map(({ what }) => what),
    parts: partsOf(plan),
  });
  if (options.dryRun) return [];
  if (actions.length === 0) {
    for (const entry of entries) accept(entry, emit, id, { loaded: [], counts: NO_EVIDENCE });
    return [];
  }
  if (options.calls === 'wait') {
    await waitForCalls(session, plan, options.signal, (reason) => emit({ event: 'held', reason }));
  }
  const before = new Map(
    entries.map(({ state }) => [state.plugin.id, session.installed.get(state.plugin.id)]),
  );
  const routes = routesOfChanges(changes);
  routes.catch(() => undefined);
  if (plan.effects.some(({ effect }) => effect.do === 'restart')) expectQuestions(session.target);
  const result = await applyBatch(session, { plan, contexts: dialplanContexts(changes) });
  // dpkg was there first: what it did is looked at, and the batch planned anew
  if (result.isOutdated) return await runBatch(session, id, entries, options, emit);
  if (result.foreign.length > 0)
    return await leaveForeign(session, id, entries, changes, result, options, emit);
  emitActions(id, plan, result, emit);
  for (const change of changes) {
    for (const finding of packageFindings(change, result.origins))
      emit({ event: 'finding', plugin: change.plugin.id, ...finding });
  }
  const questions = questionsOf(changes, await routes, result.outcomes);
  const asked = judgeAnswers(questions, await askServices(session.target, questions));
  const judging = { changes, table, asked };
  const { verdicts, proven } = await settle(session, entries, judging, plan, result, options);
  const guilty = guiltyOf(verdicts);
  if (guilty.length === 0 || options.keepBroken) {
    finish(session, id, entries, verdicts, proven, emit);
    return restartedUnits(result.outcomes);
  }
  for (const { plugin, findings } of guilty) emit({ event: 'failed', id, plugin, findings });
  await rollBack(session, id, plan, before, { result, guilty }, emit);
  return await withoutGuilty(session, id, entries, guilty, options, emit);
}

/** Looks at what dpkg did on the target, where it may have done something, and tells whose files are another version's. */
async function lookFirst(session: Session, emit: Emit): Promise<void> {
  if (!session.look.isDue && session.look.canTell) return;
  for (const change of await lookAtPackages(session)) {
    for (const id of change.plugins) emit({ event: 'finding', plugin: id, ...packageChanged(change) });
  }
}

function describe(plan: Plan): readonly string[] {
  const put = plan.changes.flatMap(({ difference }) => difference.put.map(({ path }) => `put ${path}`));
  const removed = plan.changes.flatMap(({ difference }) =>
    difference.removed.map((path) => `remove ${path}`),
  );
  return [...put, ...removed, ...plan.effects.map(({ effect }) => effectLabel(effect))];
}

function partsOf({ changes, effects, skipped }: Plan): readonly PlanPart[] {
  return changes.map(({ plugin: { id }, difference: { put, removed } }) => {
    const own = effects.filter(({ plugins }) => plugins.includes(id));
    const actions = own.map(({ effect }) => effectLabel(effect));
    const left = skipped.flatMap(({ what, plugins }) => (plugins.includes(id) ? [what] : []));
    return { plugin: id, files: put.length + removed.length, actions, skipped: left };
  });
}

function emitActions(id: number, plan: Plan, result: ApplyResult, emit: Emit): void {
  const moved = plan.changes.map(({ difference }) => difference.put.length + difference.removed.length);
  const files = moved.reduce((sum, count) => sum + count, 0);
  const ok = result.problem === undefined && result.unwritten.length === 0;
  if (files > 0) emit({ event: 'action', id, do: `put ${files} files`, ok, ms: tenths(result.placedMs) });
  for (const outcome of result.outcomes) {
    const output = outcome.output.trim();
    emit({
      event: 'action',
      id,
      do: effectLabel(outcome.effect),
      ok: outcome.status === 0,
      ms: tenths(outcome.ms),
      ...(output === '' ? {} : { output }),
    });
  }
}

/** The facts that a batch is judged by, beside its result. */
interface Judging {
  readonly changes: readonly Change[];
  readonly table: readonly ReloadRule[];
  readonly asked: ReadonlyMap<string, AskedEvidence>;
}

/** Read while the target is at work. */
async function routesOfChanges(changes: readonly Change[]): Promise<ReadonlyMap<string, readonly Route[]>> {
  const read = changes.map(async ({ plugin, tree }) => [plugin.id, await routesOfTree(tree)] as const);
  return new Map(await Promise.all(read));
}

async function judge(
  session: Session,
  { changes, table, asked }: Judging,
  result: ApplyResult,
): Promise<readonly Verdict[]> {
  for (const context of contextsShown(result.outcomes)) session.contexts.add(context);
  const counts = await readGlobCounts(session.target, result.outcomes);
  return verifyBatch(changes, result, counts, table, asked);
}

interface Settled {
  readonly verdicts: readonly Verdict[];
  /** performance.now() of the first proof. */
  readonly proven: number;
}

/** Judges a batch, and makes it final when nothing is wrong with it, or when what is wrong may stay. */
async function settle(
  session: Session,
  entries: readonly BatchEntry[],
  judging: Judging,
  plan: Plan,
  result: ApplyResult,
  { keepBroken, holds, signal }: BatchOptions,
): Promise<Settled> {
  const { changes } = judging;
  let told = result;
  let judged = await judge(session, judging, told);
  if (lacksReason(judged)) {
    told = withLateLog(result, await readLateLog(session));
    judged = await judge(session, judging, told);
  }
  const proven = performance.now();
  // behind an embedded root there are no services, only their records
  const isFirst = session.target.root === '' && entries.some(({ state }) => state.stage === undefined);
  const units = isFirst && !judged.some(failed) ? restartedUnits(result.outcomes) : [];
  const ended = await holdFor(session, units, holds, signal);
  const verdicts = withEnded(judged, changes, ended);
  if (verdicts.some(failed) && !keepBroken) return { verdicts, proven };
  const late = await commitBatch(session, plan);
  if (late === '') return { verdicts, proven };
  const again = withEnded(await judge(session, judging, withLateLog(told, late)), changes, ended);
  if (!again.some(failed) || keepBroken) await commitBatch(session);
  return { verdicts: again, proven };
}

function finish(
  session: Session,
  id: number,
  entries: readonly BatchEntry[],
  verdicts: readonly Verdict[],
  proven: number,
  emit: Emit,
): void {
  for (const entry of entries) {
    const verdict = verdicts.find(({ plugin }) => plugin === entry.state.plugin.id);
    if (verdict === undefined) continue;
    if (failed(verdict)) {
      emit({ event: 'failed', id, plugin: verdict.plugin, findings: verdict.findings });
      entry.state.report({ happened: 'failed' });
    } else {
      for (const finding of verdict.findings) emit({ event: 'finding', plugin: verdict.plugin, ...finding });
      session.look.shaken.delete(verdict.plugin);
      accept(entry, emit, id, verdict, proven);
    }
  }
}

function accept(
  entry: BatchEntry,
  emit: Emit,
  id: number,
  { loaded, counts }: Pick<Verdict, 'loaded' | 'counts'>,
  at = performance.now(),
): void {
  const { state, stage, proven } = entry;
  state.report({ happened: 'verified', stage, proven });
  const { id: plugin, version } = stage.plugin;
  const live = version === '' ? {} : { version };
  emit({
    event: 'verified',
    id,
    plugin,
    ...live,
    ms: tenths(at - entry.since),
    loaded,
    evidence: counts,
  });
}

/** Where somebody else edited a file on the target, its plugin is left out; nothing was done yet. */
async function leaveForeign(
  session: Session,
  id: number,
  entries: readonly BatchEntry[],
  changes: readonly Change[],
  { foreign }: ApplyResult,
  options: BatchOptions,
  emit: Emit,
): Promise<readonly RestartedUnit[]> {
  const verdicts = changes.map((change): Verdict => {
    return {
      plugin: change.plugin.id,
      findings: foreignFindings(session.target, change, foreign),
      loaded: [],
      counts: NO_EVIDENCE,
    };
  });
  const guilty = verdicts.filter(failed);
  for (const { plugin, findings } of guilty) emit({ event: 'failed', id, plugin, findings });
  return await withoutGuilty(session, id, entries, guilty, options, emit);
}

async function withoutGuilty(
  session: Session,
  id: number,
  entries: readonly BatchEntry[],
  guilty: readonly Verdict[],
  options: BatchOptions,
  emit: Emit,
): Promise<readonly RestartedUnit[]> {
  const names = new Set(guilty.map(({ plugin }) => plugin));
  for (const { state } of entries) if (names.has(state.plugin.id)) state.report({ happened: 'failed' });
  const innocent = entries.filter(({ state }) => !names.has(state.plugin.id));
  return innocent.length === 0 ? [] : await runBatch(session, id, innocent, options, emit);
}
