import type { Level } from '../../findings/finding.ts';
import { visible } from '../../support/visible.ts';
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

/** GitHub's own escapes, and ours for what the log would obey: colours, and what hides text. */
function data(text: string): string {
  return visible(text, '\n').replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(visible(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
