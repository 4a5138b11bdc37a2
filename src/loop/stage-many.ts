import os from 'node:os';
import { duringEach } from '../support/doing.ts';
import { UserError } from '../support/errors.ts';
import { giveBackMemory } from '../support/memory.ts';
import { severalAtOnce } from '../support/work.ts';
import { sharedLister } from '../git/sources.ts';
import { readPlugin } from '../kinds/discover.ts';
import { kindOf } from '../kinds/plugin.ts';
import type { OfflineLook } from './offline-look.ts';
import type { BatchEntry, Pending } from './pending.ts';
import type { PluginState } from './state.ts';
import { realChange, stageChange, type Staged, type StagingContext } from './staging.ts';

export interface ManyContext extends Omit<StagingContext, 'list'> {
  readonly offline: OfflineLook;
}

/** Clean copies of so many plugins are removed at once, as they are done with. */
const FEW = 4;

/** The number of plugins from which on the memory of staging is given back before they go to the target. */
const MANY = 20;

/** Each stage is a few programs, one after the other; more at a time only take memory from each other. */
const MOST_AT_ONCE = 8;

/**
 * Stages the plugins of a batch, as many at a time as there are processors; a failure of one does not stop the
 * others. Events of one plugin come in order. Once the signal is aborted, what runs is ended.
 * @returns what may go to the target, in the order of the list; what failed has been told
 */
export async function stageMany(
  pending: readonly Pending[],
  { clearing, ...given }: ManyContext,
): Promise<readonly BatchEntry[]> {
  const context = {
    ...given,
    list: sharedLister(pending.map(({ state }) => state.plugin.dir)),
    clearing: pending.length > FEW ? clearing : undefined,
  };
  const count = Math.min(os.availableParallelism(), MOST_AT_ONCE);
  const answers = severalAtOnce(pending, count, async (one) => await stageOne(one, context));
  const entries: BatchEntry[] = [];
  const [only] = pending;
  const what = pending.length === 1 ? `staging ${only?.state.plugin.id}` : 'staging';
  await duringEach(what, answers, async (answer, at) => {
    const staged = await answer;
    if (context.signal.aborted || staged === 'nothing') return;
    const { state, since, force } = pending[at] as Pending;
    // one after the other: drivers of all plugins share one Python
    if (staged === 'failed' || !(await looksRight(state, staged, context)))
      state.report({ happened: 'refused' });
    else entries.push({ state, ...staged, since, force });
  });
  if (context.signal.aborted) return [];
  if (pending.length > MANY) giveBackMemory();
  return entries;
}

/** A new stage; `nothing` when nothing changed that git has. */
async function stageOne(
  { state, files }: Pending,
  context: StagingContext,
): Promise<Staged | 'failed' | 'nothing'> {
  const { id, emit, signal, list } = context;
  if (signal.aborted) return 'nothing';
  const plugin = state.plugin.id;
  try {
    const change = await realChange(state, files, list);
    if (change === undefined) return 'nothing';
    emit({ event: 'batch', id, plugin, files: change.files });
    if (files.some((file) => kindOf(state.plugin).manifests.includes(file))) describeAgain(state);
    return (await stageChange(state, change, context)) ?? 'failed';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, help } = error;
    const code = 'sources-unreadable';
    const finding = { code, level: 'error', message, ...(help === undefined ? {} : { help }) } as const;
    emit({ event: 'failed', id, plugin, findings: [finding] });
    return 'failed';
  }
}

/**
 * Shows what the change makes, before the target has it. On the embedded stack, where the same Python serves,
 * what is certain to fail there never reaches it.
 */
async function looksRight(
  { plugin }: PluginState,
  { stage: { tree } }: Staged,
  { id, emit, offline, refuses }: ManyContext,
): Promise<boolean> {
  const findings = await offline.look(id, { plugin, tree });
  if (findings.length === 0) return true;
  if (refuses) emit({ event: 'failed', id, plugin: plugin.id, findings });
  else for (const finding of findings) emit({ event: 'finding', plugin: plugin.id, ...finding });
  return !refuses;
}

/** Takes over what the manifest says now. A new name is another plugin, and refused: see refused-save.ts. */
function describeAgain(state: PluginState): void {
  const now = readPlugin(state.plugin.dir);
  if (now?.id === state.plugin.id) state.report({ happened: 'described', plugin: now });
}
