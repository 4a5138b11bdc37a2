import type { RejectionCode } from './rejection-table.ts';

type Report = (code: RejectionCode, fields: Record<string, string>) => void;

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Reports what Asterisk does not understand in `09:00-17:00,mon-fri,1-31,jan-dec,Europe/Paris`. */
export function checkTimes(text: string, report: Report): void {
  const [times, weekdays, days, months] = text.split(/[,|]/);
  checkHours(times, report);
  checkRange(weekdays, (word) => DAYS.indexOf(word.slice(0, 3)) >= 0, 'day of week', report);
  checkRange(days, (word) => isNumber(word, 31), 'day', report);
  checkRange(months, (word) => MONTHS.indexOf(word.slice(0, 3)) >= 0 || isNumber(word, 12), 'month', report);
}

function isNumber(word: string, most: number): boolean {
  return /^\d+$/.test(word) && Number(word) >= 1 && Number(word) <= most;
}

function checkHours(text: string | undefined, report: Report): void {
  if (text === undefined || text === '' || text === '*') return;
  for (const range of text.split('&')) {
    const [start, end] = range.split('-');
    if (!isClock(start)) report('dialplan-bad-start-time', { value: start ?? '' });
    else if (end === undefined) report('dialplan-bad-time', { value: range });
    else if (!isClock(end)) report('dialplan-bad-end-time', { value: end });
  }
}

function isClock(text: string | undefined): boolean {
  const match = /^\s*(\d{1,2}):(\d{1,2})\s*$/.exec(text ?? '');
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
    const [start, end] = range.trim().toLowerCase().split('-');
    if (start !== undefined && !known(start)) report('dialplan-bad-time-part', { part, value: start });
    else if (end !== undefined && !known(end))
      report('dialplan-bad-time-part', { part: `end ${part}`, value: end });
  }
}
