import { isBow, linkColour } from './dot.ts';
import { escapeMarkup } from './escape.ts';
import type { Picture } from './picture.ts';

/** Draws the lines within boxes into Graphviz's drawing: bows at the right side, short jumps inside of long ones. */
export function withBows(svg: string, { links, isTraced }: Picture): string {
  const bows = links.filter(isBow);
  if (bows.length === 0) return svg;
  const rows = rowHeights(svg);
  const edges = rightEdges(svg);
  const lanes = new Map<string, [number, number][][]>();
  const drawn = bows
    .map((link) => ({ link, top: rows.get(link.from.port ?? ''), bottom: rows.get(link.to.port ?? '') }))
    .sort((a, b) => Math.abs((a.top ?? 0) - (a.bottom ?? 0)) - Math.abs((b.top ?? 0) - (b.bottom ?? 0)))
    .map(({ link, top, bottom }) => {
      const x = edges.get(link.from.box);
      if (x === undefined || top === undefined || bottom === undefined) return '';
      const lane = freeLane(lanes, link.from.box, Math.min(top, bottom), Math.max(top, bottom));
      const colour = linkColour(link, isTraced);
      const reach = x + 14 + 9 * Math.min(lane, 9);
      const dash = link.isSolid ? '' : ' stroke-dasharray="5,3"';
      const width = (link.taken ?? 0) > 0 ? 2 : 1.1;
      const path = `M${x},${top + 2}C${reach},${top + 2} ${reach},${bottom - 2} ${x + 7},${bottom - 2}`;
      const head = `${x},${bottom - 2} ${x + 7},${bottom - 4.6} ${x + 7},${bottom + 0.6}`;
      return (
        `<g class="edge bow"><title>${escapeMarkup(link.reasons.join('; '))}</title>` +
        `<path fill="none" stroke="${colour}" stroke-width="${width}"${dash} d="${path}"/>` +
        `<polygon fill="${colour}" stroke="${colour}" points="${head}"/></g>`
      );
    });
  return svg.replace(/<\/g>\s*<\/svg>\s*$/, () => `${drawn.join('\n')}\n</g>\n</svg>\n`);
}

/** The first lane in which no other bow of the box lies. */
function freeLane(
  lanes: Map<string, [number, number][][]>,
  box: string,
  top: number,
  bottom: number,
): number {
  const own = lanes.get(box) ?? [];
  lanes.set(box, own);
  let lane = own.findIndex((taken) => taken.every(([from, to]) => bottom <= from || top >= to));
  if (lane < 0) lane = own.push([]) - 1;
  own[lane]?.push([top, bottom]);
  return lane;
}

/** The middle of each row, by its port. */
function rowHeights(svg: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [, port = '', y] of svg.matchAll(/<g id="a_(p[a-z0-9]+)">[\s\S]*?<text [^>]*? y="(-?[\d.]+)"/g))
    found.set(port, Number(y) - 3);
  return found;
}

/** Where each box ends at the right. */
function rightEdges(svg: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [, box = '', inside = ''] of svg.matchAll(
    /<g id="(c\d+)" class="node[^"]*">([\s\S]*?)<\/g>\s*(?=<!--|<g id="[cop]\d|<\/g>\s*<\/svg>)/g,
  )) {
    const border = /<path fill="none" stroke="#d8d5ce" d="([^"]*)"/.exec(inside)?.[1] ?? '';
    const right = Math.max(...[...border.matchAll(/(-?[\d.]+),-?[\d.]+/g)].map(([, x]) => Number(x)));
    if (Number.isFinite(right)) found.set(box, right);
  }
  return found;
}
