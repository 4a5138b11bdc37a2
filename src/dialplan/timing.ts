import type { RejectionCode } from './rejection-table.ts';

type Report = (code: RejectionCode, fields: Record<string, string>) => void;

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Times are cut at `|` where there is one, else at commas. */
export function timeSeparator(text: string): '|' | ',' {
  return text.includes('|') ? '|' : ',';
}

/** Reports what Asterisk does not understand in `09:00-17:00,mon-fri,1-31,jan-dec,Europe/Paris`. */
export function checkTimes(text: string, report: Report): void {
  const [times, weekdays, days, months] = text.split(timeSeparator(text));
  checkHours(times, report);
  checkRange(weekdays, (word) => DAYS.includes(word.toLowerCase()), 'day of week', report);
  checkRange(days, (word) => isNumber(word, 31), 'day', report);
  checkRange(months, (word) => MONTHS.includes(word.toLowerCase()) || isNumber(word, 12), 'month', report);
}

function isNumber(word: string, most: number): boolean {
  const number = Number(/^\s*(\d+)/.exec(word)?.[1] ?? 0);
  return number >= 1 && number <= most;
}

function checkHours(text: string | undefined, report: Report): void {
  if (text === undefined || text === '' || text === '*') return;
  for (const range of text.split('&')) {
    const dash = range.indexOf('-');
    const start = dash < 0 ? range : range.slice(0, dash);
    const end = range.slice(dash + 1).trimStart();
    if (dash < 0) {
      if (!isClock(start)) report('dialplan-bad-single-time', { value: start });
    } else if (end === '') report('dialplan-bad-time', { value: range });
    else if (!isClock(start)) report('dialplan-bad-start-time', { value: start });
    else if (!isClock(end)) report('dialplan-bad-end-time', { value: end });
  }
}

function isClock(text: string): boolean {
  const match = /^\s*(\d{1,2}):\s*(\d{1,2})/.exec(text);
  return match !== null && Number(match[1]) < 24 && Number(match[2]) < 60;
}

function checkRange(
  text: string | undefined,
  known: (word: string) => boolean,
  part: string,
  report: Report,
): void {
  if (text === undefined || text === '' || text === '*') return;
  for (const range of text.split('&')) {
    const dash = range.indexOf('-');
    const start = dash < 0 ? range : range.slice(0, dash);
    const end = dash < 0 ? undefined : range.slice(dash + 1);
    if (!known(start)) report('dialplan-bad-time-part', { part, value: start });
    else if (end !== undefined && !known(end)) {
      report('dialplan-bad-time-part', { part: `end ${part}`, value: end });
    }
  }
}
