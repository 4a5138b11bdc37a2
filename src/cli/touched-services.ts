import { needsOfPaths, ownerOf, type PathNeed } from '../effects/needed.ts';
import { discoverPlugins } from '../kinds/discover.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import { stagePlugin } from '../stage/stage.ts';
import { ASTERISK } from '../stacks/wazo/services.ts';

export interface Touched {
  /** Units that run, read or call what the plugins install; those of Wazo and others. */
  readonly units: readonly string[];
  /** Plugins that cannot be built, so that nobody knows. */
  readonly unread: readonly string[];
}

/** The units that the plugins at and below a folder are for. */
export async function touchedServices(folder: string): Promise<Touched> {
  const units = new Set<string>();
  const unread: string[] = [];
  for (const plugin of discoverPlugins([folder])) {
    const result = await stagePlugin(plugin);
    if (!result.ok) {
      unread.push(plugin.id);
      continue;
    }
    const { tree } = result.stage;
    const owner = ownerOf(plugin, entryPointsOf(tree));
    for (const need of needsOfPaths(tree.keys(), owner)) for (const unit of unitsOf(need)) units.add(unit);
  }
  return { units: [...units].sort(), unread };
}

/** A handler of wazo-agid is called by Asterisk alone. */
const CALLED_BY_ASTERISK = 'wazo-agid';
/** Whatever it is that changes there: Asterisk reads it, at once or when it starts. */
const OF_ASTERISK = /^\/(?:etc|etc\/xivo|usr\/share|var\/lib)\/asterisk\//;

function unitsOf({ path, effects }: PathNeed): readonly string[] {
  const restarted = effects.flatMap((effect) => (effect.do === 'restart' ? [effect.unit] : []));
  const isAsterisk =
    OF_ASTERISK.test(path) ||
    restarted.includes(CALLED_BY_ASTERISK) ||
    effects.some((effect) => effect.do === 'console');
  return isAsterisk ? [...restarted, ASTERISK] : restarted;
}
