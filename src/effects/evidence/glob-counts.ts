import { parseRejections } from '../../dialplan/read/rejections.ts';
import { quote } from '../../support/quote.ts';

/**
 * Installed path of a file → newlines of each file that Asterisk reads before it in the same glob. Asterisk
 * counts its lines on over the files of one glob, so its line numbers need this to become true ones.
 */
export type GlobCounts = ReadonlyMap<string, readonly number[]>;

/** The lines of files that a log names, as Asterisk counts them. */
export function loggedPlaces(log: string): readonly { readonly file: string; readonly line: number }[] {
  return [...log.matchAll(/\bline (\d+) of (\/\S+)/g)].map(([, line, file = '']) => ({
    file: file.replace(/[.,:;!]$/, ''),
    line: Number(line),
  }));
}

/** The folders of the files that Asterisk complained about in its logs; none when it did not. */
export function foldersToCount(logs: readonly string[]): readonly string[] {
  const named = logs.flatMap((log) => [
    ...parseRejections(log).flatMap(({ file }) => file ?? []),
    ...loggedPlaces(log).map(({ file }) => file),
  ]);
  return [...new Set(named.map((file) => file.slice(0, file.lastIndexOf('/'))))];
}

/** Prints the newlines and the name of each file that Asterisk reads in a folder, in its order. */
export function countScript(folder: string): string {
  const glob = folder.endsWith('/extensions_extra.d') ? '*' : '*.conf';
  return `cd "$R"${quote(folder)} && LC_ALL=C && export LC_ALL && for f in ${glob}; do [ ! -f "$f" ] || { wc -l <"$f"; printf '%s\\n' "$f"; }; done`;
}

/** Reads what `countScript` printed. */
export function readCounts(folder: string, printed: string): GlobCounts {
  const lines = printed.split('\n');
  const counts = new Map<string, readonly number[]>();
  const earlier: number[] = [];
  for (let index = 0; index + 1 < lines.length; index += 2) {
    counts.set(`${folder}/${lines[index + 1] ?? ''}`, [...earlier]);
    earlier.push(Number(lines[index]));
  }
  return counts;
}
