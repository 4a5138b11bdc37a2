import { block, escapeHtml, slug } from './html.ts';

/** Files of the project that the guide has no page for. */
const ELSEWHERE = /^(?:[\w-]+\/)*[A-Z]+\.md$/;

/**
 * The part of Markdown that README.md uses: headings, paragraphs, lists, tables, fenced code, `code`, links.
 * A heading of level 2 becomes one of level 3 below the guide's own. A line that is a picture is passed over.
 * @param within begins the address of each heading
 */
export function markdownToHtml(text: string, within = 'start'): string {
  const html: string[] = [];
  const lines = text.split('\n');
  while (lines.length > 0) {
    const line = lines[0] ?? '';
    if (line.trim() === '' || line.startsWith('![')) lines.shift();
    else if (line.startsWith('```')) html.push(fenced(lines));
    else if (line.startsWith('#')) html.push(heading(lines.shift() ?? '', within));
    else if (line.startsWith('- ')) html.push(bullets(taken(lines, (next) => /^(- | {2})/.test(next))));
    else if (line.startsWith('|')) html.push(table(taken(lines, (next) => next.startsWith('|'))));
    else html.push(`<p>${inline(taken(lines, (next) => !/^(\s*$|```|#|- |\|)/.test(next)).join(' '))}</p>`);
  }
  return html.join('\n');
}

function taken(lines: string[], goesOn: (line: string) => boolean): readonly string[] {
  const end = lines.findIndex((line) => !goesOn(line));
  return lines.splice(0, end < 0 ? lines.length : Math.max(end, 1));
}

function fenced(lines: string[]): string {
  const needsServer = lines.shift()?.endsWith(' server') === true;
  const body = lines.splice(0, Math.max(lines.indexOf('```'), 0));
  lines.shift();
  const commands = block(escapeHtml(body.join('\n')), 'commands');
  return needsServer ? `<p class="quiet">on a server</p>${commands}` : commands;
}

function heading(line: string, within: string): string {
  const title = line.replace(/^#+ */, '');
  return `<h3 id="${slug(within, title)}">${inline(title)}</h3>`;
}

function bullets(lines: readonly string[]): string {
  const items = lines.join('\n').split(/^- /m).slice(1);
  return `<ul>${items.map((item) => `<li>${inline(item.replaceAll(/\s+/g, ' ').trim())}</li>`).join('')}</ul>`;
}

function table(lines: readonly string[]): string {
  const rows = lines
    .filter((line) => !/^\|[ :|-]+\|$/.test(line))
    .map((line) => line.split('|').slice(1, -1));
  const html = rows.map((cells, index) => {
    const tag = index === 0 ? 'th' : 'td';
    return `<tr>${cells.map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`).join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="table"><table>${html.join('')}</table></div>`;
}

function inline(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((piece) => (piece.startsWith('`') ? `<code>${escapeHtml(piece.slice(1, -1))}</code>` : links(piece)))
    .join('');
}

function links(text: string): string {
  return escapeHtml(text).replaceAll(/\[([^[\]]+)\]\(([^)]+)\)/g, (_all, title: string, address: string) =>
    ELSEWHERE.test(address) ? `<em>${title}</em>` : `<a href="${address}">${title}</a>`,
  );
}
