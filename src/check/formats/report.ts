import type { Finding, Level } from '../../findings/finding.ts';

/** The findings of one plugin of a run. */
export interface PluginReport {
  readonly id: string;
  /** Its folder, relative to where the run was started; empty for that folder itself. */
  readonly dir: string;
  readonly findings: readonly Finding[];
}

export type Report = readonly PluginReport[];

export function countCodes(
  report: readonly Pick<PluginReport, 'findings'>[],
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { code } of report.flatMap(({ findings }) => findings)) counts[code] = (counts[code] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function countLevel(report: Report, level: Level): number {
  return report.flatMap(({ findings }) => findings).filter((finding) => finding.level === level).length;
}

/** A finding's file as seen from where the run was started. */
export function pathOf(plugin: PluginReport, finding: Finding): string {
  const file = finding.file ?? '';
  if (plugin.dir === '') return file === '' ? '.' : file;
  return file === '' ? plugin.dir : `${plugin.dir}/${file}`;
}
