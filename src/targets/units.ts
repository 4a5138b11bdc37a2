import { readUnits, type UnitState } from '../effects/unit-state.ts';
import type { RestartedUnit } from '../effects/units.ts';
import { decodeName } from '../support/file-name.ts';
import { quote, quoteAll } from '../support/quote.ts';
import { logPath } from '../wazo/services.ts';
import type { Target } from './target.ts';

/** The present state of units; runs one program on the target. */
export async function unitsNow(
  target: Target,
  units: readonly string[],
): Promise<ReadonlyMap<string, UnitState>> {
  const { stdout } = await target.run(
    `systemctl show -p Id -p ActiveState -p SubState -p MainPID -p NRestarts -p Job ${quoteAll(units)}`,
  );
  return readUnits(stdout.toString('utf8'));
}

/** The words of systemd about the end of a unit's process that came up in a batch. */
export async function endSince(target: Target, { unit, was }: RestartedUnit): Promise<string> {
  const { stdout } = await target.run(`wdev_ended ${quote(unit)} ${quote(was.run ?? '')}`);
  return decodeName(stdout);
}

/** The log of a unit since its batch, with what its process then wrote for the journal. */
export async function logSince(target: Target, { unit, was, logEnd }: RestartedUnit): Promise<string> {
  const log = `"$R"${logPath(unit)}`;
  const { stdout } = await target.run(
    [
      `wdev_log_at ${log} ${quote(logEnd)}; wdev_log ${log}`,
      `[ -n "$R" ] || { wdev_journal_whole; wdev_journal_of ${was.pid}; }`,
    ].join('; '),
  );
  return decodeName(stdout);
}
