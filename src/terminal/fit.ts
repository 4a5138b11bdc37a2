import { wrapAnsi } from 'fast-wrap-ansi';

/** Columns of the terminal; endless where there is none. */
export function terminalWidth(): number {
  return process.stdout.columns ?? Infinity;
}

/**
 * Breaks a line, coloured or not, at its words where the terminal ends; what follows is set in a little more.
 * Without a terminal lines stay whole, so that programs find a finding in one line.
 * @param columns the terminal's width; endless where there is none
 */
export function fit(line: string, columns: number = terminalWidth()): readonly string[] {
  if (line.length <= columns) return [line];
  const indent = ' '.repeat(line.length - line.trimStart().length);
  const width = Math.max(20, columns - indent.length - 2);
  const [first = '', ...rest] = wrapAnsi(line.trimStart(), width, { trim: false, hard: false }).split('\n');
  return [`${indent}${first}`, ...rest.map((text) => `${indent}  ${text.trimStart()}`)].map((text) =>
    text.trimEnd(),
  );
}
