import { LEFT_STOPPED } from './restart.ts';
import type { EffectOutcome } from './module.ts';
import type { UnitState } from './unit-state.ts';

/** A unit that a batch restarted, or a plugin's rules in it, and that came up. */
export interface RestartedUnit {
  readonly unit: string;
  /** Plugins that asked for the restart. */
  readonly plugins: readonly string[];
  readonly was: UnitState;
  /** Its log until then, and the end of it (wdev_log_end in library.sh). */
  readonly log: string;
  readonly logEnd: string;
}

/** Units that came up in a batch. */
export function restartedUnits(outcomes: readonly EffectOutcome[]): readonly RestartedUnit[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.do !== 'restart' || outcome.status !== 0 || outcome.came === undefined) return [];
    if (outcome.output.includes(LEFT_STOPPED)) return [];
    const { effect, plugins, came, log } = outcome;
    return [{ unit: effect.unit, plugins, was: came.state, log, logEnd: came.logEnd }];
  });
}
