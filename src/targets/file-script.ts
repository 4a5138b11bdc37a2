import type { StagedFile } from '../stage/tree.ts';
import type { Member } from './archive.ts';
import { journalWord, quoteAll } from '../support/quote.ts';

/** The files of a batch, and which of them are touched for the first time. */
export interface BatchFiles {
  readonly put: readonly StagedFile[];
  /** Installed paths. */
  readonly removed: readonly string[];
  /** Folders of the plugin alone, which go once they are empty; and others, which go if wdev made them. */
  readonly emptied: { readonly own: readonly string[]; readonly others: readonly string[] };
  /** Byte-code of sources that change, which goes with them. */
  readonly byteCode: readonly string[];
  /** Lines that name the packages of originals that are kept now. */
  readonly owners: readonly string[];
  /** Whether the original of a path must be kept for `wdev restore` now. */
  readonly isFresh: (path: string) => boolean;
  /** Whether wdev installed the path in an earlier batch. */
  readonly isOurs: (path: string) => boolean;
}

/** How many names one function of journal.sh is given. */
const AT_A_TIME = 200;

/** The archive that `filesScript` unpacks: each file in a folder `.wdev-new` beside its place. */
export function members(put: readonly StagedFile[]): readonly Member[] {
  return put
    .filter((file) => file.folder !== true)
    .map((file) => {
      const [folder, name] = split(file.path);
      return { name: `${folder}/.wdev-new/${name}`.slice(1), file };
    });
}

/**
 * A script that writes the journal, then puts the new files in place, each by a rename, and removes the old
 * ones. Its status tells whether all went well.
 */
export function filesScript(batch: BatchFiles): string {
  const { put, removed } = batch;
  const files = put.filter((file) => file.folder !== true).map(({ path }) => path);
  const folders = put.filter((file) => file.folder === true);
  const [first, last] = conflicting(removed, put);
  // what goes is kept first, so that it comes back last: a folder may take the place of a file; and a source that comes
  // back takes the byte-code there with it
  const { own, others } = batch.emptied;
  const emptied = [...own, ...others].sort((a, b) => a.length - b.length);
  const paths = [...batch.byteCode, ...removed, ...put.map(({ path }) => path), ...emptied];
  const steps = ['wdev_begin'];
  for (const words of grouped(paths)) steps.push(`wdev_keep_files ${words}`);
  // a folder that wdev made is none to give back
  const originals = paths.filter((path) => batch.isFresh(path) && !others.includes(path));
  for (const words of grouped(originals)) steps.push(`wdev_keep_original ${words}`);
  for (let at = 0; at < batch.owners.length; at += AT_A_TIME)
    steps.push(`wdev_owned ${quoteAll(batch.owners.slice(at, at + AT_A_TIME))}`);
  steps.push('wdev_change');
  for (const words of grouped(first)) steps.push(`wdev_drop_files ${words}`);
  // each by itself: the deepest must go first
  for (const folder of between(first, files)) steps.push(`wdev_drop_files ${grouped([folder]).join(' ')}`);
  const homes = [...new Set(files.map((path) => split(path)[0]))].map(journalWord).join(' ');
  if (files.length > 0) steps.push(`wdev_unpack ${homes}`);
  for (const words of grouped(files)) steps.push(`wdev_place ${words}`);
  if (files.length > 0) steps.push(`wdev_placed ${homes}`);
  for (const { path, mode } of folders) {
    const words = split(path).map(journalWord).join(' ');
    steps.push(`wdev_folder ${batch.isOurs(path) ? '=' : ''}${mode.toString(8)} ${words}`);
  }
  for (const words of grouped(last)) steps.push(`wdev_drop_files ${words}`);
  for (const path of emptied.toReversed())
    steps.push(`wdev_emptied ${own.includes(path) ? 'own' : 'made'} ${journalWord(path)}`);
  return steps.join(' && ');
}

/** Removed paths that stand in the way of new ones: a file where a folder comes, or the other way round. */
function conflicting(
  removed: readonly string[],
  put: readonly StagedFile[],
): readonly [readonly string[], readonly string[]] {
  const coming = new Set(put.map(({ path }) => path));
  const above = new Set(put.flatMap(({ path }) => foldersAbove(path)));
  const inTheWay = (path: string): boolean =>
    above.has(path) || foldersAbove(path).some((folder) => coming.has(folder));
  return [removed.filter(inTheWay), removed.filter((path) => !inTheWay(path))];
}

/** Folders of removed paths that become files, and those below them, the deepest first. */
function between(removed: readonly string[], files: readonly string[]): readonly string[] {
  const coming = new Set(files);
  const folders = new Set<string>();
  for (const path of removed) {
    const above = foldersAbove(path);
    const last = above.findIndex((folder) => coming.has(folder));
    for (const folder of above.slice(0, last + 1)) folders.add(folder);
  }
  return [...folders].sort((a, b) => b.length - a.length);
}

/** Those of a path, the innermost first. */
export function foldersAbove(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    found.push(path.slice(0, at));
  return found;
}

/** Paths by their folder, as arguments: "<folder> <name>...", a limited number at a time. */
export function grouped(paths: readonly string[]): readonly string[] {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const [folder, name] = split(path);
    const names = folders.get(folder);
    if (names === undefined) folders.set(folder, [name]);
    else names.push(name);
  }
  return [...folders].flatMap(([folder, names]) => {
    const chunks: string[] = [];
    for (let at = 0; at < names.length; at += AT_A_TIME) {
      const words = names.slice(at, at + AT_A_TIME).map(journalWord);
      chunks.push(`${journalWord(folder)} ${words.join(' ')}`);
    }
    return chunks;
  });
}

function split(path: string): readonly [string, string] {
  const at = path.lastIndexOf('/');
  return [path.slice(0, at), path.slice(at + 1)];
}
