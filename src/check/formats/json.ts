import { jsonText } from '../../support/visible.ts';
import { countCodes, type Report } from './report.ts';

/** One object: every finding with its plugin, and how often each code was found. */
export function jsonReport(report: Report): string {
  const findings = report.flatMap(({ id, dir, findings }) =>
    findings.map((finding) => ({ ...finding, plugin: id, dir })),
  );
  return `${jsonText({ findings, counts: countCodes(report) }, 2)}\n`;
}
