import { LIGHT } from './colours.ts';
import { type Picture, type Row, styleOf } from './picture.ts';

/** The picture as a Mermaid flowchart, for pages that draw it themselves, as GitHub does. */
export function mermaidOf({ boxes, links }: Picture): string {
  const names = new Map<string, string>();
  const name = (box: string, port: string | undefined): string => {
    const key = `${box} ${port ?? ''}`;
    const known = names.get(key) ?? (port === undefined ? box : `${box}r${names.size}`);
    names.set(key, known);
    return known;
  };
  const drawn = boxes.flatMap((box) => {
    if (box.kind !== 'context') return [`  ${box.id}(["${text(box.title)}"]):::${box.kind}`];
    if (box.rows.length === 0) return [`  ${box.id}["${text(box.title)}"]`];
    const rows = box.rows.map((row) => `    ${name(box.id, row.port)}["${text(rowText(row))}"]`);
    const order = box.rows.slice(1).flatMap((row, at) => {
      const before = box.rows[at];
      if (before === undefined || row.kind === 'extension') return [];
      return [`    ${name(box.id, before.port)} --- ${name(box.id, row.port)}`];
    });
    return [`  subgraph ${box.id}["${text(box.title)}"]`, ...rows, ...order, '  end'];
  });
  const arrows = links.map(({ from, to, kind, isSolid, reasons: [reason = ''] }) => {
    const arrow = { jump: '-->', sub: 'o--o', include: '-->', leg: '-->' }[styleOf(kind)];
    const line = isSolid ? arrow : '-.->';
    return `  ${name(from.box, from.port)} ${line}|"${text(reason)}"| ${name(to.box, to.port)}`;
  });
  return [
    'flowchart LR',
    ...drawn,
    ...arrows,
    '  classDef computed stroke-dasharray: 4 4',
    `  classDef missing stroke:${LIGHT.red},stroke-dasharray: 4 4`,
    `  classDef outside stroke:${LIGHT.grey}`,
    '',
  ].join('\n');
}

function rowText({ kind, name, label, text: said, pill }: Row): string {
  if (kind === 'extension') return pill === undefined ? name : `${name}: ${pill}`;
  return `${name}${label === undefined ? '' : ` (${label})`} ${said}`;
}

/**
 * A quoted text of Mermaid: entities for all that it, Markdown or HTML would read. Of a colon behind the word style it
 * drops the end of the last entity.
 */
function text(value: string): string {
  const characters = Array.from(value);
  const shown = characters.length <= 60 ? characters : [...characters.slice(0, 59), '…'];
  return shown
    .map((char) =>
      /[\p{L}\p{N} .,/=?_…-]/u.test(char)
        ? char
        : /[\p{Cc}\p{Cs}]/u.test(char)
          ? ' '
          : `#${char.codePointAt(0)};`,
    )
    .join('');
}
