import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { encodeOctets } from '../../dialplan/read/octets.ts';

/** A line of Asterisk's log, as far as it comes to the file. */
export interface FileLine {
  readonly level: 'NOTICE' | 'WARNING' | 'ERROR' | 'VERBOSE';
  /** Source file of Asterisk that says it, e.g. `pbx_config.c`. */
  readonly source: string;
  readonly message: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A line as Asterisk writes it: `[Nov 20 10:24:53] WARNING[185] config.c: message`. */
export function formatLogLine(line: FileLine, thread: number, when: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = String(when.getDate()).padStart(2, ' ');
  const time = `${two(when.getHours())}:${two(when.getMinutes())}:${two(when.getSeconds())}`;
  return `[${MONTHS[when.getMonth()]} ${day} ${time}] ${line.level}[${thread}] ${line.source}: ${line.message}\n`;
}

/** Appends to the stack's /var/log/asterisk/full; the lines are in the file when this returns. */
export function appendLog(root: string, lines: readonly FileLine[], thread: number): void {
  if (lines.length === 0) return;
  const text = lines.map((line) => formatLogLine(line, thread, new Date())).join('');
  appendFileSync(path.join(root, 'var/log/asterisk/full'), encodeOctets(text));
}
