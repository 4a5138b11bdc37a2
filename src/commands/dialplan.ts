import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { EXIT, usageError } from '../support/errors.ts';
import type { Finding } from '../support/finding.ts';

/** `wdev dialplan check|show|trace`. */
export function configure(command: Command): void {
  command
    .command('check')
    .summary('what Asterisk would refuse, and what only a call would show')
    .argument('<path...>', 'dialplan files, or folders of plugins')
    .option('--strict', 'warnings fail too')
    .option('--json', 'findings as JSON')
    .action(check);
  command
    .command('show')
    .summary("what asterisk -rx 'dialplan show' would print")
    .argument('<path...>', 'dialplan files or folders, then a context or extension@context')
    .action(show);
  command
    .command('trace')
    .summary('walk a call through it without a PBX')
    .argument('<path...>', 'dialplan files or folders, then one or more CONTEXT,EXTENSION[,PRIORITY]')
    .option('--set <name=value>', 'a variable, a function value or an outcome; repeatable', collect, [])
    .option('--expect <text>', 'fail unless some step has this text; repeatable', collect, [])
    .option('--coverage', 'also print which lines the calls came to')
    .option('--json', 'steps as JSON')
    .action(trace);
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function check(paths: readonly string[], options: { strict?: boolean; json?: boolean }): Promise<void> {
  const { findDialplanFiles } = await import('../dialplan/find-files.ts');
  const { lintDialplan } = await import('../dialplan/lint.ts');
  const files = findDialplanFiles(paths);
  const findings = lintDialplan(files);
  if (options.json) print(`${JSON.stringify({ files: files.map(({ name }) => name), findings }, null, 2)}\n`);
  else print(await findingsText(findings, files.length));
  const fails = (one: Finding): boolean =>
    one.level === 'error' || (options.strict === true && one.level === 'warning');
  if (findings.some(fails)) process.exitCode = EXIT.failed;
}

async function findingsText(findings: readonly Finding[], files: number): Promise<string> {
  const { default: chalk } = await import('chalk');
  const paint = { error: chalk.red, warning: chalk.yellow, info: chalk.cyan };
  const lines = findings.map((one) => {
    const where = [one.file, one.line, one.column].filter((part) => part !== undefined).join(':');
    const help = one.help === undefined ? '' : `    ${one.help}\n`;
    return `${where}: ${paint[one.level](one.level)} ${one.code}\n    ${one.message}\n${help}`;
  });
  const errors = findings.filter((one) => one.level === 'error').length;
  const counted = (amount: number, word: string): string => `${amount} ${word}${amount === 1 ? '' : 's'}`;
  return `${lines.join('')}${counted(files, 'file')}, ${counted(errors, 'error')}, ${counted(findings.length - errors, 'other finding')}\n`;
}

async function show(words: readonly string[]): Promise<void> {
  const { findDialplanFiles } = await import('../dialplan/find-files.ts');
  const { loadPluginDialplan } = await import('../dialplan/plugin-dialplan.ts');
  const { showDialplan } = await import('../dialplan/show.ts');
  const last = words.at(-1) ?? '';
  const argument = words.length > 1 && !existsSync(last) ? last : undefined;
  const dialplan = loadPluginDialplan(findDialplanFiles(argument === undefined ? words : words.slice(0, -1)));
  const text = showDialplan(dialplan, argument);
  print(text);
  if (text.includes('There is no existence of')) process.exitCode = EXIT.failed;
}

interface TraceFlags {
  readonly set: readonly string[];
  readonly expect: readonly string[];
  readonly coverage?: boolean;
  readonly json?: boolean;
}

async function trace(words: readonly string[], options: TraceFlags): Promise<void> {
  const { findDialplanFiles } = await import('../dialplan/find-files.ts');
  const { loadPluginDialplan } = await import('../dialplan/plugin-dialplan.ts');
  const { coverage, traceCall } = await import('../dialplan/trace.ts');
  const { coverageText, parseGiven, startOf, traceText } = await import('../dialplan/trace-text.ts');
  const starts = words.filter((word) => word.includes(',') && !existsSync(word));
  const paths = words.filter((word) => !starts.includes(word));
  if (starts.length === 0 || paths.length === 0) {
    throw usageError(
      'Name the files first, then where the call enters.',
      'wdev dialplan trace . xivo-extrafeatures,***42',
    );
  }
  const files = findDialplanFiles(paths);
  const names = new Map(files.map(({ installed, name }) => [installed, name]));
  const nameOf = (installed: string): string => names.get(installed) ?? installed;
  const dialplan = loadPluginDialplan(files);
  const given = parseGiven(options.set);
  const traces = starts.map((start) => traceCall(dialplan, startOf(start), { given, now: new Date() }));
  if (options.json) {
    const calls = traces.map(({ steps, end, notes }, at) => ({ start: starts[at], steps, end, notes }));
    print(`${JSON.stringify({ calls, coverage: coverage(dialplan, traces) }, null, 2)}\n`);
  } else {
    for (const one of traces) print(traceText(one, nameOf));
    if (options.coverage) print(coverageText(coverage(dialplan, traces), nameOf));
  }
  const steps = traces.flatMap((one) => one.steps.map((step) => `${step.app}(${step.data})`));
  const missing = options.expect.filter((text) => !steps.some((step) => step.includes(text)));
  for (const text of missing) process.stderr.write(`wdev: no step has ${text}\n`);
  if (missing.length > 0 || steps.length === 0) process.exitCode = EXIT.failed;
}

function print(text: string): void {
  process.stdout.write(text);
}
