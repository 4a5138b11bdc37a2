import { setTimeout as pause } from 'node:timers/promises';
import type { Change } from '../effects/change.ts';
import type { Session } from '../targets/session.ts';
import { endSince, logSince, unitsNow } from '../targets/units.ts';
import type { UnitState } from '../effects/unit-state.ts';
import type { RestartedUnit } from '../effects/units.ts';
import { readUnitEnd, type UnitEnd } from '../effects/evidence/unit-end.ts';
import { endFindings, hasEnded } from '../effects/evidence/unit-life.ts';
import type { Verdict } from '../effects/evidence/verify.ts';

/** A unit that came up in a batch and ended by itself soon after. */
export interface EndedUnit {
  readonly restarted: RestartedUnit;
  readonly now: UnitState;
  /** All that it wrote since its restart. */
  readonly log: string;
  /** Undefined where nobody tells how it ended. */
  readonly end: UnitEnd | undefined;
}

/** Looks at units again. */
export async function findEnded(
  { target }: Session,
  units: readonly RestartedUnit[],
): Promise<readonly EndedUnit[]> {
  if (units.length === 0) return [];
  const states = await unitsNow(
    target,
    units.map(({ unit }) => unit),
  );
  const found: EndedUnit[] = [];
  for (const restarted of units) {
    const now = states.get(restarted.unit);
    if (now === undefined || !hasEnded(restarted.was, now)) continue;
    const log = `${restarted.log}${await logSince(target, restarted)}`;
    found.push({ restarted, now, log, end: readUnitEnd(await endSince(target, restarted)) });
  }
  return found;
}

/** Looks at units at each of these times, in milliseconds from now, until one of them has ended. */
export async function holdFor(
  session: Session,
  units: readonly RestartedUnit[],
  times: readonly number[],
  signal: AbortSignal,
): Promise<readonly EndedUnit[]> {
  if (units.length === 0) return [];
  let passed = 0;
  for (const time of times) {
    await pause(time - passed, undefined, { signal }).catch(() => undefined);
    passed = time;
    const ended = await findEnded(session, units);
    if (ended.length > 0) return ended;
  }
  return [];
}

/** Verdicts with what ended: it speaks against each plugin that asked for the restart. */
export function withEnded(
  verdicts: readonly Verdict[],
  changes: readonly Change[],
  ended: readonly EndedUnit[],
): readonly Verdict[] {
  return verdicts.map((verdict) => {
    const { tree = new Map(), before } = changes.find(({ plugin }) => plugin.id === verdict.plugin) ?? {};
    const findings = ended
      .filter(({ restarted }) => restarted.plugins.includes(verdict.plugin))
      .flatMap(({ restarted, log, now, end }) =>
        endFindings(tree, restarted.unit, log, now, { end, before }),
      );
    return { ...verdict, findings: [...verdict.findings, ...findings] };
  });
}
