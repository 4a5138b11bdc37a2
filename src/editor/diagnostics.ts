import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { Judgement } from '../check/judge.ts';
import type { Finding } from '../findings/finding.ts';
import { Lines } from './span.ts';

const SEVERITIES = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

/** A finding as an editor shows it: from its column to the end of the word, or of the line. */
export function diagnosticOf(finding: Finding, lines: Lines): Diagnostic {
  const { code, level, message, help } = finding;
  const line = Math.min(Math.max(0, (finding.line ?? 1) - 1), Math.max(0, lines.count - 1));
  const written = lines.lineAt(line);
  const first =
    finding.column === undefined ? written.length - written.trimStart().length : finding.column - 1;
  const start = Math.min(first, written.length);
  const word = /^[\w.\-/${}]+/.exec(written.slice(start))?.[0].length ?? 0;
  const end =
    word > 0 && finding.column !== undefined && finding.column > 1 ? start + word : written.trimEnd().length;
  return {
    range: { start: { line, character: start }, end: { line, character: Math.max(start, end) } },
    severity: SEVERITIES[level],
    code,
    source: 'wdev',
    message: help === undefined ? message : `${message}\n${help}`,
  };
}

/** The fixes of `wdev check --fix` for one finding, as far as they change text or names of files. */
export function actionOf(
  { finding, edits }: Judgement,
  texts: ReadonlyMap<string, { readonly text: string }>,
  uriOf: (file: string) => string,
): CodeAction | undefined {
  const changes: Record<string, TextEdit[]> = {};
  const known = new Map<string, Lines>();
  for (const edit of edits) {
    const text = texts.get(edit.file)?.text;
    // an editor cannot change a file's mode
    if (!('start' in edit) || text === undefined) return undefined;
    const uri = uriOf(edit.file);
    const lines = known.get(edit.file) ?? new Lines(text);
    known.set(edit.file, lines);
    (changes[uri] ??= []).push({ range: lines.rangeOf(edit), newText: edit.text });
  }
  if (Object.keys(changes).length === 0) return undefined;
  return {
    title: `Fix: ${finding.message}`,
    kind: 'quickfix',
    isPreferred: true,
    diagnostics: [diagnosticOf(finding, new Lines(texts.get(finding.file ?? '')?.text ?? ''))],
    edit: { changes },
  };
}
