import { generatedBy, type EntryPoint } from './entry-point.ts';
import type { Effect } from './effect.ts';
import { PYTHON_PATH, matchPath, type Need, type ReloadRule } from './needs.ts';
import { effectsOfEntry, pythonEffects } from './python-services.ts';

/** The package that an installed path belongs to. */
export interface Package {
  readonly entryPoints: readonly EntryPoint[];
  /** Whether it starts the call logger itself. Source: calllogger 2, packages that register a class. */
  readonly isLauncher: boolean;
}

/** The need of an installed path; undefined when nothing is known about it. */
export function needOf(
  path: string,
  { entryPoints, isLauncher }: Package,
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
  const effects = pythonEffects(file, entryPoints);
  return { effects, because: 'the service keeps the code that it imported at start' };
}

/** After a restart of wazo-confgend, the plugin's own generated files are made anew. */
function withGenerated(effect: Effect, entryPoints: readonly EntryPoint[]): readonly Effect[] {
  if (effect.do !== 'restart' || effect.unit !== 'wazo-confgend') return [effect];
  const generated = entryPoints
    .filter(({ group }) => generatedBy(group) !== undefined)
    .flatMap(effectsOfEntry);
  return [effect, ...generated];
}
