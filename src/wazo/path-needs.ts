import { generatedBy, type EntryPoint } from './entry-point.ts';
import type { Effect } from './effect.ts';
import { PYTHON_PATH, matchPath, type Need, type ReloadRule } from './needs.ts';
import { effectsOfEntry, pythonEffects } from './python-services.ts';

/** The package that an installed path belongs to. */
export interface Package {
  readonly entryPoints: readonly EntryPoint[];
  /** Those that are new or gone; absent where the version before is not known. */
  readonly changedEntries?: readonly EntryPoint[] | undefined;
  /** Whether it starts the call logger itself. Source: calllogger 2, packages that register a class. */
  readonly isLauncher: boolean;
  /** The effects by which all that imports a Python file loads it anew; absent where the other files are not known. */
  readonly importers?: ((file: string, isClaimed: boolean) => readonly Effect[]) | undefined;
}

/** The need of an installed path; undefined when nothing is known about it. */
export function needOf(
  path: string,
  { entryPoints, changedEntries, isLauncher, importers }: Package,
  table: readonly ReloadRule[],
): Need | undefined {
  const row = matchPath(path, table);
  if (row !== undefined)
    return { ...row, effects: row.effects.flatMap((effect) => withGenerated(effect, entryPoints)) };
  if (isLauncher && path.includes('-packages/')) {
    const effects: readonly Effect[] = [{ do: 'call-logger' }, { do: 'restart', unit: 'call-logger' }];
    return { effects, because: 'calllogger imports its plugins and reads the environment at start' };
  }
  const file = PYTHON_PATH.exec(path)?.[1];
  if (file === undefined) return undefined;
  const own = pythonEffects(file, entryPoints, changedEntries);
  // a handler of wazo-agid and a second package have no entry point
  const others = (): readonly Effect[] => importers?.(file, own.length > 0) ?? othersOf(own, entryPoints);
  const effects = IS_CODE.test(file) ? [...own, ...others()] : own;
  return { effects, because: 'the service keeps the code that it imported at start' };
}

/** Not what pip writes beside a package, and not the description of routes, which is read on each request. */
const IS_CODE = /^(?![^/]+\.(?:egg|dist)-info\/)(?!.*\/api\.yml$)/;

/** Where no entry point claims a file, the services of all of them may import it. */
function othersOf(own: readonly Effect[], entryPoints: readonly EntryPoint[]): readonly Effect[] {
  return own.length > 0 ? [] : entryPoints.flatMap(effectsOfEntry);
}

/** After a restart of wazo-confgend, the plugin's own generated files are made anew. */
function withGenerated(effect: Effect, entryPoints: readonly EntryPoint[]): readonly Effect[] {
  if (effect.do !== 'restart' || effect.unit !== 'wazo-confgend') return [effect];
  const generated = entryPoints
    .filter(({ group }) => generatedBy(group) !== undefined)
    .flatMap(effectsOfEntry);
  return [effect, ...generated];
}
