import { wrapAnsi } from 'fast-wrap-ansi';
import { glued, unglued } from './unbroken.ts';

/**
 * Breaks a line, coloured or not, at its words where the terminal ends; what follows is set in a little more. A command
 * stays whole, and a number with its unit.
 * Without a terminal lines stay whole, so that programs find a finding in one line.
 * @param columns the terminal's width; endless where there is none
 */
export function fit(line: string, columns: number): readonly string[] {
  if (line.length <= columns) return [line];
  // a colour may begin before the blanks
  const [, colours = '', indent = '', text = ''] = /^((?:\u001b\[[\d;]*m)*)( *)([\s\S]*)$/.exec(line) ?? [];
  const width = Math.max(20, columns - indent.length - 2);
  const [first = '', ...rest] = wrapAnsi(colours + glued(text), width, { trim: false, hard: false }).split(
    '\n',
  );
  const following = rest.map((more) => `${indent}  ${more.replace(/^((?:\u001b\[[\d;]*m)*) +/, '$1')}`);
  return [`${indent}${first}`, ...following].map((one) => unglued(one).trimEnd());
}
