import { existsSync } from 'node:fs';
import type { Command } from '../cli/commander.ts';
import { runsPrograms } from '../cli/programs.ts';
import { jsonOption } from '../cli/options.ts';
import { subcommand } from '../cli/subcommand.ts';
import { print, printAside, printContent, printJson } from '../terminal/output.ts';
import { EXIT, usageError } from '../support/errors.ts';
import { meantBy } from '../support/nearest.ts';
import { typedPath } from '../support/quote.ts';
import { configureGraph } from './dialplan-graph.ts';
import type { LoadedDialplan } from '../dialplan/read/dialplan.ts';
import type { CallOutcome, TracedCall } from '../dialplan/trace/trace-calls.ts';
import type { Finding } from '../findings/finding.ts';

/** `wdev dialplan check|show|trace|graph`. */
export function configure(command: Command): void {
  subcommand(command, 'check', 'Find errors that Asterisk rejects, or that only a call would hit')
    .argument('<path...>', 'dialplan files, or plugin folders')
    .option('--strict', 'exit with status 1 on warnings, too')
    .addOption(jsonOption('findings'))
    .action(check);
  subcommand(command, 'show', "Print what asterisk -rx 'dialplan show' would print")
    .usage('[options] <path...> [context]')
    .argument(
      '<path...>',
      'dialplan files or plugin folders; last, a CONTEXT or EXTENSION@CONTEXT to show only that',
    )
    .action(show);
  const tracing = subcommand(command, 'trace', 'Trace a call through the dialplan, without a PBX')
    .usage('[options] [path...] <call...>')
    .argument(
      '<call...>',
      'CONTEXT,EXTENSION[,PRIORITY], or EXTENSION alone if one context has it; before the calls, dialplan files or plugin folders (default: this folder)',
    )
    .option(
      '--calls <file>',
      'read the calls from this YAML list, with the keys call, set, time, agi and expect',
    )
    .option(
      '--set <name=value>',
      "set a variable or a function, like X=1, DIALSTATUS=BUSY or 'CALLERID(num)=100'; repeatable",
      collect,
    )
    .option('--time <time>', 'time of the call, like 2026-11-20T09:30 (default: now)')
    .option('--agi <program>', 'answer AGI requests with this program (default: skip them)')
    .option('--expect <text>', 'exit with status 1 unless a step contains this text; repeatable', collect)
    .option('--coverage', 'print which lines, extensions and branches the calls reached, too')
    .addOption(jsonOption('the steps'))
    .action(trace);
  runsPrograms(tracing);
  configureGraph(command);
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

async function check(paths: readonly string[], options: { strict?: boolean; json?: boolean }): Promise<void> {
  const { findDialplanFiles } = await import('../dialplan/read/find-files.ts');
  const { lintDialplan } = await import('../dialplan/lint/lint.ts');
  const files = findDialplanFiles(paths);
  const findings = lintDialplan(files);
  if (options.json) printJson({ files: files.map(({ name }) => name), findings });
  else print(await findingsText(findings, files.length));
  const fails = (one: Finding): boolean =>
    one.level === 'error' || (options.strict === true && one.level === 'warning');
  if (findings.some(fails)) process.exitCode = EXIT.failed;
}

async function findingsText(findings: readonly Finding[], files: number): Promise<readonly string[]> {
  const [{ findingLines }, { lineReader }] = await Promise.all([
    import('../terminal/finding-text.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  const readLine = lineReader('.');
  const lines = findings.flatMap((one) => [...findingLines(one, readLine), '']);
  const errors = findings.filter((one) => one.level === 'error').length;
  const counted = (amount: number, word: string): string => `${amount} ${word}${amount === 1 ? '' : 's'}`;
  lines.push(
    `${counted(files, 'file')}, ${counted(errors, 'error')}, ${counted(findings.length - errors, 'other finding')}`,
  );
  return lines;
}

async function show(words: readonly string[]): Promise<void> {
  const { findDialplanFiles } = await import('../dialplan/read/find-files.ts');
  const { loadPluginDialplan } = await import('../dialplan/read/plugin-dialplan.ts');
  const { showDialplan } = await import('../dialplan/show/show.ts');
  const last = words.at(-1) ?? '';
  const argument = words.length > 1 && !existsSync(last) ? last : undefined;
  const dialplan = loadPluginDialplan(findDialplanFiles(argument === undefined ? words : words.slice(0, -1)));
  const text = showDialplan(dialplan, argument);
  printContent(text);
  if (!text.includes('There is no existence of')) return;
  process.exitCode = EXIT.failed;
  const context = argument?.split('@').at(-1) ?? '';
  const meant = meantBy(
    context,
    dialplan.contexts.map(({ name }) => name),
  );
  if (meant !== undefined) printAside([`Did you mean ${meant}?`]);
}

interface TraceFlags {
  readonly calls?: string;
  readonly set?: readonly string[];
  readonly time?: string;
  readonly agi?: string;
  readonly expect?: readonly string[];
  readonly coverage?: boolean;
  readonly json?: boolean;
}

async function trace(words: readonly string[], options: TraceFlags): Promise<void> {
  const { findDialplanFiles } = await import('../dialplan/read/find-files.ts');
  const { loadPluginDialplan } = await import('../dialplan/read/plugin-dialplan.ts');
  const { startAt, traceCalls } = await import('../dialplan/trace/trace-calls.ts');
  const { coverage } = await import('../dialplan/trace/trace.ts');
  const { askScript } = await import('../simulate/agi/trace-script.ts');
  const { callLines, coverageLines } = await import('../dialplan/trace/trace-text.ts');
  const starts = words.filter((word) => !existsSync(word) && !word.includes('/'));
  const paths = words.filter((word) => !starts.includes(word));
  if (starts.length === 0 && options.calls === undefined)
    throw usageError(
      'missing argument: where the call starts (CONTEXT,EXTENSION)',
      `Add it: wdev dialplan trace ${paths.map((one) => typedPath(one)).join(' ') || '.'} 'xivo-extrafeatures,***42'`,
    );
  const files = findDialplanFiles(paths.length === 0 ? ['.'] : paths);
  const names = new Map(files.map(({ installed, name }) => [installed, name]));
  const nameOf = (installed: string): string => names.get(installed) ?? installed;
  const dialplan = loadPluginDialplan(files);
  const calls = await callsOf(
    starts.map((start) => (start.includes(',') ? start : startAt(dialplan, start))),
    options,
  );
  const traced = await traceCalls(dialplan, calls, askScript);
  const covered = coverage(
    dialplan,
    traced.map(({ trace }) => trace),
  );
  if (options.json) {
    const told = traced.map(({ call, trace: { steps, end, notes }, missing }) => {
      return { start: call.start, time: call.now.toISOString(), steps, end, notes, missing };
    });
    printJson({ calls: told, coverage: covered });
  } else {
    print(callLines(traced, nameOf));
    if (options.coverage) {
      print(coverageLines(covered, nameOf));
      print(await missed(dialplan, traced, nameOf));
    }
  }
  for (const { call, missing } of traced) {
    printAside(missing.map((text) => `wdev: ${call.start}: no step contains "${text}"`));
  }
  const failed = traced.some(({ trace, missing }) => missing.length > 0 || trace.steps.length === 0);
  if (failed) process.exitCode = EXIT.failed;
}

/** The priorities that the calls did not come to, by the picture of the dialplan. */
async function missed(
  dialplan: LoadedDialplan,
  outcomes: readonly CallOutcome[],
  nameOf: (file: string) => string,
): Promise<readonly string[]> {
  const { dialplanGraph } = await import('../dialplan/graph/build.ts');
  const { unseenText, withTraces } = await import('../dialplan/graph/hops.ts');
  const { coverageOf } = await import('../dialplan/graph/coverage.ts');
  const { missedLines } = await import('../dialplan/trace/trace-text.ts');
  const steps = outcomes.map(({ trace: { steps } }) => steps);
  const traced = withTraces(dialplanGraph(dialplan), steps);
  const told = missedLines(coverageOf(traced), nameOf);
  return traced.unseen > 0 ? [...told, unseenText(traced)] : told;
}

/** The calls of the command line, then those of a file. */
async function callsOf(starts: readonly string[], options: TraceFlags): Promise<TracedCall[]> {
  const { parseCalls, parseGiven, startOf, timeOf } = await import('../dialplan/trace/trace-calls.ts');
  const { agi } = options;
  const defaults = {
    given: parseGiven(options.set ?? []),
    now: options.time === undefined ? new Date() : timeOf(options.time),
    ...(agi === undefined ? {} : { agi }),
    expect: options.expect ?? [],
  };
  for (const start of starts) startOf(start);
  const calls = starts.map((start) => ({ start, ...defaults }));
  if (options.calls === undefined) return calls;
  const { readNamed } = await import('../dialplan/read/find-files.ts');
  return [...calls, ...parseCalls(readNamed(options.calls), options.calls, defaults)];
}
