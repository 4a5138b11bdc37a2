import type { Finding } from '../../findings/finding.ts';
import type { StagedTree } from '../../stage/tree.ts';
import { exitsOf, type EndFacts, type Exits } from './exits.ts';
import { tracebackPlace, withReason, type Place } from './service-log.ts';
import { sourcePlace } from './source-place.ts';
import { endHelp, endWords, isFault, type UnitEnd } from './unit-end.ts';

/**
 * How a service ended, and where in the plugin, as far as that is known: at the innermost frame of a traceback in its
 * log. Without one it may have been an exit, which stevedore and the services behind it let through and log nothing of,
 * for they catch Exception, and SystemExit is none; or a signal.
 */
export function endOf(
  message: string,
  log: string,
  tree: StagedTree,
  unit: string,
  facts: EndFacts = {},
): Pick<Finding, 'message' | 'help'> & Place {
  const { end } = facts;
  const help = endHelp(end, unit);
  const said = reasonsIn(log, end);
  const place = tracebackPlace(said, tree);
  const reasoned = (log: string): string =>
    end !== undefined && isFault(end) ? `${message}: ${endWords(end)}` : withReason(message, log);
  if (place.file !== undefined) return { message: reasoned(said), help, ...place };
  const left = withoutCaught(said);
  if (TRACEBACK.test(left)) return { message: reasoned(left), help };
  const how = `${message}, without a traceback${end === undefined ? '' : `; ${endWords(end)}`}`;
  if (end?.isOutOfMemory === true) return { message: how, help };
  const { known, all } = exitsOf(tree, unit, facts);
  if (known !== undefined)
    return {
      message: `${how}: ${KNOWN[known.by]}${isFault(end) ? ', by a fault in native code' : ''}`,
      help,
      ...sourcePlace(tree, known.path, known.line),
    };
  if (all.length > 0) return { message: `${how}, so the line is not known; ${named(all, tree, end)}`, help };
  if (end === undefined) return { message: withReason(message, left), help };
  return { message: `${how}, and no line of the plugin is seen to do that by itself`, help };
}

const TRACEBACK = /Traceback \(|most recent call first/;

/** How the line is known. */
const KNOWN: Readonly<Record<NonNullable<Exits['known']>['by'], string>> = {
  start: 'this line ends it, an exit, which no service catches',
  only: 'this line, the only one of the plugin that can do that, ends it',
  new: 'this line, the only new one of the plugin that can do that, ends it',
};

/** Exits that are named where nobody knows which it was. */
const MOST_EXITS = 3;

function named(all: Exits['all'], tree: StagedTree, end: UnitEnd | undefined): string {
  const lines = all.slice(0, MOST_EXITS).map(({ path, line }) => {
    const at = sourcePlace(tree, path, line);
    return `${at?.file ?? path}:${at?.line ?? line}`;
  });
  const others = all.length > MOST_EXITS ? ` and ${all.length - MOST_EXITS} more` : '';
  const what =
    end === undefined ? 'an exit leaves none, and the plugin has one at' : 'the plugin can do that at';
  return `${what} ${lines.join(', ')}${others}`;
}

/** Lines of standard error once the log is open. Source: xivo.xivo_logging. */
const STAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d.*?\(STD(?:ERR|OUT)\): ?/gm;

/** An exception that nothing caught in a thread ends the thread alone. Source: Python, threading.excepthook. */
const OF_A_THREAD = /^Exception in thread .*\nTraceback .*\n(?:[ \t].*\n)*(?:.+(?:\n|$))?/gm;

/** The same in the log, where Python hands it on in pieces, and each is a line of that thread. */
const THREAD_ENDED = '(STDERR): Exception in thread';
const TID = /\[tid (\d+)\]/;

function withoutThreads(log: string): string {
  const ended = new Set(
    log.split('\n').flatMap((line) => {
      const end = line.indexOf(THREAD_ENDED);
      return end < 0 ? [] : (TID.exec(line.slice(0, end))?.[1] ?? []);
    }),
  );
  const isOfOne = (line: string): boolean =>
    line.includes('(STDERR): ') && ended.has(TID.exec(line)?.[1] ?? '');
  const left =
    ended.size === 0
      ? log
      : log
          .split('\n')
          .filter((line) => !isOfOne(line))
          .join('\n');
  return left.replaceAll(OF_A_THREAD, '');
}

/** The part of a log that can tell of an end. */
function reasonsIn(log: string, end: UnitEnd | undefined): string {
  // Python itself tells of it where PYTHONFAULTHANDLER is set, the innermost frame first
  if (isFault(end)) return innermostLast(/^Fatal Python error: [^]*/m.exec(log)?.[0] ?? '');
  const said = end === undefined || end.exit === 1 ? log : withoutThreads(log);
  return said.replaceAll(STAMP, '').replaceAll('\n:\n', ': ');
}

function innermostLast(fault: string): string {
  const [thread = ''] = fault.match(/^Current thread .*\n(?: .*\n?)*/m) ?? [];
  return thread.split('\n').toReversed().join('\n');
}

/** A log without what a service goes on after: a plugin that it could not load, which may be anybody's. */
function withoutCaught(log: string): string {
  return log
    .split(/^(?=\d{4}-\d\d-\d\d \d\d:\d\d)/m)
    .filter((entry) => !/^[^\n]*\((?:xivo\.plugin_helpers|stevedore\.extension)\): /.test(entry))
    .join('');
}
