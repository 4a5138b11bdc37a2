import { isFolder } from '../support/stat.ts';
import type { LoopEvent } from './events.ts';
import type { BatchEntry, Pending } from './pending.ts';
import type { PluginState } from './state.ts';
import { stageMany, type ManyContext } from './stage-many.ts';

/** Changes within so many milliseconds of a batch's first one belong to it, however long staging takes. */
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
  if (pending.some(({ files }) => files.length === 0)) return await stageMany(pending, context);
  const first = Math.min(...pending.map(({ since }) => since));
  const before = pending.map(({ state }) => state.attempt);
  const told: LoopEvent[] = [];
  const entries = await stageMany(pending, { ...context, emit: (event) => void told.push(event) });
  // what waits in a folder that is gone is in no batch
  const belongs = ({ plugin, changes: { since = Infinity } }: PluginState): boolean =>
    since - first < GROWS && isFolder(plugin.dir);
  if (states.some(belongs)) {
    for (const [at, { state, files, since }] of pending.entries()) {
      state.report({ happened: 'changed', files, at: since });
      state.report({ happened: 'attempted', sources: before[at] });
    }
    return undefined;
  }
  for (const event of told) context.emit(event);
  return entries;
}
