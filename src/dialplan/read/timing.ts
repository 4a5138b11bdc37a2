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

const MINUTES = 24 * 60;

/**
 * Does `09:00-17:00,mon-fri,1-31,jan-dec,Europe/Paris` hold at a time? Both ends of a range count; an empty part and
 * `*` hold always; a range that is not understood counts for nothing. Without a time zone, that of this machine.
 */
export function isWithin(text: string, now: Date): boolean {
  const [times, weekdays, days, months, zone] = text.split(timeSeparator(text)).map((part) => part.trim());
  const at = wallClock(now, zone === '' ? undefined : zone);
  return (
    holds(months, at.month - 1, 12, (word) => named(MONTHS, word) ?? numbered(word, 12)) &&
    holds(days, at.day - 1, 31, (word) => numbered(word, 31)) &&
    holds(weekdays, at.weekday, 7, (word) => named(DAYS, word)) &&
    holds(times, at.minute, MINUTES, minuteOf)
  );
}

function holds(
  text: string | undefined,
  value: number,
  size: number,
  read: (word: string) => number | undefined,
): boolean {
  if (text === undefined || text === '' || text === '*') return true;
  return text.split('&').some((range) => {
    const dash = range.indexOf('-');
    const start = read(dash < 0 ? range : range.slice(0, dash));
    const end = dash < 0 ? start : read(range.slice(dash + 1).trimStart());
    if (start === undefined || end === undefined) return false;
    // a range may go over midnight, Saturday or December
    return (value - start + size) % size <= (end - start + size) % size;
  });
}

function named(names: readonly string[], word: string): number | undefined {
  const at = names.indexOf(word.toLowerCase());
  return at < 0 ? undefined : at;
}

function numbered(word: string, most: number): number | undefined {
  return isNumber(word, most) ? Number(/\d+/.exec(word)?.[0]) - 1 : undefined;
}

function minuteOf(word: string): number | undefined {
  if (!isClock(word)) return undefined;
  const [, hours, minutes] = /(\d{1,2}):\s*(\d{1,2})/.exec(word) ?? [];
  return Number(hours) * 60 + Number(minutes);
}

interface WallClock {
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** Since midnight. */
  readonly minute: number;
}

function wallClock(now: Date, zone: string | undefined): WallClock {
  if (zone === undefined) {
    return {
      month: now.getMonth() + 1,
      day: now.getDate(),
      weekday: now.getDay(),
      minute: now.getHours() * 60 + now.getMinutes(),
    };
  }
  const style = { hourCycle: 'h23', weekday: 'short', month: 'numeric', day: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', {
    ...style,
    hour: 'numeric',
    minute: 'numeric',
    timeZone: knownZone(zone),
  });
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name));
  return {
    month: part('month'),
    day: part('day'),
    weekday: named(DAYS, parts.get('weekday') ?? '') ?? 0,
    minute: part('hour') * 60 + part('minute'),
  };
}

/** Asterisk takes UTC for a zone that it does not know. */
function knownZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
