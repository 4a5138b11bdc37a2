import { readSettings, targetAddress } from '../settings/settings.ts';
import { openTarget } from '../targets/open.ts';
import { closeSession, openSession, type Session } from '../targets/session.ts';
import type { Target } from '../targets/target.ts';

/**
 * The address of the target that a person means: `--target`, else `target:` of wdev.yml in the current folder,
 * else the embedded stack. Names of wdev.yml become their addresses.
 */
export function addressOf(flag: string | undefined): string {
  return targetAddress(flag, readSettings(process.cwd()));
}

/**
 * Opens the target that `--target` means, as it is, and closes it when the work is done.
 * @throws UserError `target-unreachable` or `no-stack` (exit 3)
 */
export async function onTarget<Result>(
  flag: string | undefined,
  work: (target: Target) => Promise<Result>,
): Promise<Result> {
  const target = await openTarget(addressOf(flag), { asItIs: true });
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}

/** As onTarget, with the target's lock held: for work that changes it. */
export async function inSession<Result>(
  flag: string | undefined,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  return await onTarget(flag, async (target) => {
    const session = await openSession(target);
    try {
      return await work(session);
    } finally {
      await closeSession(session);
    }
  });
}
