import { logPath } from '../wazo/services.ts';
import { quote } from '../support/quote.ts';
import { splitSections } from '../effects/sections.ts';
import type { Target } from '../targets/target.ts';
import type { ServiceState } from './service-state.ts';

/** Bytes from the end of a log that may matter. */
const TAIL = 400_000;

/** The logs of services since their processes began. */
export async function readLogsSince(
  target: Target,
  services: readonly ServiceState[],
): Promise<ReadonlyMap<string, string>> {
  if (services.length === 0) return new Map();
  const script = services.map(({ unit, startedAt }) => {
    const log = `"$R"${quote(logPath(unit))}`;
    return `wdev_section ${unit}; date -d @${Math.floor(startedAt)} '+%Y-%m-%d %H:%M:%S'; [ ! -f ${log} ] || tail -c ${TAIL} ${log}`;
  });
  const { stdout } = await target.run(script.join('; '));
  return new Map(
    splitSections(stdout.toString('utf8'), target.mark).map(({ name, text }) => {
      const newline = text.indexOf('\n');
      return [name, since(text.slice(newline + 1), text.slice(0, newline))];
    }),
  );
}

/** The lines from the first one that is not older; a line without a time belongs to the one before. */
function since(log: string, start: string): string {
  const lines = log.split('\n');
  const first = lines.findIndex((line) => /^\d{4}-\d\d-\d\d \d\d:/.test(line) && line.slice(0, 19) >= start);
  return first < 0 ? '' : lines.slice(first).join('\n');
}
