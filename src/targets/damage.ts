import { posix } from 'node:path';
import { sha256 } from '../git/content.ts';
import { sectionText, splitSections, type Section } from '../effects/sections.ts';
import { UserError } from '../support/errors.ts';
import { decodeName, encodeName } from '../support/file-name.ts';
import { journalName, journalPath } from '../support/quote.ts';
import type { Finding } from '../findings/finding.ts';
import type { InstalledFile } from '../stage/tree.ts';
import { readManifestText, STATE_FOLDER, type InstalledPlugin } from './manifest.ts';
import type { Target } from './target.ts';

/** Files that a sentence names. */
const NAMED = 3;

/** The records of a target, and which of them could not be read. */
export interface Records {
  readonly installed: readonly InstalledPlugin[];
  readonly touched: ReadonlySet<string>;
  /** A sentence for each record that is damaged. */
  readonly damage: readonly string[];
}

/**
 * Reads the list of originals and the manifests. Nothing is guessed: of a damaged one, the entries that are whole
 * count, and the rest is told.
 */
export function readRecords(touchedText: string, manifests: string): Records {
  const damage: string[] = [];
  const installed = manifests
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => readManifest(line, damage));
  const whole = touchedText.slice(0, touchedText.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').filter((line) => line !== '');
  const touched = new Set(lines.flatMap(touchedPath));
  const bad = lines.filter((line) => !isRecord(line)).length;
  const missing = installed.flatMap(putPaths).filter((path) => !touched.has(path));
  const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;
  if (missing.length > 0) damage.push(`the list of originals lacks ${some(missing)}`);
  if (bad > 0) damage.push(`the list of originals has ${count(bad, 'unreadable line')}`);
  return { installed, touched, damage };
}

/** The first names of a list, and how many more there are. */
function some(paths: readonly string[]): string {
  const more = paths.length - NAMED;
  return `${paths.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The files of a plugin that wdev put. */
function putPaths({ files }: InstalledPlugin): readonly string[] {
  return [...files].flatMap(([path, { found }]) => (found === true ? [] : [path]));
}

function isRecord(line: string): boolean {
  return /^(?:[AD] |[SM] \d+ )\/./s.test(line);
}

/** The path in a line of the list of originals. */
function touchedPath(line: string): readonly string[] {
  const path = /^(?:S \d+ |A |M \d+ )(\/.+)$/s.exec(line)?.[1];
  return path === undefined ? [] : [journalPath(path)];
}

function readManifest(text: string, damage: string[]): readonly InstalledPlugin[] {
  try {
    return [readManifestText(text)];
  } catch {
    const id = /^\{"id":"([\w.-]+\/[\w.-]+)"/.exec(text)?.[1];
    const files = wholeEntries(text);
    const what = id === undefined ? 'a record of a plugin' : `the record of ${id}`;
    damage.push(`${what} was cut off after ${files.size} files`);
    const version = /"version":"([^"\\]*)"/.exec(text)?.[1] ?? '';
    return id === undefined ? [] : [{ id, version, files }];
  }
}

/** The entries of a manifest that was cut off. */
function wholeEntries(text: string): ReadonlyMap<string, InstalledFile> {
  const entries = text.matchAll(
    /\["\/(?:[^"\\]|\\.)*","(?:[0-9a-f]{64}|folder)",\d+(?:,(?:null|"(?:[^"\\]|\\.)*"))*\]/g,
  );
  const list = [...entries].map(([entry]) => entry).join(',');
  return readManifestText(`{"id":"","version":"","files":[${list}]}`).files;
}

/** The error of a command that needs records which are damaged. */
export function recordsDamaged(target: Target, damage: readonly string[]): UserError {
  return new UserError(
    'target-state-damaged',
    `target ${target.id}: the records of wdev in ${target.root}${STATE_FOLDER} are damaged: ${damage.join('; ')}`,
    {
      help: 'Nothing was changed. Run wdev restore: it restores what it still can, and names the rest.',
    },
  );
}

/** Told by a restore that had to do without a part of the records. */
export function damageFinding(damage: readonly string[]): Finding {
  return {
    code: 'target-record-damaged',
    level: 'warning',
    message: `Restored as far as the damaged records of wdev on the target allow: ${damage.join('; ')}`,
    help: 'Compare with a backup of the server, or reinstall the packages of these files (dpkg -V lists what differs).',
  };
}

const LOOK =
  'wdev_section touched; [ ! -f "$S/touched" ] || cat "$S/touched"; wdev_section originals; for d in "$S"/original/*.dir; do [ ! -f "$d" ] || for f in "${d%.dir}"/* "${d%.dir}"/.[!.]*; do { [ ! -e "$f" ] && [ ! -L "$f" ]; } || { __n=${d##*/}; printf "%s %s/" "${__n%.dir}" "$(cat "$d")"; printf "%s\\n" "${f##*/}"; }; done; done';

/**
 * Writes the list of originals anew, from its whole lines and from what is kept of each installed file.
 * @returns the paths in it
 */
export async function rewriteTouched(
  target: Target,
  installed: readonly InstalledPlugin[],
): Promise<readonly string[]> {
  const { stdout } = await target.run(LOOK);
  const sections = splitSections(decodeName(stdout), target.mark);
  const lines = listLines(sections, installed);
  const text = encodeName(lines.map((line) => `${line}\n`).join(''));
  const { status, stderr } = await target.run(`wdev_take "$S/touched" ${sha256(text)}`, { input: text });
  if (status !== 0) throw recordsDamaged(target, [stderr.toString('utf8').trim()]);
  return lines.flatMap(touchedPath);
}

function listLines(sections: readonly Section[], installed: readonly InstalledPlugin[]): readonly string[] {
  const kept = new Map(
    sectionText(sections, 'originals')
      .split('\n')
      .flatMap((line) => {
        const [, number, path] = /^(\d+) (\/.+)$/s.exec(line) ?? [];
        return number === undefined || path === undefined ? [] : [[path, Number(number)] as const];
      })
      // one that is kept twice was kept for a batch that was rolled back, first
      .sort(([, a], [, b]) => a - b),
  );
  const lines = sectionText(sections, 'touched').split('\n').filter(isRecord);
  const known = new Set(lines.flatMap(touchedPath));
  const paths = new Set(installed.flatMap(putPaths));
  const added = [...paths]
    .filter((path) => !known.has(path))
    .map((path) => {
      const word = `${journalName(posix.dirname(path))}/${journalName(posix.basename(path))}`;
      const number = kept.get(word);
      return number === undefined ? `A ${word}` : `S ${number} ${word}`;
    });
  return [...lines, ...added];
}
