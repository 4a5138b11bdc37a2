import { isError, type Finding } from '../findings/finding.ts';
import type { ClearLater } from '../stage/clear-later.ts';
import { tryFastPath } from '../stage/fast-path.ts';
import { diskHash, readSource, sameListing, type Lister, type SourceListing } from '../git/sources.ts';
import { looksIncomplete, wholenessFindings } from '../package/wholeness.ts';
import { stagePlugin, type Stage, type StageResult } from '../stage/stage.ts';
import { traceRules } from '../stage/trace.ts';
import type { StagedTree } from '../stage/tree.ts';
import { tenths, type Emit } from './events.ts';
import { signature } from './changes.ts';
import type { PluginState } from './state.ts';
import { refusedSave } from './refused-save.ts';

/** The outcome of staging the changed paths of a plugin. */
export interface RealChange {
  readonly files: readonly string[];
  /** The sources, if they had to be listed to find out. */
  readonly listed?: SourceListing;
}

/** A stage, and whether it came by the full path. */
export interface Staged {
  readonly stage: Stage;
  readonly proven: boolean;
}

/**
 * Whether changed paths mean anything to git: a file that it ignores, or a temporary one that is gone again,
 * is no change, also while the sources differ from the last good ones, for that has been answered. A save that
 * left the bytes as they were is one, and so is the end of a file that failed: the author waits for an answer.
 */
export async function realChange(
  state: PluginState,
  files: readonly string[],
  list: Lister,
): Promise<RealChange | undefined> {
  const { stage, attempt } = state;
  // at the start, and when the person asks for all again
  if (attempt === undefined || files.length === 0) return { files };
  const isKnown = (file: string): boolean => attempt.has(file) || stage?.sources.has(file) === true;
  const known = files.filter(isKnown);
  const others = files.filter((file) => !isKnown(file));
  const areGone = others.every((file) => signature(state.plugin.dir, file) === 'gone');
  if (known.length > 0 && areGone) return { files: known };
  const listed = await list(state.plugin.dir, stage?.sources);
  const counted = files.filter((file) => isKnown(file) || listed.has(file));
  if (counted.length === 0 && sameListing(attempt, listed)) return undefined;
  return { files: counted.length > 0 ? counted : files, listed };
}

/** Whether a file is not as the last batch had it any more. What that did not have, git ignores. */
export function isOther({ plugin, attempt }: PluginState, file: string): boolean {
  const had = attempt?.get(file);
  if (had === undefined || had.large !== undefined) return false;
  try {
    return readSource(plugin.dir, file)?.hash !== diskHash(had);
  } catch {
    // a batch would say that it can't be read
    return false;
  }
}

/**
 * More files at once are a branch switch or a generator at work: a full stage also takes those whose events
 * did not come yet, so that it stays one batch.
 */
const MOST_FAST = 20;

/** The needs of staging a plugin for a batch, besides the plugin. */
export interface StagingContext {
  /** Number of the batch. */
  readonly id: number;
  readonly list: Lister;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Whether what a driver makes here is what it makes on the target. */
  readonly refuses: boolean;
  readonly clearing?: ClearLater | undefined;
}

/** Stages a plugin for a batch: the fast path where it may be taken, else in full. */
export async function stageChange(
  state: PluginState,
  change: RealChange,
  { id, list, emit, signal, clearing }: StagingContext,
): Promise<Staged | undefined> {
  const started = performance.now();
  const plugin = state.plugin.id;
  const isRefused = async (stage: Stage, files?: readonly string[]): Promise<boolean> =>
    refuse(id, state, await refusedSave(stage, files), emit);
  const known = state.isBehind || change.files.length > MOST_FAST ? undefined : state.stage;
  const fast = known === undefined ? undefined : await tryFastPath(known, change.files);
  if (fast?.taken === true) {
    state.report({ happened: 'attempted', sources: fast.stage.sources });
    if (await isRefused(fast.stage, change.files)) return undefined;
    emit({ event: 'staged', id, plugin, path: 'fast', ms: tenths(performance.now() - started) });
    return { stage: fast.stage, proven: false };
  }
  const listed = change.listed ?? (await list(state.plugin.dir, state.stage?.sources));
  state.report({ happened: 'attempted', sources: listed });
  const result = await stagePlugin(state.plugin, { listed, signal, clearing, again: true });
  if (signal.aborted) return undefined;
  const findings = result.ok ? await incomplete(state.stage?.tree, result, emit) : result.findings;
  if (refuse(id, state, findings, emit) || !result.ok || (await isRefused(result.stage))) return undefined;
  const why = fast?.why === undefined ? {} : { why: fast.why };
  emit({ event: 'staged', id, plugin, path: 'full', ...why, ms: tenths(performance.now() - started) });
  return { stage: result.stage, proven: true };
}

/** Says that a plugin's part of a batch failed, if anything speaks against it. */
export function refuse(id: number, state: PluginState, findings: readonly Finding[], emit: Emit): boolean {
  if (findings.length === 0) return false;
  emit({ event: 'failed', id, plugin: state.plugin.id, findings });
  state.report({ happened: 'refused' });
  return true;
}

/** A package whose steps ended well, and that is none all the same: wdev build refuses it with the same words. */
async function incomplete(
  before: StagedTree | undefined,
  { stage: { plugin, sources, tree }, stderr }: Extract<StageResult, { ok: true }>,
  emit: Emit,
): Promise<readonly Finding[]> {
  const lost = hollowed(before, tree);
  if (lost.length > 0 || !sources.has('wazo/rules')) return lost;
  const contents = { sources, files: [...tree.values()].filter(isOwn), stderr };
  if (!looksIncomplete(contents)) return [];
  const found = wholenessFindings(contents, await traceRules(sources, ['build', 'package']));
  for (const finding of found)
    if (!isError(finding)) emit({ event: 'finding', plugin: plugin.id, ...finding });
  return found.filter(isError);
}

function isOwn({ path }: { readonly path: string }): boolean {
  return !path.startsWith('/usr/lib/wazo-plugind/');
}

/** A package that lost all its files although its commands went well is not a change that anyone meant. */
function hollowed(before: StagedTree | undefined, after: StagedTree): readonly Finding[] {
  const own = (tree: StagedTree): number =>
    [...tree.values()].filter((file) => isOwn(file) && file.folder !== true).length;
  if (before === undefined || own(before) === 0 || own(after) > 0) return [];
  const finding: Finding = {
    code: 'package-hollow',
    level: 'error',
    message: `The package is empty: it had ${own(before)} files before this save, and no command failed`,
    file: 'wazo/rules',
    help: 'Check that the patterns in the package step still match the files.',
    source: 'wazo-plugind, packaging step',
  };
  return [finding];
}
