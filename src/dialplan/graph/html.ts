import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { packageRoot } from '../../support/paths.ts';
import { readText } from '../../support/read-file.ts';
import { nightStyle } from './colours.ts';
import {
  type DotOptions,
  clusterFrame,
  dotBox,
  dotEnds,
  dotFrame,
  MANY_LINES,
  isBow,
  linkAttributes,
  linkColour,
  shortNames,
} from './dot.ts';
import { escapeMarkup } from './escape.ts';
import { refuseLarge, type Picture, type Row } from './picture.ts';

export interface PageOptions extends DotOptions {
  readonly title: string;
  /** The lines of each file, by its installed path. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
  /** The result of traced calls, in a few words. */
  readonly coverage?: string | undefined;
}

/** Rows that are open at the start; of more, the contexts are folded. */
const MOST_OPEN = 220;

/** Rows that a page shows unless somebody asks for more, and boxes, rows and lines that one may have. */
export const PAGE_ROWS = 10_000;
const MOST = 50_000;

/**
 * The picture as one page that loads nothing: it folds, zooms and searches, and shows the line of each row. Graphviz is
 * in it, and lays out what is open.
 * @param picture with all its rows
 * @throws UserError `graph-too-large`
 */
export function htmlOf(picture: Picture, options: PageOptions): string {
  refuseLarge(picture, MOST);
  const graphviz = readText(
    createRequire(import.meta.url)
      .resolve('@viz-js/viz')
      .replace(/viz\.cjs$/, 'viz-global.js'),
  );
  const script = asset('graph-panel.js') + asset('graph.js');
  const hashes = [graphviz, script].map(
    (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashes.join(' ')} 'wasm-unsafe-eval'`;
  const { title, coverage } = options;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(title)}</title>
<style>
${asset('graph.css')}
@media screen and (prefers-color-scheme: dark){
${nightStyle()}
}
</style>
</head>
<body>
<header>
<h1>${escapeMarkup(title)}</h1>
${coverage === undefined ? '' : `<p class="coverage">${escapeMarkup(coverage)}</p>`}
<form role="search"><input id="search" type="search" autocomplete="off" placeholder="Search  ( / )" aria-label="Search contexts, extensions and lines"></form>
<div class="buttons">
<button id="open" type="button">Open all</button><button id="fold" type="button">Fold all</button><button id="fit" type="button" title="0">Fit</button><button id="out" type="button" aria-label="Zoom out" title="-">−</button><button id="in" type="button" aria-label="Zoom in" title="+">+</button>
</div>
</header>
<main id="drawing" tabindex="0" aria-label="The dialplan: arrow keys move it, + and - zoom"><p class="wait">Drawing …</p></main>
<aside id="panel" aria-live="polite">${legend(picture.isTraced)}</aside>
<script id="data" type="application/json">${JSON.stringify(dataOf(picture, options)).replaceAll('<', String.raw`\u003c`)}</script>
<script>${graphviz}</script>
<script>${script}</script>
</body>
</html>
`;
}

function legend(isTraced: boolean): string {
  const line = (style: string, text: string): string => `<li><i class="${style}"></i>${text}</li>`;
  return `<div id="legend"><h2>How to read it</h2><ul>
${line('jump', 'a jump: Goto, GotoIf, …')}
${line('sub', 'a subroutine: there and back')}
${line('include', 'an include or switch: looked into')}
${line('leg', 'another leg of the call: Local channels, options of Dial')}
${line('jump dashed', 'only a call knows where it leads')}
${isTraced ? line('taken', 'traced calls went there') : ''}
</ul><p>Click a context to open or fold it, a row to see its line.</p></div><div id="detail"></div>`;
}

function dataOf({ boxes, links, isTraced }: Picture, options: PageOptions): object {
  const rows = boxes.reduce((sum, box) => sum + box.rows.length, 0);
  const files = [...new Set(boxes.flatMap(({ file }) => (file === undefined ? [] : [file])))];
  const short = shortNames(files.map((file) => options.nameOf(file)));
  return {
    frame: dotFrame(0),
    many: { from: MANY_LINES, frame: dotFrame(MANY_LINES) },
    clusters: files.length < 2 ? [] : short.map((name, at) => clusterFrame(at, name)),
    files: files.map((file, at) => ({
      name: options.nameOf(file),
      short: short[at],
      lines: options.sources.get(file) ?? [],
    })),
    open: rows <= MOST_OPEN,
    boxes: boxes.map((box) => ({
      id: box.id,
      kind: box.kind,
      title: box.title,
      summary: box.summary,
      file: box.file === undefined ? -1 : files.indexOf(box.file),
      line: box.line ?? 0,
      dot: dotBox(box, options),
      folded: dotBox({ ...box, rows: [] }, options),
      rows: box.rows.map((row) => rowData(row)),
    })),
    links: links.map((link) => ({
      from: link.from,
      to: link.to,
      ends: dotEnds(link),
      attributes: linkAttributes(link, isTraced),
      bow: isBow(link),
      colour: linkColour(link, isTraced),
      solid: link.isSolid,
      taken: link.taken ?? 0,
      why: link.reasons,
    })),
  };
}

function rowData({ port, kind, name, label, text, line, pill }: Row): object {
  return { port, kind, name, label, text, line, pill };
}

function asset(name: string): string {
  return readText(path.join(packageRoot(), 'src/dialplan/graph/assets', name));
}
