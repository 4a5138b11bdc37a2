import { parseRejections } from '../../dialplan/read/rejections.ts';
import type { EffectOutcome } from '../outcomes.ts';
import { quote } from '../../support/quote.ts';
import type { Target } from '../../targets/target.ts';

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

/** Measures the files beside those that Asterisk complained about; nothing is asked when it did not. */
export async function readGlobCounts(
  target: Target,
  outcomes: readonly EffectOutcome[],
): Promise<GlobCounts> {
  const named = outcomes.flatMap(({ log }) => [
    ...parseRejections(log).flatMap(({ file }) => file ?? []),
    ...loggedPlaces(log).map(({ file }) => file),
  ]);
  const counts = new Map<string, readonly number[]>();
  for (const folder of new Set(named.map((file) => file.slice(0, file.lastIndexOf('/'))))) {
    const glob = folder.endsWith('/extensions_extra.d') ? '*' : '*.conf';
    const script = `cd "$R"${quote(folder)} && LC_ALL=C && export LC_ALL && for f in ${glob}; do [ ! -f "$f" ] || { wc -l <"$f"; printf '%s\\n' "$f"; }; done`;
    const { stdout } = await target.run(script);
    const lines = stdout.toString('utf8').split('\n');
    const earlier: number[] = [];
    for (let index = 0; index + 1 < lines.length; index += 2) {
      counts.set(`${folder}/${lines[index + 1] ?? ''}`, [...earlier]);
      earlier.push(Number(lines[index]));
    }
  }
  return counts;
}
