import type { Plan } from '../effects/change.ts';
import { EFFECTS } from '../effects/registry.ts';
import type { Session } from '../targets/session.ts';

const INTERVAL = 2000;

/** Whether a plan holds what would disturb calls: restarts of services. */
function disturbsCalls(plan: Plan): boolean {
  return plan.effects.some(({ effect }) => EFFECTS[effect.do].disturbsCalls === true);
}

/** How many calls are active on the target's Asterisk; 0 when there is none. */
async function activeCalls(session: Session): Promise<number> {
  if (!session.facts.hasAsterisk) return 0;
  const { stdout } = await session.target.run("wdev_console 'core show channels count'");
  return Number(/^(\d+) active calls?/m.exec(stdout.toString('utf8'))?.[1] ?? 0);
}

/**
 * With the policy `wait`, holds a plan that restarts services until no call is active.
 * @param say told once how many calls it waits for, and whenever that changes
 */
export async function waitForCalls(
  session: Session,
  plan: Plan,
  signal: AbortSignal,
  say: (reason: string) => void,
): Promise<void> {
  if (!disturbsCalls(plan)) return;
  let last = 0;
  for (;;) {
    const calls = await activeCalls(session);
    if (calls === 0 || signal.aborted) return;
    if (calls !== last)
      say(`${calls} active call${calls === 1 ? '' : 's'}; the restart waits (--calls now would not)`);
    last = calls;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}
