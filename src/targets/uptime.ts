import { decodeName } from '../support/file-name.ts';
import type { Target } from './target.ts';

/** Seconds since its process began, by a clock that nobody sets; a restart by the console keeps the process. */
const AGE = `wdev_process "$(cat "$R/var/run/asterisk/asterisk.pid" 2>/dev/null)" && wdev_uptime && echo "System uptime: $((__uptime - __start / $(getconf CLK_TCK 2>/dev/null || echo 100)))" || :`;

/**
 * Seconds since Asterisk started, once all of it has; undefined when it does not answer. Its own figure goes wrong where
 * the clock is set: the smaller one counts.
 */
export async function uptimeOfAsterisk(target: Target): Promise<number | undefined> {
  const { stdout } = await target.run(
    `wdev_console 'core waitfullybooted'; wdev_console 'core show uptime seconds' && { ${AGE}; }`,
  );
  const told = [...decodeName(stdout).matchAll(/^System uptime: (-?\d+)/gm)].map(([, seconds]) =>
    Number(seconds),
  );
  return told.length === 0 ? undefined : Math.min(...told);
}
