import type { Level } from '../../findings/finding.ts';
import { pathOf, type Report } from './report.ts';

const COMMAND: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** One workflow command a finding, which GitHub shows beside the line. Source: GitHub Actions, workflow commands. */
export function githubReport(report: Report): string {
  return report
    .flatMap((plugin) =>
      plugin.findings.map((finding) => {
        const { level, message, line, column, code, help } = finding;
        const properties = [
          `file=${property(pathOf(plugin, finding))}`,
          ...(line === undefined ? [] : [`line=${line}`]),
          ...(column === undefined ? [] : [`col=${column}`]),
          `title=${property(code)}`,
        ];
        const text = help === undefined ? message : `${message}\n${help}`;
        return `::${COMMAND[level]} ${properties.join(',')}::${data(text)}\n`;
      }),
    )
    .join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
