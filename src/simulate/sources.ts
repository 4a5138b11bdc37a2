import path from 'node:path';
import { readSource, type SourceFile, type SourceListing } from '../git/sources.ts';
import { isCommon, isOfSystem, type Shown } from '../sandbox/enclose.ts';
import { chosenWay } from '../sandbox/way.ts';
import { openWorkspace } from '../stage/workspace.ts';
import { handlerRoot, handlerSources } from './agi/source-files.ts';

/** The sources of a plugin that a program sees. */
export interface SeenSources {
  readonly readable: readonly Shown[];
  remove(): void;
}

/**
 * Shows a program a clean copy of sources under their own names, so that it finds what belongs to the plugin and
 * nothing else of the folder. Without a sandbox they are where they are.
 * @param root folder that the sources are relative to
 */
export async function showSources(
  root: string,
  list: () => SourceListing | Promise<SourceListing>,
): Promise<SeenSources> {
  if ((await chosenWay()) === undefined) return { readable: [], remove: () => undefined };
  const sources = await list();
  const workspace = await openWorkspace(sources);
  const { source } = workspace;
  // a folder that all share is not replaced as a whole
  const readable = isCommon(root)
    ? [...sources.keys()].map((name) => ({ from: path.join(source, name), to: path.join(root, name) }))
    : [{ from: source, to: root }];
  return { readable, remove: () => workspace.remove() };
}

/** As showSources, for a module or a handler, with what it may import from beside it. */
export async function showHandler(file: string): Promise<SeenSources> {
  if (isOfSystem(file)) return { readable: [], remove: () => undefined };
  const root = handlerRoot(file);
  return await showSources(root, () => {
    const files = isCommon(root) ? [path.relative(root, file)] : handlerSources(file).files;
    const found = files.flatMap((name): SourceFile | readonly SourceFile[] => readSource(root, name) ?? []);
    return new Map(found.map((source) => [source.path, source]));
  });
}
