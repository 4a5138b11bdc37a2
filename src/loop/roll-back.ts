import type { Change, Plan } from '../effects/change.ts';
import { isDialplanReload } from '../effects/console.ts';
import { refusal } from '../effects/evidence/console.ts';
import { dialplanBack } from '../effects/evidence/dialplan-back.ts';
import { judgeEffects, type Verdict } from '../effects/evidence/verify.ts';
import { isError, type Finding } from '../findings/finding.ts';
import type { ApplyResult } from '../targets/apply.ts';
import { foreignFindings } from '../targets/foreign.ts';
import { undoBatch, type Undone } from '../targets/roll-back.ts';
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
  const undone = await undoBatch(session, plan, before, result);
  const { left } = undone;
  for (const change of plan.changes) {
    for (const finding of foreignFindings(session.target, change, left, 'it was kept')) {
      emit({ event: 'finding', plugin: change.plugin.id, ...finding });
    }
  }
  const troubles = stillWrong(plan, before, undone);
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
 * Findings of bringing earlier versions back, of what Asterisk shows then, and of services that do not come up without a
 * plugin that goes; there is no source to name.
 */
function stillWrong(
  { changes }: Plan,
  before: ReadonlyMap<string, InstalledPlugin | undefined>,
  undone: Undone,
): readonly { readonly plugin: string; readonly finding: Finding }[] {
  return changes.flatMap((change) => {
    const { plugin, before: earlier = new Map() } = change;
    const isBack = before.get(plugin.id) !== undefined;
    const { findings } = judgeEffects({ plugin, tree: new Map(), before: earlier }, undone.outcomes);
    const own = findings.filter((finding) =>
      isBack ? isError(finding) && !NOT_THERE.has(finding.code) : finding.code === 'service-down',
    );
    return [...own, ...shownWrong(change, isBack, undone)].map((finding) => ({ plugin: plugin.id, finding }));
  });
}

/** How the dialplan differs from that of the version before; nothing where Asterisk refused to read it: that is told. */
function shownWrong(
  { tree, before = new Map() }: Change,
  isBack: boolean,
  { outcomes, standing, left }: Undone,
): readonly Finding[] {
  const back = new Map([...(isBack ? before : [])].filter(([path]) => !left.includes(path)));
  const gone = new Map([...tree].filter(([path]) => back.has(path) || !standing.has(path)));
  return outcomes.flatMap((outcome) => {
    if (outcome.do !== 'console' || !isDialplanReload(outcome.effect)) return [];
    const refused = refusal(outcome.effect.command, outcome.output);
    return refused === undefined || NOT_THERE.has(refused.code) ? dialplanBack(back, gone, outcome) : [];
  });
}
