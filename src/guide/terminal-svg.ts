import { escapeHtml } from './html.ts';
import { ansiToHtml, withoutAnsi } from './ansi.ts';

/** Width of a character and height of a line, in pixels. */
const COLUMN = 8.4;
const LINE = 19;
const MARGIN = 14;

const LIGHT = {
  ground: '#fbfbfa',
  text: '#1d1f23',
  dim: '#6b727c',
  red: '#c02c2c',
  green: '#1a7f42',
  yellow: '#93640a',
  blue: '#2f66c4',
};
const DARK = {
  ground: '#16181c',
  text: '#e4e6ea',
  dim: '#969da7',
  red: '#f0807c',
  green: '#58c47f',
  yellow: '#dfae55',
  blue: '#84abf2',
};

/**
 * Draws the screen of a terminal as one SVG file that loads nothing, for light and dark.
 * @param text lines with the colours of the terminal
 * @param title what is to be seen, for who cannot see it
 */
export function terminalSvg(text: string, title: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const columns = Math.max(...lines.map((line) => withoutAnsi(line).length));
  const width = Math.ceil(2 * MARGIN + columns * COLUMN);
  const height = 2 * MARGIN + lines.length * LINE;
  const rows = ansiToHtml(text)
    .split('\n')
    .map((row, at) => rowOf(row, withoutAnsi(lines[at] ?? ''), at));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(title)}">
<style>
text{font:14px ui-monospace,'SF Mono',Menlo,'DejaVu Sans Mono',Consolas,monospace;white-space:pre}
${style(LIGHT)}
@media (prefers-color-scheme:dark){${style(DARK)}}
</style>
<rect class="ground" width="${width}" height="${height}" rx="8"/>
${rows.join('\n')}
</svg>
`;
}

function rowOf(html: string, plain: string, at: number): string {
  if (plain === '') return '';
  const spans = html.replaceAll('<span class=', '<tspan class=').replaceAll('</span>', '</tspan>');
  const length = (plain.length * COLUMN).toFixed(1);
  const y = MARGIN + at * LINE + 14;
  return `<text x="${MARGIN}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs">${spans}</text>`;
}

function style({ ground, text, ...colours }: typeof LIGHT): string {
  const rules = Object.entries(colours).map(([name, colour]) => `.${name}{fill:${colour}}`);
  return `.ground{fill:${ground};stroke:${colours.dim};stroke-opacity:.35}text{fill:${text}}.bold{font-weight:700}${rules.join('')}`;
}
