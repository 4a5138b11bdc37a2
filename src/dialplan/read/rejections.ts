import type { Place } from './place.ts';
import { REJECTION_TABLE, type LogLevel, type RejectionCode, type RejectionRow } from './rejection-table.ts';

/** One line of Asterisk's log, as our reader writes it. */
export interface LogLine {
  readonly level: LogLevel;
  /** Asterisk's source file, e.g. `config.c`. */
  readonly source: string;
  /** Exactly Asterisk's words. */
  readonly message: string;
  readonly place?: Place;
  /** Our finding code. */
  readonly code: RejectionCode;
  /** The parts of the message: `exten`, `context`, `file`, `line`, ... */
  readonly fields: Readonly<Record<string, string>>;
}

/** Something that Asterisk threw away or refused, whoever said it: the real log or our reader. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly level: LogLevel;
  /** Asterisk's words; when two lines are about one thing, those that say why. */
  readonly message: string;
  /** Installed path. */
  readonly file?: string;
  /** As Asterisk counts (see locate.ts). */
  readonly asteriskLine?: number;
  /** Only from our own reader. */
  readonly place?: Place;
  readonly context?: string;
  readonly exten?: string;
  readonly priority?: string;
  readonly label?: string;
  /** Only from our own reader: the line that stands there already says the same. */
  readonly isSame?: true;
  /** Only from our own reader: the line that stands there already, for people. */
  readonly holder?: string;
  /** The subject of the log line when it is something else: a switch, a directive, an include, ... */
  readonly value?: string;
}

type Fields = Readonly<Record<string, string | number>>;

const rows = new Map<RejectionCode, RejectionRow>();
for (const row of REJECTION_TABLE) if (!rows.has(row.code)) rows.set(row.code, row);

/** A log line of our own reader, in Asterisk's words. */
export function logLine(code: RejectionCode, fields: Fields, place?: Place): LogLine {
  const row = rows.get(code);
  if (row === undefined) throw new Error(`no such rejection: ${code}`);
  const texts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  const message = row.text.replace(/\{(\w+)\}/g, (_, name: string) => texts[name] ?? '');
  const line = { level: row.level, source: row.source, message, code, fields: texts };
  return place === undefined ? line : { ...line, place };
}

interface Matcher extends RejectionRow {
  readonly pattern: RegExp;
}

let matchers: readonly Matcher[] | undefined;

function patternOf(row: RejectionRow): RegExp {
  const parts = row.text.split(/\{(\w+)\}/);
  const body = parts.map((part, at) => {
    if (at % 2 === 0) return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    return part === 'line' || part === 'count' ? `(?<${part}>-?\\d+)` : `(?<${part}>.*)`;
  });
  return new RegExp(`^${body.join('')}$`, 's');
}

const HEAD =
  /^(?:\[[^\]]*\] )?(ERROR|WARNING|NOTICE)\[\d+\](?:\[[^\]]*\])?:? (?:([\w.]+\.c)(?::\d+(?=[ :]))? ?(?:in \w+|\w+)?: )(.*)$/;

/** Characters of a line that Asterisk writes; a longer one is none of its own. Source: logger.c, 4,096 bytes. */
const LONGEST = 8192;

/**
 * Finds the rejections in text of Asterisk's own log (`messages.log` or `full`); other lines are passed over.
 * Lines are as the logger of Asterisk 18 to 22 writes them: `[date] WARNING[pid] config.c: message`.
 */
export function parseRejections(logText: string): readonly Rejection[] {
  const lines: LogLine[] = [];
  for (const text of logText.split('\n')) {
    const head = text.length > LONGEST ? null : HEAD.exec(text);
    if (head === null) continue;
    const line = recognize(head[1] as LogLevel, head[2] ?? '', head[3] ?? '');
    if (line !== undefined) lines.push(line);
  }
  return rejectionsOf(lines);
}

function recognize(level: LogLevel, source: string, message: string): LogLine | undefined {
  matchers ??= REJECTION_TABLE.map((row) => ({ ...row, pattern: patternOf(row) }));
  for (const row of matchers) {
    const match = row.pattern.exec(message);
    if (match !== null) return { level, source, message, code: row.code, fields: { ...match.groups } };
  }
  return undefined;
}

/** Joins the two lines that Asterisk writes about one rejected line: why (pbx.c), and where (pbx_config.c). */
export function rejectionsOf(lines: readonly LogLine[]): readonly Rejection[] {
  const found: Rejection[] = [];
  let reason: LogLine | undefined;
  for (const line of lines) {
    const row = rows.get(line.code);
    if (row?.part === 'reason') {
      if (reason !== undefined) found.push(toRejection(reason));
      reason = line;
    } else if (row?.part === 'place' && reason !== undefined) {
      found.push(joined(reason, line));
      reason = undefined;
    } else {
      if (reason !== undefined) found.push(toRejection(reason));
      reason = undefined;
      found.push(toRejection(line));
    }
  }
  if (reason !== undefined) found.push(toRejection(reason));
  return found;
}

/** A duplicate says why on the first line; a wrong priority or label says it best on the second. */
function joined(reason: LogLine, place: LogLine): Rejection {
  const [why, where] = [toRejection(reason), toRejection(place)];
  return place.code === 'dialplan-not-registered' ? { ...where, ...why } : { ...why, ...where };
}

function toRejection(line: LogLine): Rejection {
  const { fields } = line;
  const rejection: { -readonly [K in keyof Rejection]: Rejection[K] } = {
    code: line.code,
    level: line.level,
    message: line.message,
  };
  if (fields['file'] !== undefined) rejection.file = fields['file'];
  if (fields['line'] !== undefined) rejection.asteriskLine = Number(fields['line']);
  if (fields['context'] !== undefined) rejection.context = fields['context'];
  if (fields['exten'] !== undefined) rejection.exten = fields['exten'];
  if (fields['priority'] !== undefined) rejection.priority = fields['priority'];
  if (fields['label'] !== undefined) rejection.label = fields['label'];
  if (fields['same'] === 'yes') rejection.isSame = true;
  if (fields['holder'] !== undefined) rejection.holder = fields['holder'];
  if (fields['value'] !== undefined) rejection.value = fields['value'];
  if (line.place !== undefined) rejection.place = line.place;
  return rejection;
}

/** Asterisk's words without its own place: its line number counts over several files. */
export function withoutPlace(message: string): string {
  return message.replace(/,? (?:in|at|for)? ?line -?\d+ of (?:file )?\/[^\s!]+/, '');
}
