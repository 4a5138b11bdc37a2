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
  const pids = new Map(services.map(({ unit, pid }) => [unit, pid]));
  const script = services.map(({ unit, startedAt, startedThen = startedAt }) => {
    const log = `"$R"${quote(logPath(unit))}`;
    return `wdev_section ${unit}; date -d @${Math.floor(startedThen)} '+%Y-%m-%d %H:%M:%S'; [ ! -f ${log} ] || tail -c ${TAIL} ${log}`;
  });
  const { stdout } = await target.run(script.join('; '));
  return new Map(
    splitSections(stdout.toString('utf8'), target.mark).map(({ name, text }) => {
      const newline = text.indexOf('\n');
      return [name, since(text.slice(newline + 1), text.slice(0, newline), pids.get(name) ?? 0)];
    }),
  );
}

/** The time that a line begins with, and the process that wrote it. Source: xivo.xivo_logging. */
const LINE = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\S*(?: \[(\d+)\])?/;

/**
 * The lines from the first one of a process that is not older than its start; a line without a time belongs to the one
 * before. Where the clock was set back before that start, older lines have later times, but another process.
 */
function since(log: string, start: string, pid: number): string {
  const lines = log.split('\n');
  let first = -1;
  for (const [at, line] of lines.entries()) {
    const [, time = '', writer] = LINE.exec(line) ?? [];
    if (time < start || time === '') continue;
    if (Number(writer) === pid) return lines.slice(at).join('\n');
    if (first < 0) first = at;
  }
  return first < 0 ? '' : lines.slice(first).join('\n');
}
