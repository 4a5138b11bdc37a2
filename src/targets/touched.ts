import { encodeName } from '../support/file-name.ts';
import { journalPath } from '../support/quote.ts';

/** A line of the list of paths that wdev ever touched on a target; see journal.sh. */
export interface TouchedRecord {
  /**
   * S: the file was there, its old self is kept; A: there was nothing; M: a folder with this mode was there;
   * D: there was no such folder.
   */
  readonly kind: 'S' | 'A' | 'M' | 'D';
  readonly path: string;
  readonly line: string;
  /** Of an S line: the kept file, relative to the folder of originals. */
  readonly kept: string;
}

/** The list, split into what belongs to one plugin and what stays. */
export interface TouchedRecords {
  readonly own: readonly TouchedRecord[];
  readonly rest: readonly TouchedRecord[];
  /** All folders that wdev made: they go when they are empty. */
  readonly folders: readonly TouchedRecord[];
  /** Kept files that are not needed any more. */
  readonly originals: readonly string[];
  /** Whether nothing that wdev touched remains. */
  readonly empty: boolean;
  /** Length of the first part of recordText. */
  readonly ownBytes: number;
}

/** Splits the list. What someone else edited stays in it: it is not overwritten later either. */
export function ownRecords(text: string, paths: readonly string[]): TouchedRecords {
  const mine = new Set(paths);
  const records = readRecords(text);
  const own = records.filter(({ kind, path }) => kind !== 'D' && mine.has(path));
  const folders = records.filter(({ kind }) => kind === 'D');
  const rest = records.filter(({ kind, path }) => kind === 'D' || !mine.has(path));
  const empty = rest.every(({ kind }) => kind === 'D');
  const originals = own.flatMap(({ kind, kept }) => (kind === 'S' ? [kept] : []));
  const list = { own, rest, folders, originals, empty };
  return { ...list, ownBytes: offText(list).length };
}

/** All records of the list. */
export function readRecords(text: string): readonly TouchedRecord[] {
  return text.split('\n').flatMap(readRecord);
}

function readRecord(line: string): readonly TouchedRecord[] {
  const match = /^(?:([SM]) (\d+)|([AD])) (\/.*)$/s.exec(line);
  if (match === null) return [];
  const [, numbered = '', number = '', other = '', name = ''] = match;
  const path = journalPath(name);
  const kept = numbered === 'S' ? `${number}/${path.slice(path.lastIndexOf('/') + 1)}` : '';
  return [{ kind: (numbered || other) as TouchedRecord['kind'], path, line, kept }];
}

function offText({ own, folders }: Pick<TouchedRecords, 'own' | 'folders'>): Buffer {
  return encodeName([...folders, ...own].map(({ line }) => `${line}\n`).join(''));
}

/** The lines that undo the plugin's part, then the rest of the list: the input of a removal. */
export function recordText(records: TouchedRecords): Buffer {
  return Buffer.concat([offText(records), encodeName(records.rest.map(({ line }) => `${line}\n`).join(''))]);
}
