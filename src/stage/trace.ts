import path from 'node:path';
import { runPlugin } from '../sandbox/run.ts';
import { lstatOf } from '../support/stat.ts';
import type { SourceListing } from '../git/sources.ts';
import { serverPath } from './server-environment.ts';
import { stepView } from './step-view.ts';
import { makeOwned, openWorkspace, type Workspace } from './workspace.ts';
import { readTextIfPossible } from '../support/read-file.ts';

/** A command of `wazo/rules` that ran. */
export interface RulesCommand {
  /** The argument of rules. */
  readonly step: string;
  readonly line: number;
  /** As the shell knows it, variables not yet replaced. */
  readonly command: string;
}

export interface RulesTrace {
  /** Commands that ended with another status than 0 and that nothing in the script guards, in order. */
  readonly failed: readonly (RulesCommand & { readonly status: number })[];
  /** All that ran. */
  readonly ran: readonly RulesCommand[];
}

export type RulesStep = 'build' | 'package';

/** Reports each command and each unguarded failure on a file of its own, then becomes the script. */
export const TRACER = `exec 9>>"$WDEV_TRACE"
set -ET
trap 'printf "E\\t%s\\t%s\\t%s\\t%s\\n" "$?" "\${#FUNCNAME[@]}" "$LINENO" "\${BASH_COMMAND//[[:cntrl:]]/ }" >&9' ERR
trap 'printf "D\\t0\\t%s\\t%s\\t%s\\n" "\${#FUNCNAME[@]}" "$LINENO" "\${BASH_COMMAND//[[:cntrl:]]/ }" >&9' DEBUG
. "$0"`;

/**
 * Runs the steps once more, in a clean copy of their own, under a bash that tells which lines ran and which
 * failed. Undefined when `rules` is no shell script or bash is not there.
 */
export async function traceRules(
  sources: SourceListing,
  steps: readonly RulesStep[],
  wrapper: readonly string[] = [],
): Promise<RulesTrace | undefined> {
  const script = sources.get('wazo/rules')?.bytes.toString('utf8') ?? '';
  if (!/^#!\s*\S*\/(env\s+)?(ba|da)?sh\b/.test(script)) return undefined;
  const workspace = await openWorkspace(sources);
  try {
    const traces: RulesTrace[] = [];
    for (const step of steps) {
      const text = await traceStep(workspace, step, step === 'package' ? wrapper : []);
      if (text === undefined) return undefined;
      traces.push(readTrace(text, step));
    }
    return { ran: traces.flatMap(({ ran }) => ran), failed: traces.flatMap(({ failed }) => failed) };
  } finally {
    workspace.remove();
  }
}

interface TraceEvent extends RulesCommand {
  readonly kind: 'D' | 'E';
  readonly status: number;
  readonly depth: number;
}

async function traceStep(
  { folder, source, pkgdir, owner }: Workspace,
  step: RulesStep,
  wrapper: readonly string[],
): Promise<string | undefined> {
  const traces = path.join(folder, `trace-${step}`);
  makeOwned(traces, owner);
  const file = path.join(traces, 'commands');
  if (step === 'package' && lstatOf(pkgdir) === undefined) makeOwned(pkgdir, owner);
  const command = [...wrapper, 'bash', '--posix', '-c', TRACER, path.join(source, 'wazo/rules'), step];
  const result = await runPlugin({
    ...stepView(source, [traces]),
    command: command as [string, ...string[]],
    env: { PATH: serverPath(), WDEV_TRACE: file, pkgdir: step === 'package' ? pkgdir : undefined },
  });
  if (result.status === 127) return undefined;
  // the plugin may have put a link there
  return lstatOf(file)?.isFile() === true ? (readTextIfPossible(file) ?? '') : '';
}

/** Reads what the tracer wrote while rules were called with `step`. */
export function readTrace(text: string, step: string): RulesTrace {
  const events = text.split('\n').flatMap((row) => readEvent(row, step) ?? []);
  return { ran: events.filter(({ kind }) => kind === 'D'), failed: innermost(events) };
}

function readEvent(row: string, step: string): TraceEvent | undefined {
  const [kind, status, depth, line, ...command] = row.split('\t');
  if ((kind !== 'D' && kind !== 'E') || command.length === 0) return undefined;
  const text = command.join('\t').trim();
  if (text === '. "$0"') return undefined;
  return { kind, step, status: Number(status), depth: Number(depth), line: Number(line), command: text };
}

/** A failure inside a function is told again for each call around it: only the first is the cause. */
function innermost(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const failures = events.filter(({ kind }) => kind === 'E');
  return failures.filter((event, index) => {
    const before = failures[index - 1];
    return before === undefined || before.depth <= event.depth || before.command !== event.command;
  });
}

/** The command that made a step fail: the last unguarded failure, or the `exit` that ended it. */
export function culprit(trace: RulesTrace, step: string): RulesCommand | undefined {
  const last = trace.ran.findLast((command) => command.step === step);
  if (last !== undefined && /^exit\b/.test(last.command)) return last;
  return trace.failed.findLast((command) => command.step === step) ?? last;
}
