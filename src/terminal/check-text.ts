import chalk from 'chalk';
import { seenText, type Rule } from '../check/rule.ts';
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

/** One line a rule: `wdev check --rules`. */
export function rulesText(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map(({ code }) => code.length));
  const lines = rules.map(({ code, level, title }) =>
    wrap(title, 80, `${code.padEnd(width)}  ${level.padEnd(7)}  `, ' '.repeat(width + 11)),
  );
  return `${lines.flat().join('\n')}\n\n${rules.length} rules; wdev check --explain CODE tells more of one.\n`;
}

/** All there is to say of a rule: `wdev check --explain CODE`. */
export function explainText(rule: Rule): string {
  const seen = seenText(rule);
  const example = (text: string): readonly string[] => text.split('\n').map((line) => `    ${line}`);
  return [
    `${chalk.bold(rule.code)} (${rule.level})`,
    '',
    ...wrap(`${rule.title}.`, 80),
    '',
    ...wrap(rule.why, 80),
    '',
    ...wrap(rule.source, 80, 'Source: ', '        '),
    ...(seen === undefined ? [] : [`Seen in: ${seen}`]),
    ...wrap(rule.fix, 80, 'To mend: ', '         '),
    '',
    'Bad:',
    ...example(rule.bad.shown),
    'Good:',
    ...example(rule.good.shown),
    '',
    `To leave it out: "# wdev: ignore ${rule.code} REASON" on the line or above it,`,
    'or check: {ignore: [CODE]} in wdev.yml.',
    '',
  ].join('\n');
}
