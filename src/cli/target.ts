import { openTarget } from '../targets/open.ts';
import { closeSession, openSession, type Session } from '../targets/session.ts';
import type { Target } from '../targets/target.ts';
import { agreedAddress, type AgreeFlags } from './agree.ts';

/**
 * Opens the target that `--target` or wdev.yml means, as it is, and closes it when the work is done.
 * @throws UserError `target-unreachable` or `no-stack` (exit 3), and as agreedAddress
 */
export async function onTarget<Result>(
  flags: AgreeFlags,
  work: (target: Target) => Promise<Result>,
): Promise<Result> {
  const target = await openTarget(await agreedAddress(flags), { asItIs: true });
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}

/** As onTarget, with the target's lock held: for work that changes it. */
export async function inSession<Result>(
  flags: AgreeFlags,
  work: (session: Session) => Promise<Result>,
  how: { readonly restoring?: boolean } = {},
): Promise<Result> {
  return await onTarget(flags, async (target) => {
    const session = await openSession(target, how);
    try {
      return await work(session);
    } finally {
      await closeSession(session);
    }
  });
}
