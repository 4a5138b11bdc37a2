import type { BatchEntry } from './batch.ts';
import type { LoopEvent } from './events.ts';
import type { Pending } from './pending.ts';
import type { PluginState } from './state.ts';
import { stageMany, type ManyContext } from './stage-many.ts';

/** A batch takes in what changes while it is staged, until so many milliseconds after its first change. */
const GROWS = 1000;

/**
 * Stages a batch. Files that change meanwhile belong to it: then nothing is told of this stage, its files wait
 * with theirs for the next one, and there is no answer. So a burst stays one batch however slow the machine is.
 * @returns as stageMany; undefined when the batch grew
 */
export async function stageGrowing(
  pending: readonly Pending[],
  states: readonly PluginState[],
  context: ManyContext,
): Promise<readonly BatchEntry[] | undefined> {
  const first = Math.min(...pending.map(({ since }) => since));
  const mayGrow = (): boolean =>
    pending.every(({ files }) => files.length > 0) && performance.now() - first < GROWS;
  if (!mayGrow()) return await stageMany(pending, context);
  const before = pending.map(({ state }) => state.attempt);
  const told: LoopEvent[] = [];
  const entries = await stageMany(pending, { ...context, emit: (event) => void told.push(event) });
  if (mayGrow() && states.some(({ changes }) => changes.waiting.size > 0)) {
    for (const [at, { state, files, since }] of pending.entries()) {
      state.report({ happened: 'changed', files, at: since });
      state.report({ happened: 'attempted', sources: before[at] });
    }
    return undefined;
  }
  for (const event of told) context.emit(event);
  return entries;
}
