import { escapeMarkup } from './escape.ts';
import { LIGHT } from './colours.ts';
import { type Box, type End, type Link, type Picture, type Row, styleOf } from './picture.ts';

/** Characters of a row's text; the rest is in its tooltip. */
const WIDTH = 46;

export interface DotOptions {
  /** How a person knows a file, by its installed path. */
  readonly nameOf: (file: string) => string;
  /** The address of a line; undefined for none. */
  readonly linkOf?: ((file: string, line: number) => string) | undefined;
}

/** The picture in Graphviz's language. Names of others stand only in labels and tooltips, escaped. */
export function dotOf({ boxes, links, isTraced }: Picture, options: DotOptions): string {
  const drawn = links.filter((link) => !isBow(link)).map((link) => dotLink(link, isTraced));
  const { head, close } = dotFrame(drawn.length);
  return [head, ...clustersOf(boxes, options), ...drawn, close].join('\n');
}

interface Frame {
  readonly head: string;
  readonly close: string;
}

/** Lines from which on Graphviz, which looks for the best places, would take minutes: then fair ones do. */
export const MANY_LINES = 150;
const IN_TIME = 'nslimit=1, nslimit1=1, mclimit=0.3, splines=line, ';

/** The text around the boxes, for so many lines between them. */
export function dotFrame(lines: number): Frame {
  const pace = lines < MANY_LINES ? '' : IN_TIME;
  const font = 'fontname="Courier"';
  return {
    head: [
      'digraph dialplan {',
      `graph [${pace}rankdir=LR, bgcolor="transparent", pad=0.3, nodesep=0.28, ranksep=1.1, ${font}, fontsize=11, fontcolor="${LIGHT.muted}", tooltip=" "];`,
      `node [shape=plain, ${font}, fontsize=11, fontcolor="${LIGHT.text}", tooltip=" "];`,
      `edge [${font}, fontsize=9, arrowsize=0.6, penwidth=1.1, tooltip=" "];`,
    ].join('\n'),
    close: '}',
  };
}

/** The text around the boxes of one file. */
export function clusterFrame(at: number, name: string): Frame {
  const style = `labeljust=l; style="rounded,filled"; color="${LIGHT.frame}"; fillcolor="${LIGHT.group}"; margin=14;`;
  return { head: `subgraph cluster_${at} { label=${quoted(name)}; ${style}`, close: '}' };
}

/** Names of files without the folder that all of them lie in. */
export function shortNames(names: readonly string[]): readonly string[] {
  const folders = names.map((name) => name.split('/').slice(0, -1));
  const [first = [], ...others] = folders;
  const same = first.findIndex((part, at) => others.some((folder) => folder[at] !== part));
  const length = first.slice(0, same < 0 ? undefined : same).join('/').length;
  return names.map((name) => name.slice(length).replace(/^\//, ''));
}

/** Boxes in a cluster for each file, when there are several. */
function clustersOf(boxes: readonly Box[], options: DotOptions): string[] {
  const byFile = grouped(boxes);
  const files = [...byFile.keys()].filter((file) => file !== undefined);
  const names = shortNames(files.map((file) => options.nameOf(file)));
  return [...byFile].flatMap(([file, inside]) => {
    const drawn = inside.map((box) => dotBox(box, options));
    if (file === undefined || files.length < 2) return drawn;
    const at = files.indexOf(file);
    const { head, close } = clusterFrame(at, names[at] ?? '');
    return [head, ...drawn, close];
  });
}

function grouped(boxes: readonly Box[]): Map<string | undefined, Box[]> {
  const found = new Map<string | undefined, Box[]>();
  for (const box of boxes) {
    const known = found.get(box.file);
    if (known === undefined) found.set(box.file, [box]);
    else known.push(box);
  }
  return found;
}

/** One box: a table with a port for each row. */
export function dotBox(box: Box, options: DotOptions): string {
  const { id, kind, title, summary, rows } = box;
  if (kind !== 'context') {
    const colour = kind === 'missing' ? LIGHT.red : LIGHT.muted;
    const style = kind === 'outside' ? 'ROUNDED' : 'ROUNDED,DASHED';
    const shown = `<FONT COLOR="${colour}">${markup(short(title))}</FONT>`;
    const table = `<TABLE BORDER="1" CELLBORDER="0" CELLPADDING="5" STYLE="${style}" COLOR="${colour}"><TR><TD TITLE="${markup(`${title}: ${summary}`)}" HREF="#">${shown}</TD></TR></TABLE>`;
    return `${id} [id="${id}", class="${kind}", label=<${table}>];`;
  }
  const columns = 'COLSPAN="3"';
  const link = href(options, box.file, box.line);
  const bar = barOf(box.reached);
  const titleRow = `<TR>${bar}<TD ${columns} ALIGN="LEFT" PORT="t" ID="${id}-t"${rows.length === 0 ? '' : ` BORDER="1" SIDES="B" COLOR="${LIGHT.border}"`}${link} TITLE="${markup(`${title}: ${summary}`)}"><B>${markup(short(title))}</B>${EVEN}</TD></TR>`;
  const table = `<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" COLOR="${LIGHT.border}" BGCOLOR="${LIGHT.card}" STYLE="ROUNDED">${titleRow}${rows.map((row) => dotRow(row, box, options)).join('')}</TABLE>`;
  return `${id} [id="${id}", class="context", label=<${table}>];`;
}

function dotRow(row: Row, box: Box, options: DotOptions): string {
  const { kind, port, name, label, text, pill, reached } = row;
  const link = href(options, box.file, row.line);
  const title = `TITLE="${markup(`${name} ${text}`)}"`;
  const background = kind === 'extension' && text === '' ? ` BGCOLOR="${LIGHT.extension}"` : '';
  const colour = reached === false ? LIGHT.muted : kind === 'more' ? LIGHT.muted : LIGHT.text;
  const said =
    pill === undefined
      ? ''
      : `<FONT POINT-SIZE="9" COLOR="${pillColour(pill)}">${markup(short(pill))}</FONT>`;
  if (kind === 'extension') {
    const count = text === '' ? '' : `<FONT POINT-SIZE="9" COLOR="${LIGHT.muted}">  ${markup(text)}</FONT>`;
    return `<TR>${barOf(reached)}<TD ALIGN="LEFT" COLSPAN="2" PORT="${port}" ID="${port}"${background}${link} ${title}><FONT COLOR="${colour}"><B>${markup(short(name))}</B></FONT>${count}</TD><TD ALIGN="RIGHT"${background} PORT="${port}e">${said || ' '}</TD></TR>`;
  }
  const mark = label === undefined ? '' : ` <FONT COLOR="${LIGHT.violet}">${markup(short(label))}</FONT>`;
  return `<TR>${barOf(reached)}<TD ALIGN="LEFT" PORT="${port}" ID="${port}"${link} ${title}><FONT COLOR="${LIGHT.muted}">${markup(name.padStart(2))}</FONT>${mark || EVEN}</TD><TD ALIGN="LEFT"${link} ${title}><FONT COLOR="${colour}">${markup(short(text))}</FONT>${EVEN}</TD><TD ALIGN="RIGHT" PORT="${port}e">${said || ' '}</TD></TR>`;
}

/** Text of one piece stands lower than text of two. */
const EVEN = '<FONT POINT-SIZE="11"> </FONT>';

/** A bar beside what traced calls came to. */
function barOf(reached: boolean | undefined): string {
  if (reached === undefined) return '';
  // a colour of its own would cover the border of the box
  const colour = reached ? ` BGCOLOR="${LIGHT.green}"` : '';
  return `<TD WIDTH="4" CELLPADDING="0"${colour}></TD>`;
}

function pillColour(pill: string): string {
  if (pill === 'ends the call' || pill.startsWith('there is no')) return LIGHT.red;
  return pill === 'returns' ? LIGHT.violet : LIGHT.amber;
}

/** A traced call makes a line green; then those that none took step back. */
export function linkColour({ kind, taken = 0 }: Link, isTraced: boolean): string {
  if (isTraced) return taken > 0 ? LIGHT.green : LIGHT.faint;
  return { jump: LIGHT.blue, sub: LIGHT.violet, include: LIGHT.grey, leg: LIGHT.amber }[styleOf(kind)];
}

/** One line; a subroutine's leads there and back. */
function dotLink(link: Link, isTraced: boolean): string {
  const { from, to } = dotEnds(link);
  return `${from} -> ${to} [${linkAttributes(link, isTraced)}];`;
}

/** How a line looks, and what its tooltip says. */
export function linkAttributes(link: Link, isTraced: boolean): string {
  const { kind, isSolid, taken = 0, reasons } = link;
  const style = styleOf(kind);
  const told = reasons.slice(0, 6).join('\n') + (reasons.length > 6 ? `\n… ${reasons.length - 6} more` : '');
  return [
    `color="${linkColour(link, isTraced)}"`,
    `class="${style}${taken > 0 ? ' taken' : ''}"`,
    `tooltip=${quoted(isTraced ? `${told}\n${taken} times` : told)}`,
    ...(isSolid ? [] : ['style=dashed']),
    ...(style === 'sub' ? ['dir=both', 'arrowtail=odot'] : []),
    ...(style === 'include' ? ['arrowhead=empty', 'weight=0'] : []),
    ...(taken > 0 ? ['penwidth=2'] : []),
  ].join(', ');
}

/** Where a line begins and ends: at rows, and at the boxes when those are folded. */
export function dotEnds({ from, to }: Link): Readonly<Record<'from' | 'to' | 'fromBox' | 'toBox', string>> {
  return { from: tail(from), to: head(to), fromBox: tail({ box: from.box }), toBox: head({ box: to.box }) };
}

/** Whether a line joins two rows of one box: Graphviz would draw it as wide as the box. */
export function isBow({ from, to }: Link): boolean {
  return from.box === to.box;
}

function tail({ box, port }: End): string {
  return port === undefined ? `${box}${box.startsWith('c') ? ':t:e' : ''}` : `${box}:${port}e:e`;
}

function head({ box, port }: End): string {
  return port === undefined ? `${box}${box.startsWith('c') ? ':t:w' : ''}` : `${box}:${port}:w`;
}

function href({ linkOf }: DotOptions, file: string | undefined, line: number | undefined): string {
  const address = linkOf === undefined || file === undefined ? '#' : linkOf(file, line ?? 1);
  return ` HREF="${markup(address)}"`;
}

function short(text: string): string {
  const characters = Array.from(text);
  return characters.length <= WIDTH ? text : `${characters.slice(0, WIDTH - 1).join('')}…`;
}

function markup(text: string): string {
  return escapeMarkup(text) || ' ';
}

/** A string of DOT; in a tooltip Graphviz would replace `\N` and its like. */
function quoted(text: string): string {
  const shown = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll(/[\x00-\x1f\x7f]/g, '�');
  return `"${shown.replaceAll('&', '&amp;')}"`;
}
