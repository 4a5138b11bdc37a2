import type { Subject } from './subject.ts';

/** Files that only talk about names. */
const PROSE =
  /(?:^|\/)(?:README|CHANGELOG|CONTRIBUTING|LICENSE|AUTHORS)[^/]*$|\.(?:md|rst|txt)$|(?:^|\/)(?:tests?|doc|docs)\//i;

export function isProse(path: string): boolean {
  return PROSE.test(path);
}

export interface CodeLine {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** Without its comment. */
  readonly text: string;
}

/** The lines of a plugin's files that are no prose and no comment. */
export function* codeLines({ files }: Pick<Subject, 'files'>): Iterable<CodeLine> {
  for (const { path, lines, link } of files.values()) {
    if (link !== undefined || isProse(path)) continue;
    for (const [index, written] of lines.entries())
      yield { file: path, line: index + 1, text: withoutComment(written, path) };
  }
}

function withoutComment(line: string, path: string): string {
  if (path.endsWith('.conf')) return line.replace(/(?<!\\);[^]*$/, '');
  return /^\s*#(?!!)/.test(line) ? '' : line;
}
