import type { Level } from '../../findings/finding.ts';
import { isCode, rowOf } from '../../findings/catalogue.ts';
import { encodeName } from '../../support/file-name.ts';
import { jsonText } from '../../support/visible.ts';
import { countCodes, pathOf, type Report } from './report.ts';

const LEVEL: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** SARIF 2.1.0, as code scanning services read it. `version` is that of wdev. */
export function sarifReport(report: Report, version: string): string {
  const codes = Object.keys(countCodes(report));
  const results = report.flatMap((plugin) =>
    plugin.findings.map((finding) => ({
      ruleId: finding.code,
      ruleIndex: codes.indexOf(finding.code),
      level: LEVEL[finding.level],
      message: { text: finding.message },
      locations: [{ physicalLocation: place(pathOf(plugin, finding), finding.line, finding.column) }],
    })),
  );
  const driver = { name: 'wdev', version, rules: codes.map(describe) };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
  return `${jsonText(log, 2)}\n`;
}

function place(path: string, line: number | undefined, column: number | undefined): object {
  const region = { startLine: line, ...(column === undefined ? {} : { startColumn: column }) };
  return { artifactLocation: { uri: uriOf(path) }, ...(line === undefined ? {} : { region }) };
}

/** The bytes of a path, which need be no UTF-8. */
function uriOf(path: string): string {
  return encodeName(path)
    .toString('latin1')
    .replaceAll(
      /[^A-Za-z0-9_.!~*'()/-]/g,
      (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}

function describe(code: string): object {
  if (!isCode(code)) return { id: code };
  const rule = rowOf(code);
  return {
    id: code,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: { text: `${rule.fix}\nSource: ${rule.source}` },
    defaultConfiguration: { level: LEVEL[rule.level] },
  };
}
