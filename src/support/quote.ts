import path from 'node:path';

/** Quotes a word for a POSIX shell: single quotes, which nothing can leave but a single quote itself. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

/** A path as the functions of journal.sh take it: on one line, whatever it is. */
export function journalWord(path: string): string {
  return quote(journalName(path));
}

/** A path as it stands in a line of a journal. */
export function journalName(path: string): string {
  return path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** The path that stands in a line of a journal. */
export function journalPath(text: string): string {
  return text.replace(/\\([\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** A folder as a person can type it behind a command. */
export function typedPath(dir: string): string {
  const relative = path.relative('.', dir) || '.';
  return quote(relative.startsWith('..') ? dir : relative.startsWith('-') ? `./${relative}` : relative);
}
