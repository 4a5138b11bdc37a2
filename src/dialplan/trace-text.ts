import { usageError } from '../support/errors.ts';
import type { Position } from './call-search.ts';
import type { Given } from './call.ts';
import type { Coverage, Trace } from './trace.ts';

/** `VAR=VALUE` pairs, as `--set` takes them. */
export function parseGiven(pairs: readonly string[]): Given {
  const given = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals <= 0)
      throw usageError(`--set ${pair}: write NAME=VALUE, for example --set 'CALLERID(num)=100'.`);
    given.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return given;
}

/** `CONTEXT,EXTEN[,PRIORITY]`. */
export function startOf(text: string): Position {
  const match = /^([^,]+),([^,]+)(?:,(\d+))?$/.exec(text);
  if (match === null) throw usageError(`${text}: write CONTEXT,EXTENSION or CONTEXT,EXTENSION,PRIORITY.`);
  return { context: match[1] ?? '', extension: match[2] ?? '', priority: Number(match[3] ?? 1) };
}

/** One line a step: where in the dialplan, what runs, and the line that says so. */
export function traceText(trace: Trace, nameOf: (installed: string) => string): string {
  const steps = trace.steps.map((step) => {
    const where = `${step.extension}@${step.context}:${step.priority}`;
    return `${where.padEnd(28)} ${step.app}(${step.data})  [${nameOf(step.place.file)}:${step.place.line}]\n`;
  });
  const notes = trace.notes.map((note) => `note: ${note}\n`);
  return `${steps.join('')}ends: ${trace.end}\n${notes.join('')}`;
}

/** Lines reached of each file, and those that are not. */
export function coverageText(files: readonly Coverage[], nameOf: (installed: string) => string): string {
  return files
    .map(({ file, reached, missed }) => {
      const all = reached.length + missed.length;
      const rest = missed.length === 0 ? '' : `; not reached: ${missed.join(', ')}`;
      return `${nameOf(file)}: ${reached.length} of ${all} lines${rest}\n`;
    })
    .join('');
}
