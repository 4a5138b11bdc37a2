import type { Finding } from '../../findings/finding.ts';
import { rowOf } from '../../findings/catalogue.ts';

/** The findings about a unit, whose advice names it where the catalogue says SERVICE. */
export function ofUnit(unit: string, findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => {
    const fix = finding.help ?? rowOf(finding.code).fix;
    return fix.includes('SERVICE') ? { ...finding, help: fix.replaceAll('SERVICE', unit) } : finding;
  });
}
