import type { BatchEntry } from './pending.ts';
import type { Emit } from './events.ts';
import type { PluginState } from './state.ts';

export interface BringBackOptions {
  readonly emit: Emit;
  readonly keepBroken: boolean;
  /** Brings stages to the target in one batch. */
  readonly apply: (id: number, entries: readonly BatchEntry[], emit: Emit) => Promise<unknown>;
}

/**
 * Brings versions of before to the target in one batch. As of any batch that is rolled back, only what comes of it
 * is told; the sources are not what is live then, so the next save stages in full.
 * @returns what is live, a clause for each plugin
 */
export async function bringBack(
  batch: number,
  entries: readonly BatchEntry[],
  { emit, apply }: BringBackOptions,
): Promise<readonly string[]> {
  const live: string[] = [];
  await apply(batch, entries, (event) => {
    if (event.event === 'verified') {
      live.push(`${[event.plugin, event.version ?? ''].join(' ').trim()}, restored`);
    }
    if (event.event === 'failed') {
      live.push(`${event.plugin} as it is: the version before could not be restored`);
      for (const finding of event.findings) emit({ event: 'finding', plugin: event.plugin, ...finding });
    }
    if (event.event === 'held') emit(event);
  });
  for (const { state } of entries) state.report({ happened: 'rolled-back' });
  return live;
}

/** After a reinstallation that failed, the last good versions, which it took off, serve again. */
export async function bringLastGood(
  batch: number,
  states: readonly PluginState[],
  options: BringBackOptions,
): Promise<void> {
  const entries = states.flatMap((state): readonly BatchEntry[] =>
    state.isBehind && state.stage !== undefined
      ? [{ state, stage: state.stage, proven: true, since: performance.now(), force: false }]
      : [],
  );
  if (entries.length === 0 || options.keepBroken) return;
  const live = await bringBack(batch, entries, options);
  options.emit({ event: 'rolled-back', id: batch, live: live.join(', ') });
}
