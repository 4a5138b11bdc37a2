import { stagePlugin, type Stage } from '../stage/stage.ts';
import { diffTrees } from '../stage/tree.ts';
import { sameListing } from '../git/sources.ts';
import type { Rest } from './rest.ts';
import type { PluginState } from './state.ts';

/**
 * The fast path learns from the past: once all is quiet, a full stage says whether it was right, and where it was
 * not, `bring` takes that one to the target. A save that comes meanwhile does not wait for it; there will be
 * another proof.
 */
export async function proveStages(
  states: readonly PluginState[],
  rest: Rest,
  bring: (state: PluginState, stage: Stage) => Promise<void>,
): Promise<void> {
  for (const state of states.filter(({ isUnproven }) => isUnproven)) {
    const over = new AbortController();
    const stage = await rest.unlessWoken(fullStage(state, over.signal));
    over.abort();
    if (stage === undefined || state.changes.waiting.size > 0) return;
    const { put, removed } = diffTrees(state.stage?.tree ?? new Map(), stage.tree);
    state.report({ happened: 'proven', stage });
    if (put.length + removed.length > 0) await bring(state, stage);
  }
}

/** The full stage behind a fast one; undefined when the sources are not the same any more. */
async function fullStage(state: PluginState, signal: AbortSignal): Promise<Stage | undefined> {
  const fast = state.stage;
  const result = await stagePlugin(state.plugin, { signal, again: true, before: fast?.sources });
  if (!result.ok || fast === undefined || state.stage !== fast) return undefined;
  return sameListing(fast.sources, result.stage.sources) ? result.stage : undefined;
}
