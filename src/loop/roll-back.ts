import type { Plan } from '../effects/change.ts';
import { judgeEffects, type Verdict } from '../effects/evidence/verify.ts';
import { isError, type Finding } from '../findings/finding.ts';
import type { ApplyResult } from '../targets/apply.ts';
import { foreignFindings } from '../targets/foreign.ts';
import { undoBatch } from '../targets/roll-back.ts';
import type { InstalledPlugin, Session } from '../targets/session.ts';
import type { Emit } from './events.ts';

/** Returns the target to the batch before, and says which version serves, and what is wrong that was not told yet. */
export async function rollBack(
  session: Session,
  id: number,
  plan: Plan,
  before: ReadonlyMap<string, InstalledPlugin | undefined>,
  { result, guilty }: { readonly result: ApplyResult; readonly guilty: readonly Verdict[] },
  emit: Emit,
): Promise<void> {
  const { left, outcomes } = await undoBatch(session, plan, before, result);
  for (const change of plan.changes) {
    for (const finding of foreignFindings(session.target, change, left, 'it was kept')) {
      emit({ event: 'finding', plugin: change.plugin.id, ...finding });
    }
  }
  const troubles = stillWrong(plan, before, outcomes);
  const told = new Set(guilty.flatMap(({ plugin, findings }) => findings.map((one) => keyOf(plugin, one))));
  for (const { plugin, finding } of troubles)
    if (!told.has(keyOf(plugin, finding))) emit({ event: 'finding', plugin, ...finding });
  const live = [...before].map(([plugin, installed]) =>
    installed === undefined
      ? `${plugin} is not installed`
      : `${[plugin, installed.version].join(' ').trim()}, restored`,
  );
  const but = [
    ...(left.length === 0 ? [] : [`but for ${left.join(', ')}`]),
    ...new Set(troubles.map(({ finding }) => `but ${finding.message}`)),
  ];
  emit({ event: 'rolled-back', id, live: [live.join(', '), ...but].join(', ') });
}

function keyOf(plugin: string, { code, message }: Finding): string {
  return [plugin, code, message].join('\n');
}

/** Answers that only tell what the target has not: the version before may not have asked for it. */
const NOT_THERE = new Set(['module-not-loaded', 'console-unknown-command', 'asterisk-missing']);

/**
 * Findings of bringing earlier versions back, and of services that do not come up without a plugin that goes; there is no
 * source to name.
 */
function stillWrong(
  { changes }: Plan,
  before: ReadonlyMap<string, InstalledPlugin | undefined>,
  outcomes: ApplyResult['outcomes'],
): readonly { readonly plugin: string; readonly finding: Finding }[] {
  return changes.flatMap(({ plugin, before: earlier = new Map() }) => {
    const isBack = before.get(plugin.id) !== undefined;
    return judgeEffects({ plugin, tree: new Map(), before: earlier }, outcomes)
      .findings.filter((finding) =>
        isBack ? isError(finding) && !NOT_THERE.has(finding.code) : finding.code === 'service-down',
      )
      .map((finding) => ({ plugin: plugin.id, finding }));
  });
}
