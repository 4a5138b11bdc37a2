import { unpainted } from './paint.ts';
import { glued, unglued } from './unbroken.ts';

/** Breaks a text at spaces, not within commands, into lines of at most `width` columns; `first` and `rest` stand before them. */
export function wrap(text: string, width: number, first = '', rest = first): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of glued(text).split(/\s+/)) {
    if (!empty && unpainted(line).length + 1 + unpainted(word).length > width) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].map(unglued);
}
