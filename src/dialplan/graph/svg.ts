import { withBows } from './bows.ts';
import { nightStyle } from './colours.ts';
import { type DotOptions, dotOf } from './dot.ts';
import type { Picture } from './picture.ts';

const FONTS = "ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', Consolas, monospace";

const STYLE = `text{font-family:${FONTS};transform:translateY(2px)}
svg{background:#fdfdfc}
@media (prefers-color-scheme: dark){svg{background:#131417}
${nightStyle()}}`;

/** The picture as one SVG file that loads nothing, for light and dark. */
export async function svgOf(picture: Picture, options: DotOptions): Promise<string> {
  return withStyle(withBows(await layout(dotOf(picture, options)), picture));
}

/** Graphviz's drawing of a DOT text. */
async function layout(dot: string): Promise<string> {
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  return viz.renderString(dot, { format: 'svg', engine: 'dot' });
}

function withStyle(svg: string): string {
  return svg
    .replace(/^[\s\S]*?(?=<svg)/, '')
    .replace(/(<svg[^>]*>)/, `$1\n<style>${STYLE}</style>`)
    .replaceAll(' font-family="Courier"', '')
    .replaceAll('<a xlink:href="#"', '<a');
}
