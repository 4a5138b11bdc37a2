import { parseEntryPoints } from '../readers/entry-points.ts';
import type { EntryPoint } from '../wazo/entry-point.ts';
import type { StagedTree } from './tree.ts';

/** The entry points that a staged tree installs. */
export function entryPointsOf(tree: StagedTree): readonly EntryPoint[] {
  return [...tree.values()]
    .filter((file) => /\.(?:egg|dist)-info\/entry_points\.txt$/.test(file.path))
    .flatMap((file) => parseEntryPoints(file.bytes.toString('utf8')));
}
