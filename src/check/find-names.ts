import type { Finding } from '../findings/finding.ts';
import { NAME_CHANGES, whatBecame, type NameChange } from '../wazo/renamed.ts';
import { atLeast } from '../wazo/versions.ts';

/** Texts by path, relative to the plugin's folder. */
export type Texts = Iterable<readonly [string, string]>;

/** Files that only talk about names. */
export const PROSE =
  /(?:^|\/)(?:README|CHANGELOG|CONTRIBUTING|LICENSE|AUTHORS)[^/]*$|\.(?:md|rst|txt)$|(?:^|\/)(?:tests?|doc|docs)\//i;

/** Names that an engine does not have any more. Comments are left out. */
export function nameFindings(texts: Texts, engine: string): readonly Finding[] {
  const rows = NAME_CHANGES.filter(({ since }) => atLeast(engine, since));
  const found: Finding[] = [];
  for (const [path, text] of texts) {
    if (PROSE.test(path)) continue;
    for (const row of rows.filter(({ files }) => files.test(path)))
      found.push(...inFile(path, text, row), ...inPath(path, row));
  }
  return found;
}

function inFile(path: string, text: string, row: NameChange): readonly Finding[] {
  return text.split('\n').flatMap((line, index): readonly Finding[] => {
    const code = withoutComment(line, path);
    return [...code.matchAll(row.pattern)]
      .slice(0, 1)
      .map((match) => finding(row, match[0], path, index + 1, match.index + 1));
  });
}

/** `etc/xivo-confd/conf.d/x.yml` lies where nothing reads it. */
function inPath(path: string, row: NameChange): readonly Finding[] {
  if (!path.startsWith('etc/')) return [];
  return [...path.matchAll(row.pattern)].slice(0, 1).map((match) => finding(row, match[0], path, 1, 1));
}

function finding(row: NameChange, name: string, file: string, line: number, column: number): Finding {
  const fixable = row.replacement !== undefined;
  return {
    code: `name-${row.kind}`,
    level: row.kind === 'deprecated' ? 'info' : 'error',
    message: `${name.replace(/\($/, '')} ${whatBecame(row, name)} (since ${row.since}).`,
    file,
    line,
    column,
    ...(fixable ? { help: 'wdev migrate changes it.', fixable } : {}),
    source: row.source,
  };
}

export function withoutComment(line: string, path: string): string {
  if (path.endsWith('.conf')) return line.replace(/(?<!\\);.*$/, '');
  return /^\s*#/.test(line) ? '' : line;
}
