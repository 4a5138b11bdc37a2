import { writeFitted } from '../terminal/fit.ts';

/** Prints one JSON value, on one line. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/**
 * A printer of events for programs: one JSON object a line, each with `t`, the milliseconds since the printer was
 * made.
 */
export function eventPrinter(): (event: object) => void {
  const started = performance.now();
  return (event) => printJson({ ...event, t: Math.round(performance.now() - started) });
}

/** Prints lines for people, broken at words where the terminal ends. */
export function printLines(lines: readonly string[]): void {
  writeFitted(lines.map((line) => `${line}\n`).join(''));
}

/** Says on stderr what long work does, so that stdout can be piped. */
export function printProgress(text: string): void {
  process.stderr.write(`wdev: ${text}\n`);
}
