/**
 * Colours, as marks that nobody else can write: they carry a key of this process. What prints a line (output.ts) makes
 * every other escape in it visible, and these real, or takes them out where the stream shows no colours.
 */

import type { ChalkInstance } from 'chalk';
import { visible } from '../support/visible.ts';

interface Screen {
  readonly isTTY?: boolean;
  hasColors?(): boolean;
}

/** FORCE_COLOR counts for more than NO_COLOR, as in Node itself. */
export function showsColours(stream: Screen): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: none = '' } = process.env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return none === '' && stream.isTTY === true && stream.hasColors?.() === true;
}

interface Colours {
  /** The beginning of each mark. */
  readonly key: string;
  readonly mark: RegExp;
  readonly codes: ChalkInstance;
}

let colours: Colours | undefined;

/** To be awaited before anything is painted; a start that shows no colours does not load what makes them. */
export async function loadColours(): Promise<void> {
  if (colours !== undefined || !(showsColours(process.stdout) || showsColours(process.stderr))) return;
  const [{ Chalk }, { randomBytes }] = await Promise.all([import('chalk'), import('node:crypto')]);
  const key = `\u001b${randomBytes(8).toString('hex')}:`;
  colours = { key, mark: new RegExp(`${key}(\\d+)m`), codes: new Chalk({ level: 1 }) };
}

type Style = 'bold' | 'dim' | 'underline' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

function style(name: Style): (text: string) => string {
  return (text) => {
    if (colours === undefined) return text;
    const { codes, key } = colours;
    const [on = '', off = ''] = codes[name](' ').split(' ');
    const [open, close] = [on, off].map((code) => code.replace('\u001b[', key)) as [string, string];
    // what is painted inside ends its own colour, not this one
    return open + text.replaceAll(close, close + open) + close;
  };
}

export const paint: Readonly<Record<Style, (text: string) => string>> = {
  bold: style('bold'),
  dim: style('dim'),
  underline: style('underline'),
  red: style('red'),
  green: style('green'),
  yellow: style('yellow'),
  blue: style('blue'),
  magenta: style('magenta'),
  cyan: style('cyan'),
};

/**
 * A line as it goes to the stream: safe to show, with our own colours.
 * @param shown whether the stream shows colours
 * @param keep as in `visible`
 */
export function rendered(line: string, shown: boolean, keep = ''): string {
  if (colours === undefined || !line.includes(colours.key)) return visible(line, keep);
  return line
    .split(colours.mark)
    .map((piece, index) => {
      if (index % 2 === 0) return visible(piece, keep);
      return shown ? `\u001b[${piece}m` : '';
    })
    .join('');
}

/** A text without its colours. */
export function unpainted(text: string): string {
  if (colours === undefined || !text.includes(colours.key)) return text;
  return text
    .split(colours.mark)
    .filter((_piece, index) => index % 2 === 0)
    .join('');
}
