import { sha256 } from '../git/content.ts';
import { readEntryPoints } from '../status/status.ts';
import type { StagedFile, StagedTree, TreeDifference } from '../stage/tree.ts';
import { sectionText, splitSections } from '../effects/sections.ts';
import { decodeName, encodeName } from '../support/file-name.ts';
import { quote } from '../support/quote.ts';
import type { InstalledPlugin, Session } from '../targets/session.ts';
import type { EntryPoint } from '../wazo/entry-point.ts';

/** So many files are read back; more are another plugin than the one before. */
const MOST_FILES = 500;

/**
 * The version of a plugin that an earlier session verified, as it stands on the target: what a change spares is as it is
 * staged, the rest is read there. Undefined where it can't be had whole: somebody edited a file of it, or shares one.
 */
export async function servedTree(
  { target }: Session,
  { files }: InstalledPlugin,
  tree: StagedTree,
  { put, removed }: TreeDifference,
): Promise<StagedTree | undefined> {
  const changing = new Set([...put.map(({ path }) => path), ...removed]);
  const wanted = [...files].filter(([path]) => changing.has(path) || !tree.has(path));
  if (wanted.length > MOST_FILES || [...files.values()].some(({ partOf }) => partOf !== undefined))
    return undefined;
  const script = wanted.map(([path, { hash }], index) => {
    const file = `"$R"${quote(path)}`;
    return hash === 'folder'
      ? ':'
      : `wdev_section ${index}; if [ -L ${file} ]; then readlink -n ${file}; else wdev_do cat -- ${file}; fi`;
  });
  const { stdout } = wanted.length === 0 ? { stdout: Buffer.alloc(0) } : await target.run(script.join('; '));
  const sections = splitSections(decodeName(stdout), target.mark);
  const served = new Map<string, StagedFile>();
  for (const path of files.keys()) {
    const same = tree.get(path);
    if (same !== undefined && !changing.has(path)) served.set(path, same);
  }
  for (const [index, [path, { hash, mode, stands }]] of wanted.entries()) {
    const text = sectionText(sections, String(index));
    const bytes = encodeName(text);
    if (hash === 'folder') served.set(path, { path, mode, hash, bytes, folder: true });
    else if (sha256(bytes) !== (stands ?? hash)) return undefined;
    else if (mode === 0o777) served.set(path, { path, mode, hash, bytes: Buffer.alloc(0), link: text });
    else served.set(path, { path, mode, hash: stands ?? hash, bytes });
  }
  return served;
}

/** The entry points that the target's services found when they started, as far as its files tell. */
export async function servedEntryPoints(
  { target }: Session,
  paths: Iterable<string>,
): Promise<readonly EntryPoint[]> {
  const lists = [...new Set(paths)].filter((path) => path.endsWith('-info/entry_points.txt'));
  return lists.length === 0 ? [] : [...(await readEntryPoints(target, lists)).values()].flat();
}
