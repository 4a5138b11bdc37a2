import { needsOfPaths, ownerOf } from '../effects/needed.ts';
import { discoverPlugins } from '../kinds/discover.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import { stagePlugin } from '../stage/stage.ts';

/** The units that the plugins at and below a folder restart when they are installed; those of Wazo and others. */
export async function touchedServices(folder: string): Promise<readonly string[]> {
  const units = new Set<string>();
  for (const plugin of discoverPlugins([folder])) {
    const result = await stagePlugin(plugin);
    if (!result.ok) continue;
    const { tree } = result.stage;
    const owner = ownerOf(plugin, entryPointsOf(tree));
    for (const { effects } of needsOfPaths(tree.keys(), owner))
      for (const effect of effects) if (effect.do === 'restart') units.add(effect.unit);
  }
  return [...units].sort();
}
