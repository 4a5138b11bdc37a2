import { escapeHtml } from './html.ts';

/** Select Graphic Rendition codes that our own output uses, as CSS classes; 0 and the codes that end them. */
const ON: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  4: 'underline',
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
  35: 'magenta',
  36: 'cyan',
};

const OFF: Readonly<Record<number, readonly string[]>> = {
  22: ['bold', 'dim'],
  24: ['underline'],
  39: ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'],
};

/** A program's output as a terminal shows it, in HTML: colours become classes. */
export function ansiToHtml(text: string): string {
  const classes = new Set<string>();
  let html = '';
  for (const [index, piece] of text.split(/\u001b\[([0-9;]*)m/).entries()) {
    if (index % 2 === 1) turn(classes, piece);
    else if (piece !== '') {
      const shown = escapeHtml(piece);
      html += classes.size === 0 ? shown : `<span class="${[...classes].join(' ')}">${shown}</span>`;
    }
  }
  return html;
}

/** The text without its colours. */
export function withoutAnsi(text: string): string {
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '');
}

function turn(classes: Set<string>, codes: string): void {
  for (const code of codes.split(';').map(Number)) {
    const on = ON[code];
    if (on !== undefined) classes.add(on);
    else for (const name of OFF[code] ?? classes) classes.delete(name);
  }
}
