import type { Content } from '../git/content.ts';

/** The tree that a package would install: installed path → file. */

export interface StagedFile extends Content {
  /** Absolute installed path, e.g. `/etc/asterisk/extensions_extra.d/hello.conf`. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  /** SHA-256 of the bytes, in hex; of the link's text for a symbolic link; `folder` for a folder. */
  readonly hash: string;
  /** Text of a symbolic link. */
  readonly link?: string;
  /** An empty folder that the package ships. */
  readonly folder?: true;
  /** Source file (relative to the plugin's folder) that this is a copy of, when exactly one can be. */
  readonly source?: string;
  /** Only a part of the file belongs to the plugin, under this name: see targets/shared-file.ts. */
  readonly partOf?: string;
}

export type StagedTree = ReadonlyMap<string, StagedFile>;

/** Whether it is a plain file, which can be read back. */
export function readable(file: StagedFile): boolean {
  return file.folder !== true && file.link === undefined && file.hash !== '';
}

export interface TreeDifference {
  /** New or changed files. */
  readonly put: readonly StagedFile[];
  /** Installed paths that are gone. */
  readonly removed: readonly string[];
}

/** The facts of a file on a target that show whether it differs. */
export interface InstalledFile {
  readonly hash: string;
  readonly mode: number;
  /** As in StagedFile. */
  readonly partOf?: string;
  /** Hash of what stands there, where the plugin's own `rules install` changed the file. */
  readonly stands?: string;
  /** It stood there as it is, so it was never put. */
  readonly found?: true;
}

export function diffTrees(installed: ReadonlyMap<string, InstalledFile>, staged: StagedTree): TreeDifference {
  const { put, removed } = changedPaths(installed, staged);
  return { put: put.flatMap((path) => staged.get(path) ?? []), removed };
}

/** Installed paths that are new or changed, and those that are gone. */
export function changedPaths(
  installed: ReadonlyMap<string, InstalledFile>,
  staged: ReadonlyMap<string, InstalledFile>,
): { readonly put: readonly string[]; readonly removed: readonly string[] } {
  const put = [...staged].flatMap(([path, file]) => {
    const old = installed.get(path);
    return old === undefined || old.hash !== file.hash || old.mode !== file.mode ? [path] : [];
  });
  return { put, removed: [...installed.keys()].filter((path) => !staged.has(path)) };
}
