import { paint } from './paint.ts';
import { seenText, type Rule } from '../check/rule.ts';
import { metRowOf, type FindingCode, type MetCode } from '../findings/catalogue.ts';
import type { Row } from '../findings/row.ts';
import { countLevel, type Report } from '../check/formats/report.ts';
import { findingLines, type LineReader } from './finding-text.ts';
import { wrap } from './wrap.ts';
import { append } from '../support/append.ts';

/** Findings by plugin, each with its source line, and a last line with the counts. */
export function checkLines(report: Report, readLine: (dir: string) => LineReader): readonly string[] {
  const lines: string[] = [];
  for (const { id, dir, findings } of report) {
    if (findings.length === 0) continue;
    if (report.length > 1) lines.push(paint.bold(paint.underline(dir === '' ? id : `${id} (${dir})`)), '');
    const readLineOf = readLine(dir);
    for (const finding of findings) {
      append(lines, findingLines(finding, readLineOf));
      lines.push('');
    }
  }
  return [...lines, summary(report)];
}

function summary(report: Report): string {
  const plugins = count(report.length, 'plugin');
  const errors = countLevel(report, 'error');
  const [warnings, infos] = [countLevel(report, 'warning'), countLevel(report, 'info')];
  if (errors + warnings + infos === 0) return paint.green(`${plugins} checked, no findings`);
  const parts = [count(errors, 'error'), count(warnings, 'warning'), `${infos} info`];
  const text = `${plugins} checked: ${parts.join(', ')}`;
  return errors > 0 ? paint.red(text) : warnings > 0 ? paint.yellow(text) : text;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** One line a rule: `wdev check --rules`; `codes` counts the findings of all commands. */
export function rulesLines(rules: readonly Rule[], codes: number): readonly string[] {
  const width = Math.max(...rules.map(({ code }) => code.length));
  const lines = rules.map(({ code, level, title }) =>
    wrap(title, 80, `${code.padEnd(width)}  ${level.padEnd(7)}  `, ' '.repeat(width + 11)),
  );
  const more = codes - rules.length;
  return [
    ...lines.flat(),
    '',
    `${rules.length} rules; wdev check --explain CODE tells more of one,`,
    `and of each of the ${more} findings that other commands have.`,
  ];
}

/** All there is to say of a rule: `wdev check --explain CODE`. */
export function explainLines(rule: Rule): readonly string[] {
  return [
    ...about(rule.code, rule),
    'Bad:',
    ...indented(rule.bad.shown),
    'Good:',
    ...indented(rule.good.shown),
    '',
    'To ignore it on one line, write on that line or above it:',
    `    ${rule.code.startsWith('dialplan-') ? ';' : '#'} wdev: ignore ${rule.code} REASON`,
    "To ignore it everywhere, write in the plugin's wdev.yml:",
    `    check: {ignore: [${rule.code}]}`,
  ];
}

/** All there is to say of a finding that a command meets while it works. */
export function explainMet(code: MetCode): readonly string[] {
  const row = metRowOf(code);
  return [...about(code, row), 'It comes about by:', ...indented(row.example)];
}

function about(code: FindingCode, row: Row): readonly string[] {
  const seen = seenText(row);
  return [
    `${paint.bold(code)} (${row.level})`,
    '',
    ...wrap(`${row.title}.`, 80),
    '',
    ...wrap(row.why, 80),
    '',
    ...wrap(row.source, 80, 'Source: ', '        '),
    ...(seen === undefined ? [] : [`Seen in: ${seen}`]),
    ...wrap(row.fix, 80, 'To fix: ', '        '),
    '',
  ];
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => `    ${line}`);
}
