import type { Finding } from '../../findings/finding.ts';
import { visible } from '../../support/visible.ts';
import { pathOf, type PluginReport, type Report } from './report.ts';

/** A suite a plugin, a failed case a finding; a plugin without findings is one case that passed. */
export function junitReport(report: Report): string {
  const tests = report.reduce((sum, { findings }) => sum + Math.max(findings.length, 1), 0);
  const failures = report.reduce((sum, { findings }) => sum + findings.length, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="wdev check" tests="${tests}" failures="${failures}">`,
    ...report.flatMap(suite),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(plugin: PluginReport): readonly string[] {
  const { id, findings } = plugin;
  const cases =
    findings.length === 0
      ? [`    <testcase classname="${escape(id)}" name="no findings"/>`]
      : findings.flatMap((finding) => failedCase(plugin, finding));
  const head = `tests="${Math.max(findings.length, 1)}" failures="${findings.length}"`;
  return [`  <testsuite name="${escape(id)}" ${head}>`, ...cases, '  </testsuite>'];
}

function failedCase(plugin: PluginReport, finding: Finding): readonly string[] {
  const { code, level, message, line, column, help } = finding;
  const place = [pathOf(plugin, finding), line, column].filter((part) => part !== undefined).join(':');
  const text = [`${place}: ${level}: ${message}`, ...(help === undefined ? [] : [help])].join('\n');
  return [
    `    <testcase classname="${escape(plugin.id)}" name="${escape(`${code} ${place}`)}">`,
    `      <failure type="${level}" message="${escape(message)}">${escape(text)}</failure>`,
    '    </testcase>',
  ];
}

/** XML 1.0 has no form for control characters, and no other one for what hides text: both stand as we show them. */
function escape(text: string): string {
  return visible(text, '\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd');
}
