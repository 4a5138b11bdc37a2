import { decodeName } from '../support/file-name.ts';
import type { Target } from './target.ts';

/** Seconds since Asterisk started, once all of it has; undefined when it does not answer. */
export async function uptimeOfAsterisk(target: Target): Promise<number | undefined> {
  const { stdout } = await target.run(
    "wdev_console 'core waitfullybooted'; wdev_console 'core show uptime seconds'",
  );
  const seconds = /^System uptime: (\d+)/m.exec(decodeName(stdout))?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
