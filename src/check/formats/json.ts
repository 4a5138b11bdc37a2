import { jsonText } from '../../support/visible.ts';
import { countCodes, type Report } from './report.ts';

/** One object: every finding with its plugin, how often each code was found, and what else there is to say. */
export function jsonReport(report: Report, more: object = {}): string {
  const findings = report.flatMap(({ id, dir, findings }) =>
    findings.map((finding) => ({ ...finding, plugin: id, dir })),
  );
  return `${jsonText({ findings, counts: countCodes(report), ...more }, 2)}\n`;
}
