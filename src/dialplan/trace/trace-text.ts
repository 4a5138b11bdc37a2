import type { GraphCoverage } from '../graph/coverage.ts';
import type { Coverage, Trace } from './trace.ts';
import type { CallOutcome } from './trace-calls.ts';

type NameOf = (installed: string) => string;

/** Each call under its name when there are several; then how many did what was expected. */
export function callLines(outcomes: readonly CallOutcome[], nameOf: NameOf): readonly string[] {
  const [only] = outcomes;
  if (only !== undefined && outcomes.length === 1) return traceLines(only.trace, nameOf);
  const told = outcomes.flatMap(({ call, trace, missing }) => {
    const lacks = missing.map((text) => `missing: ${text}`);
    return [`-- ${call.start}`, ...traceLines(trace, nameOf), ...lacks, ''];
  });
  const good = outcomes.filter(({ missing, trace }) => missing.length === 0 && trace.steps.length > 0).length;
  return [...told, `${outcomes.length} calls, ${good} as expected`];
}

/** One line a step: where in the dialplan, what runs, and the line that says so. */
function traceLines(trace: Trace, nameOf: NameOf): readonly string[] {
  const steps = trace.steps.map((step) => {
    const where = `${step.extension}@${step.context}:${step.priority}`;
    return `${where.padEnd(28)} ${step.app}(${step.data})  [${nameOf(step.place.file)}:${step.place.line}]`;
  });
  return [...steps, `ends: ${trace.end}`, ...trace.notes.map((note) => `note: ${note}`)];
}

/** Lines reached of each file, and those that are not; then of all. */
export function coverageLines(files: readonly Coverage[], nameOf: NameOf): readonly string[] {
  const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);
  const reached = sum(files.map((one) => one.reached.length));
  const all = reached + sum(files.map((one) => one.missed.length));
  const percent = all === 0 ? 100 : Math.floor((reached / all) * 100);
  const lines = files.map(({ file, reached, missed }) => {
    const all = reached.length + missed.length;
    const rest = missed.length === 0 ? '' : `; not reached: ${missed.join(', ')}`;
    return `${nameOf(file)}: ${reached.length} of ${all} lines${rest}`;
  });
  return files.length > 1 ? [...lines, `all: ${reached} of ${all} lines, ${percent} %`] : lines;
}

/** In a few words: lines, extensions and branches. */
export function coverageText({ lines, extensions, branches }: GraphCoverage): string {
  const reached = extensions.filter((one) => one.reached).length;
  const taken = branches.filter((one) => one.taken).length;
  return [
    `${lines.reached} of ${lines.all} lines`,
    `${reached} of ${extensions.length} extensions`,
    ...(branches.length === 0 ? [] : [`${taken} of ${branches.length} branches`]),
  ].join(', ');
}

/** Extensions that no call came to, and branches that none took; none when all were. */
export function missedLines({ extensions, branches }: GraphCoverage, nameOf: NameOf): readonly string[] {
  const unreached = extensions.filter((one) => !one.reached).map(({ name }) => name);
  const untaken = branches.filter((one) => !one.taken);
  const counts = (all: readonly unknown[], missed: readonly unknown[]): string =>
    `${all.length - missed.length} of ${all.length}`;
  return [
    `extensions: ${counts(extensions, unreached)}${unreached.length === 0 ? '' : `; not reached: ${unreached.join(', ')}`}`,
    ...(branches.length === 0
      ? []
      : [`branches: ${counts(branches, untaken)}${untaken.length === 0 ? '' : '; not taken:'}`]),
    ...untaken.map(({ file, line, way, to }) => `  ${nameOf(file)}:${line}: ${way} -> ${to}`),
  ];
}
