import { durationText } from './duration.ts';
import type { LoopEvent } from '../loop/events.ts';
import type { Tested } from '../own-tests/tested.ts';
import { findingLines, type LineReader } from './finding-text.ts';
import { paint } from './paint.ts';

/** Lines for people about the own tests of a plugin. */
export function testedLines(tested: Tested, readLine: LineReader): readonly string[] {
  const { ok, plugin, target, findings } = tested;
  const sign = ok ? paint.green('✓') : paint.red('✗');
  const where = target === undefined ? '' : ` on ${target}`;
  return [
    `${sign} ${paint.bold(plugin)}  ${countsText(tested)}${where}  ${paint.dim(durationText(tested.ms))}`,
    ...findings.flatMap((finding) => findingLines(finding, readLine).map((line) => `  ${line}`)),
    ...skippedLines(tested),
  ];
}

/** The parts of the line of the loop about tests, and the lines below it. */
export function testedParts(
  event: Extract<LoopEvent, { event: 'tested' }>,
  readLine: LineReader,
): { readonly sign: string; readonly text: string; readonly findings: readonly string[] } {
  const where = event.target === undefined ? 'tests' : `tests on ${event.target}`;
  return {
    sign: event.ok ? paint.green('✓') : paint.red('✗'),
    text: `${where}: ${countsText(event)}`,
    findings: event.findings.slice(0, MOST_FINDINGS).flatMap((finding) => findingLines(finding, readLine)),
  };
}

/** Findings below a line. */
const MOST_FINDINGS = 10;

/** `3 passed, 1 failed`; what there is none of is not named. */
function countsText({ passed, failed, skipped }: Pick<Tested, 'passed' | 'failed' | 'skipped'>): string {
  const counts = [
    [failed, 'failed'],
    [passed, 'passed'],
    [skipped, 'skipped'],
  ] as const;
  const named = counts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  return named.length === 0 ? 'no result' : named.join(', ');
}

/** Each reason once, with its remedy. */
function skippedLines({ tests }: Tested): readonly string[] {
  const reasons = tests.flatMap(({ outcome, message = '', help }) => {
    const [first = ''] = message.replace(/^Skipped: /, '').split('\n');
    return outcome === 'skipped' ? [help === undefined ? first : `${first} (${help})`] : [];
  });
  return [...new Set(reasons)].map((reason) => {
    const count = reasons.filter((one) => one === reason).length;
    return paint.dim(`  ${count} skipped: ${reason}`);
  });
}
