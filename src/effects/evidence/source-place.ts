import type { StagedTree } from '../../stage/tree.ts';

/**
 * The source line behind a line of an installed file, through learned provenance. `path` may carry the
 * prefix of an embedded root. Undefined when the file is not the plugin's.
 */
export function sourcePlace(
  tree: StagedTree,
  path: string,
  line?: number,
): { file: string; line?: number } | undefined {
  const staged = tree.get(path) ?? [...tree.values()].find((file) => path.endsWith(file.path));
  if (staged === undefined) return undefined;
  const file = staged.source ?? staged.path;
  return line === undefined ? { file } : { file, line };
}
