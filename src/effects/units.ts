import { logPath } from '../wazo/services.ts';
import { decodeName } from '../support/file-name.ts';
import type { EffectOutcome } from './outcomes.ts';
import { quote, quoteAll } from '../support/quote.ts';
import type { Target } from '../targets/target.ts';
import { readUnits, type UnitState } from './unit-state.ts';

/** A unit that a batch restarted, or a plugin's rules in it, and that came up. */
export interface RestartedUnit {
  readonly unit: string;
  /** Plugins that asked for the restart. */
  readonly plugins: readonly string[];
  readonly was: UnitState;
  /** What it logged until then, and where its log ended (wdev_log_end in library.sh). */
  readonly log: string;
  readonly logEnd: string;
}

/** Units that came up in a batch. */
export function restartedUnits(outcomes: readonly EffectOutcome[]): readonly RestartedUnit[] {
  return outcomes.flatMap(({ planned: { effect, plugins }, status, came, log }) =>
    effect.do === 'restart' && status === 0 && came !== undefined
      ? [{ unit: effect.unit, plugins, was: came.state, log, logEnd: came.logEnd }]
      : [],
  );
}

/** What units are now: one program on the target. */
export async function unitsNow(
  target: Target,
  units: readonly string[],
): Promise<ReadonlyMap<string, UnitState>> {
  const { stdout } = await target.run(
    `systemctl show -p Id -p ActiveState -p SubState -p MainPID -p NRestarts ${quoteAll(units)}`,
  );
  return readUnits(stdout.toString('utf8'));
}

/** What a unit has logged since its batch, and what its process then wrote for the journal. */
export async function logSince(target: Target, { unit, was, logEnd }: RestartedUnit): Promise<string> {
  const log = `"$R"${logPath(unit)}`;
  const { stdout } = await target.run(
    [
      `wdev_log_at ${log} ${quote(logEnd)}; wdev_log ${log}`,
      `[ -n "$R" ] || journalctl -b -q -o cat -n 200 _PID=${was.pid} 2>/dev/null || :`,
    ].join('; '),
  );
  return decodeName(stdout);
}
