/**
 * The one place that writes to standard output and standard error. Text of others comes out visible whatever it holds
 * (support/visible.ts), in colour only by our own marks (paint.ts): nobody who prints has to think of it.
 */

import type { WriteStream } from 'node:tty';
import { encodeName } from '../support/file-name.ts';
import { jsonText } from '../support/visible.ts';
import { fit } from './fit.ts';
import { rendered, showsColours, unpainted } from './paint.ts';

/** The longest line that a person reads; of a longer one the rest is counted. */
const LONGEST = 10_000;

interface LineOptions {
  /** Whether a line that is wider than the terminal is broken at its words; true by default. */
  readonly fit?: boolean;
}

/** Prints lines for people; a line break within one of them is shown as `\n`. */
export function print(lines: readonly string[], options: LineOptions = {}): void {
  writeLines(process.stdout, lines, options);
}

/** Prints lines for people on stderr: errors, and what stands beside an output that can be piped. */
export function printAside(lines: readonly string[], options: LineOptions = {}): void {
  writeLines(process.stderr, lines, options);
}

/** Says on stderr what long work does, so that stdout can be piped. */
export function printProgress(text: string): void {
  printAside([`wdev: ${text}`]);
}

/**
 * Prints a content that people read and programs take: on a terminal (or in colour) as lines for people are, but never
 * broken; otherwise its bytes.
 * @param paint gives the colours of a line
 */
export function printContent(text: string, paint: (line: string) => string = (line) => line): void {
  removeMoving();
  const colours = showsColours(process.stdout);
  if (!process.stdout.isTTY && !colours) {
    process.stdout.write(encodeName(text));
    return;
  }
  const lines = text.split('\n').map((line) => rendered(paint(line), colours, '\t'));
  process.stdout.write(lines.join('\n'));
}

/** Prints what programs read, escaped by the rules of its own format. */
export function printFormat(text: string): void {
  removeMoving();
  process.stdout.write(text);
}

/** Prints one JSON value, on one line. */
export function printJson(value: unknown): void {
  printFormat(`${jsonText(value)}\n`);
}

/**
 * A printer of events for programs: one JSON object a line, each with `t`, the milliseconds since the printer was
 * made.
 */
export function eventPrinter(): (event: object) => void {
  const started = performance.now();
  return (event) => printJson({ ...event, t: Math.round(performance.now() - started) });
}

/** Whether long work may be told in a line of stderr that changes. */
export function canMove(): boolean {
  return process.stderr.isTTY && process.env['TERM'] !== 'dumb';
}

/** Whether the last line of stderr is one that changes. */
let isMoving = false;

/** Shows a text in place of the one that stands in the last line of stderr; none removes it. */
export function moveTo(text: string): void {
  if (text === '' && !isMoving) return;
  isMoving = text !== '';
  const line = unpainted(rendered(text, false)).slice(0, Math.max(0, columnsOf(process.stderr) - 1));
  process.stderr.write(`\r${line}\u001b[K`);
}

/** Makes room for lines that stay. */
function removeMoving(): void {
  if (isMoving) moveTo('');
}

/** Rings the terminal's bell; not in what may be piped on. */
export function ringBell(): void {
  process.stderr.write('\u0007');
}

export function clearScreen(): void {
  removeMoving();
  process.stdout.write('\u001b[2J\u001b[H');
}

/** Whether a person can be asked. */
export function isTerminal(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** Columns of a terminal; endless where there is none, and where its size is unknown: 0. */
export function columnsOf(stream: WriteStream): number {
  return stream.columns > 0 ? stream.columns : Infinity;
}

function writeLines(stream: WriteStream, lines: readonly string[], options: LineOptions): void {
  if (lines.length === 0) return;
  removeMoving();
  const colours = showsColours(stream);
  const columns = options.fit === false ? Infinity : columnsOf(stream);
  const shown = lines.flatMap((line) => fit(inert(rendered(shortened(line), colours)), columns));
  stream.write(shown.map((line) => `${line}\n`).join(''));
}

function shortened(line: string): string {
  if (line.length <= LONGEST) return line;
  const text = unpainted(line);
  return text.length <= LONGEST
    ? line
    : `${text.slice(0, LONGEST)}… and ${text.length - LONGEST} more characters`;
}

/** Runners of CI obey lines like `::add-mask::` and `##vso[…]` in the log of a step. */
function inert(line: string): string {
  if ((process.env['CI'] ?? '') === '') return line;
  return line.replace(/^(\s*):(?=:)/, '$1\\x3a').replaceAll(/#(?=#\w*\[)/g, String.raw`\x23`);
}
