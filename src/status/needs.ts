import { needsOfPaths, type Owner } from '../effects/needed.ts';
import { serviceOf } from '../wazo/services.ts';
import { DIALPLAN_PATH } from '../effects/evidence/dialplan.ts';
import { generatedName, type GeneratedFile } from '../wazo/entry-point.ts';

/** The services that a plugin's files need on a target. */
export interface Needs {
  /** Unit → installed paths that it reads at its start. */
  readonly units: ReadonlyMap<string, readonly string[]>;
  /** Files that wazo-confgend makes by the plugin's drivers. */
  readonly generated: readonly GeneratedFile[];
  /** Files that Asterisk reads as dialplan. */
  readonly dialplan: readonly string[];
  /** Whether any file is Asterisk's. */
  readonly asterisk: boolean;
}

/** The needs of installed paths, by what has to run for them. */
export function needsOf(paths: readonly string[], owner: Owner): Needs {
  const units = new Map<string, string[]>();
  const generated = new Map<string, GeneratedFile>();
  let asterisk = false;
  for (const { path, effects } of needsOfPaths(paths, owner)) {
    for (const effect of effects) {
      if (effect.do === 'restart' && isStackUnit(effect.unit, path))
        units.set(effect.unit, [...(units.get(effect.unit) ?? []), ...(IS_LIST.test(path) ? [] : [path])]);
      if (effect.do === 'generate') generated.set(generatedName(effect), effect);
      if (effect.do === 'console' && path.startsWith('/etc/asterisk/')) asterisk = true;
    }
  }
  return {
    units,
    generated: [...generated.values()].map(({ resource, filename }) => ({ resource, filename })),
    dialplan: paths.filter((path) => DIALPLAN_PATH.test(path)),
    asterisk,
  };
}

/** The list of a package's entry points: a daemon whose own did not change need not have read it anew. */
const IS_LIST = /-info\/entry_points\.txt$/;

/** Whether a unit is one of the stack's, or one that the path itself names. */
function isStackUnit(unit: string, path: string): boolean {
  return (
    serviceOf(unit) !== undefined ||
    path.startsWith(`/etc/${unit}/conf.d/`) ||
    path.includes(`/systemd/system/${unit}.service`)
  );
}
