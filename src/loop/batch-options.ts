import type { Settings } from '../settings/settings.ts';
import type { BatchOptions } from './batch.ts';
import type { PluginState } from './state.ts';
import { LOOKS } from './second-look.ts';

interface Asked {
  readonly once: boolean;
  readonly keepBroken: boolean;
  readonly dryRun?: boolean;
}

/** What a batch is told by the command line, by wdev.yml of the project, and by those of the plugins. */
export function batchOptions(
  { once, keepBroken, dryRun }: Asked,
  settings: Settings,
  states: readonly PluginState[],
  signal: AbortSignal,
): BatchOptions {
  return {
    keepBroken,
    dryRun: dryRun === true,
    calls: settings.calls ?? 'now',
    reload: [...states.flatMap((state) => state.settings.reload ?? []), ...(settings.reload ?? [])],
    after: new Map(states.map((state) => [state.plugin.id, state.settings.after ?? []])),
    // in watch there is a second look later
    holds: once ? LOOKS : LOOKS.slice(0, 1),
    signal,
  };
}
