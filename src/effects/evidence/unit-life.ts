import type { StagedTree } from '../../stage/tree.ts';
import type { Finding } from '../../findings/finding.ts';
import type { UnitState } from '../unit-state.ts';
import { endOf } from './end-place.ts';
import type { EndFacts } from './exits.ts';
import { ofUnit } from './of-unit.ts';
import { readServiceLog } from './service-log.ts';

/**
 * Whether a unit that was up ended by itself since then. Another process alone does not tell: somebody may
 * have restarted the unit by hand, and may be at it: between its end and its start, it is down for a moment.
 */
export function hasEnded(was: UnitState, now: UnitState): boolean {
  if (now.active === 'failed' || (now.active === 'inactive' && now.hasJob !== true)) return true;
  return now.restarts > was.restarts || now.sub.startsWith('auto-restart');
}

/** The finding of a unit that came up and ended; `log` is its output since its restart. */
export function endFindings(
  tree: StagedTree,
  unit: string,
  log: string,
  now: UnitState,
  facts: EndFacts = {},
): readonly Finding[] {
  const isBack = now.active !== 'failed' && now.active !== 'inactive';
  const since = isBack ? ', and systemd starts it again' : '';
  const ended: Finding = {
    code: 'service-ended',
    level: 'error',
    ...endOf(`${unit} came up after its restart and ended a moment later${since}`, log, tree, unit, facts),
  };
  return ofUnit(unit, [...readServiceLog(log, tree), ended]);
}
