import type { Coverage, Trace } from './trace.ts';
import type { CallOutcome } from './trace-calls.ts';

/** Each call under its name when there are several; then how many did what was expected. */
export function callsText(outcomes: readonly CallOutcome[], nameOf: (installed: string) => string): string {
  const [only] = outcomes;
  if (only !== undefined && outcomes.length === 1) return traceText(only.trace, nameOf);
  const told = outcomes.map(({ call, trace, missing }) => {
    const lacks = missing.map((text) => `missing: ${text}\n`).join('');
    return `-- ${call.start}\n${traceText(trace, nameOf)}${lacks}\n`;
  });
  const good = outcomes.filter(({ missing, trace }) => missing.length === 0 && trace.steps.length > 0).length;
  return `${told.join('')}${outcomes.length} calls, ${good} as expected\n`;
}

/** One line a step: where in the dialplan, what runs, and the line that says so. */
function traceText(trace: Trace, nameOf: (installed: string) => string): string {
  const steps = trace.steps.map((step) => {
    const where = `${step.extension}@${step.context}:${step.priority}`;
    return `${where.padEnd(28)} ${step.app}(${step.data})  [${nameOf(step.place.file)}:${step.place.line}]\n`;
  });
  const notes = trace.notes.map((note) => `note: ${note}\n`);
  return `${steps.join('')}ends: ${trace.end}\n${notes.join('')}`;
}

/** Lines reached of each file, and those that are not; then of all. */
export function coverageText(files: readonly Coverage[], nameOf: (installed: string) => string): string {
  const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);
  const reached = sum(files.map((one) => one.reached.length));
  const all = reached + sum(files.map((one) => one.missed.length));
  const percent = all === 0 ? 100 : Math.floor((reached / all) * 100);
  const total = files.length > 1 ? `all: ${reached} of ${all} lines, ${percent} %\n` : '';
  const lines = files
    .map(({ file, reached, missed }) => {
      const all = reached.length + missed.length;
      const rest = missed.length === 0 ? '' : `; not reached: ${missed.join(', ')}`;
      return `${nameOf(file)}: ${reached.length} of ${all} lines${rest}\n`;
    })
    .join('');
  return lines + total;
}
