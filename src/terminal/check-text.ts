import chalk from 'chalk';
import { seenText, type Rule } from '../check/rule.ts';
import { metRowOf, type FindingCode, type MetCode } from '../findings/catalogue.ts';
import type { Row } from '../findings/row.ts';
import { countLevel, type Report } from '../check/formats/report.ts';
import { findingLines, type LineReader } from './finding-text.ts';
import { wrap } from './wrap.ts';

/** Findings by plugin, each with its source line, and a last line with the counts. */
export function checkText(report: Report, readLine: (dir: string) => LineReader): string {
  const lines: string[] = [];
  for (const { id, dir, findings } of report) {
    if (findings.length === 0) continue;
    if (report.length > 1) lines.push(chalk.bold.underline(dir === '' ? id : `${id} (${dir})`), '');
    const readLineOf = readLine(dir);
    for (const finding of findings) lines.push(...findingLines(finding, readLineOf), '');
  }
  return [...lines, summary(report), ''].join('\n');
}

function summary(report: Report): string {
  const plugins = count(report.length, 'plugin');
  const errors = countLevel(report, 'error');
  const [warnings, infos] = [countLevel(report, 'warning'), countLevel(report, 'info')];
  if (errors + warnings + infos === 0) return chalk.green(`${plugins} checked, no findings`);
  const parts = [count(errors, 'error'), count(warnings, 'warning'), `${infos} info`];
  const text = `${plugins} checked: ${parts.join(', ')}`;
  return errors > 0 ? chalk.red(text) : warnings > 0 ? chalk.yellow(text) : text;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** One line a rule: `wdev check --rules`; `codes` counts the findings of all commands. */
export function rulesText(rules: readonly Rule[], codes: number): string {
  const width = Math.max(...rules.map(({ code }) => code.length));
  const lines = rules.map(({ code, level, title }) =>
    wrap(title, 80, `${code.padEnd(width)}  ${level.padEnd(7)}  `, ' '.repeat(width + 11)),
  );
  const more = codes - rules.length;
  return `${lines.flat().join('\n')}\n\n${rules.length} rules; wdev check --explain CODE tells more of one,\nand of each of the ${more} findings that other commands have.\n`;
}

/** All there is to say of a rule: `wdev check --explain CODE`. */
export function explainText(rule: Rule): string {
  return [
    ...about(rule.code, rule),
    'Bad:',
    ...indented(rule.bad.shown),
    'Good:',
    ...indented(rule.good.shown),
    '',
    `To ignore it: "# wdev: ignore ${rule.code} REASON" on the line or above it,`,
    'or check: {ignore: [CODE]} in wdev.yml.',
    '',
  ].join('\n');
}

/** All there is to say of a finding that a command meets while it works. */
export function explainMet(code: MetCode): string {
  const row = metRowOf(code);
  return [...about(code, row), 'It comes about by:', ...indented(row.example), ''].join('\n');
}

function about(code: FindingCode, row: Row): readonly string[] {
  const seen = seenText(row);
  return [
    `${chalk.bold(code)} (${row.level})`,
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
