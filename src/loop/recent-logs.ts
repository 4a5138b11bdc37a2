import { UserError } from '../support/errors.ts';
import { Logs } from '../status/logs.ts';
import type { Target } from '../targets/target.ts';

/** Lines of each service. */
const LINES = 10;

/** The last lines of the services that plugins need, merged; those that speak of the plugins begin with `*`. */
export async function recentLogs(target: Target, plugins: readonly string[]): Promise<readonly string[]> {
  try {
    const logs = await Logs.open(target, { services: [], plugins });
    const width = Math.max(...logs.services.map(({ length }) => length));
    const lines = await logs.last(LINES);
    return lines.map(({ service, text, own }) => `${own ? '*' : ' '} ${service.padEnd(width)} | ${text}`);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'no-log') throw error;
    return [error.message];
  }
}
