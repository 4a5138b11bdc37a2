import type { Settings } from '../settings/settings.ts';
import type { BatchOptions } from './batch.ts';
import type { PluginState } from './state.ts';
import { LOOKS } from './second-look.ts';

interface Asked {
  readonly once: boolean;
  readonly keepBroken: boolean;
  readonly dryRun?: boolean;
}

/** The options of a batch: of the command line, of the project's wdev.yml, and of those of the plugins. */
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
    // in watch there are more looks later
    holds: once ? LOOKS : LOOKS.slice(0, 1),
    signal,
  };
}
