import { withContentOf } from '../git/content.ts';
import { readSources, type SourceFile } from '../git/sources.ts';
import type { Stage } from './stage.ts';
import type { StagedFile } from './tree.ts';

/** Sources whose change alters how the package is made. */
const RECIPES =
  /^(wazo\/.*|setup\.(py|cfg)|pyproject\.toml|MANIFEST\.in|call-logger\.yml|Makefile|package\.yml)$/;

export type FastPath =
  | { readonly taken: true; readonly stage: Stage; readonly changed: readonly string[] }
  /** `why` is a clause for people: "README.md feeds no installed file". */
  | { readonly taken: false; readonly why: string };

/**
 * The next stage without running `rules`: when every changed source is one whose only staged copy is known,
 * its new bytes are the copy's new bytes. Anything else needs the full path, and the reason is told.
 */
export async function tryFastPath(stage: Stage, changed: readonly string[]): Promise<FastPath> {
  const names = new Map(changed.map((name) => [name, undefined]));
  const now = await readSources(stage.plugin.dir, names, stage.sources);
  const sources = new Map(stage.sources);
  const tree = new Map(stage.tree);
  const really: string[] = [];
  for (const name of changed) {
    const before = stage.sources.get(name);
    if (before === undefined) return { taken: false, why: `${name} is new` };
    const after = now.get(name);
    if (after === undefined) return { taken: false, why: `${name} is gone` };
    if (after.hash === before.hash && after.mode === before.mode) continue;
    const copy = onlyCopy(stage, before);
    if (typeof copy === 'string') return { taken: false, why: copy };
    if (after.mode !== before.mode) return { taken: false, why: `${name} has another mode` };
    sources.set(name, after);
    tree.set(copy.path, withContentOf(copy, after));
    really.push(name);
  }
  return { taken: true, stage: { ...stage, sources, tree }, changed: really };
}

/** The one staged copy of a source, or why there is no such thing. */
function onlyCopy(stage: Stage, source: SourceFile): StagedFile | string {
  const { path } = source;
  if (RECIPES.test(path)) return `${path} decides how the package is made`;
  if (source.link !== undefined) return `${path} is a symlink`;
  const equals = [...stage.sources.values()].filter((other) => other.hash === source.hash);
  if (equals.length > 1) return `${path} has the same content as ${equals.length - 1} other files`;
  const copies = [...stage.tree.values()].filter((file) => file.source === path);
  if (copies.length === 0) return `${path} is not a plain copy in the package`;
  if (copies.length > 1) return `${path} is in the package ${copies.length} times`;
  return copies[0] as StagedFile;
}
