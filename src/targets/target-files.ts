import type { InstalledFile } from '../stage/tree.ts';
import { sha256 } from '../git/sources.ts';
import { decodeName, encodeName } from '../support/file-name.ts';
import { quote } from '../support/quote.ts';
import { splitSections } from '../effects/sections.ts';
import type { Target } from './target.ts';

/** A file as it stands on a target. */
export interface FileFacts {
  /** As in StagedFile: SHA-256 of the bytes or of a link's text; `folder` for a folder. */
  readonly hash: string;
  readonly mode: number;
  /** When its content, mode or name changed last, in seconds by the target's clock. */
  readonly changed: number;
}

/** The state of a file that was put on a target. */
export type FileState = 'unchanged' | 'edited' | 'missing';

const READ_FILES = String.raw`xargs -0 sh -c '
for f; do
  if [ -L "$f" ]; then t=$(readlink "$f"; echo .); printf "L %s\0%s\0" "$f" "${'$'}{t%??}"
  elif [ -d "$f" ]; then printf "D %s\0\0" "$f"; fi
done
# a shell reads lines byte by byte
sha256sum -- "$@" 2>/dev/null | sed "s/^/H /;G" | tr "\n" "\0"
stat -c "%a %Z %.3Z %n" -- "$@" 2>/dev/null | sed "s/^/S /;G" | tr "\n" "\0"' sh || :`;

/** Reads files of a target, in one round trip; absent ones are left out. */
export async function readFiles(
  target: Target,
  paths: readonly string[],
): Promise<ReadonlyMap<string, FileFacts>> {
  if (paths.length === 0) return new Map();
  const names = paths.map((path) => `${target.root}${path}\0`).join('');
  const { stdout } = await target.run(READ_FILES, { input: encodeName(names) });
  const hashes = new Map<string, string>();
  const stats = new Map<string, { mode: number; changed: number }>();
  const fields = decodeName(stdout).split('\0');
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [what, text] = [fields[index]?.charAt(0), fields[index]?.slice(2) ?? ''];
    if (what === 'L') hashes.set(text, sha256(fields[index + 1] ?? ''));
    else if (what === 'D') hashes.set(text, 'folder');
    else if (what === 'H') noteHash(text, hashes);
    else if (what === 'S') noteStat(text, stats);
  }
  return new Map(
    paths.flatMap((path) => {
      const hash = hashes.get(`${target.root}${path}`);
      const stat = stats.get(`${target.root}${path}`);
      return hash === undefined ? [] : [[path, { hash, mode: stat?.mode ?? 0, changed: stat?.changed ?? 0 }]];
    }),
  );
}

/** How sha256sum writes what would break its lines. */
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r' };

/** A line of sha256sum; what a symbolic link leads to is not of interest. */
function noteHash(line: string, hashes: Map<string, string>): void {
  const match = /^(\\?)([0-9a-f]{64}) [ *](.+)$/s.exec(line);
  if (match === null) return;
  const [, escaped, hash = '', name = ''] = match;
  const file =
    escaped === '' ? name : name.replaceAll(/\\(.)/g, (_all, sign: string) => ESCAPED[sign] ?? sign);
  if (!hashes.has(file)) hashes.set(file, hash);
}

function noteStat(line: string, stats: Map<string, { mode: number; changed: number }>): void {
  const match = /^([0-7]+) (\d+) (\S+) (.+)$/s.exec(line);
  if (match === null) return;
  const [, mode = '', whole = '', exact = '', name = ''] = match;
  // a small stat knows whole seconds only
  const changed = /^\d+\.\d+$/.test(exact) ? Number(exact) : Number(whole);
  stats.set(name, { mode: Number.parseInt(mode, 8), changed });
}

/** Compares a file with what was put there. */
export function fileState(put: InstalledFile, now: FileFacts | undefined): FileState {
  if (now === undefined) return 'missing';
  return now.hash === (put.stands ?? put.hash) ? 'unchanged' : 'edited';
}

/** The text of files on a target; absent ones are left out. */
export async function readTexts(
  target: Target,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  const script = paths.map(
    (path, index) =>
      `[ ! -f "$R"${quote(path)} ] || { wdev_section ${index}; wdev_do cat -- "$R"${quote(path)}; }`,
  );
  const { stdout } = await target.run(script.join('; '));
  return new Map(
    splitSections(stdout.toString('utf8'), target.mark).map(({ name, text }) => [
      paths[Number(name)] ?? '',
      text,
    ]),
  );
}
