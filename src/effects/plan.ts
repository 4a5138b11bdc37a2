import type { EntryPoint } from '../wazo/entry-point.ts';
import { kindOf, type Plugin } from '../kinds/plugin.ts';
import type { StagedFile, StagedTree, TreeDifference } from '../stage/tree.ts';
import { keyHolders } from './auth-keys.ts';
import { effectKey, effectLabel, effectRank, type Effect } from '../wazo/effect.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import { ownRestarts } from './own-restarts.ts';
import { pythonEffects } from '../wazo/python-services.ts';
import { PYTHON_PATH, RELOAD_TABLE, matchPath, type ReloadRule } from '../wazo/needs.ts';

/** What a plan must know of a target. */
export interface TargetFacts {
  /** systemd units that exist there, without `.service`; undefined when it has no systemd. */
  readonly units: ReadonlySet<string> | undefined;
  readonly hasAsterisk: boolean;
  /** Whether `rules install` may run there. */
  readonly runsRules: boolean;
}

/** One plugin's part of a batch. */
export interface Change {
  readonly plugin: Plugin;
  readonly tree: StagedTree;
  readonly difference: TreeDifference;
  /** Entry points of the version before, so that a dropped group's service is restarted too. */
  readonly oldEntryPoints: readonly EntryPoint[];
}

export interface PlannedEffect {
  readonly effect: Effect;
  /** Plugins that asked for it, by id. */
  readonly plugins: readonly string[];
  readonly because: string;
}

/** What will be done for a batch, in order; the applier adds nothing to it. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly effects: readonly PlannedEffect[];
  /** What was left out, and why, as sentences. */
  readonly skipped: readonly string[];
}

/** Decides from changed installed paths what has to happen. Each effect stands once, whoever asked for it. */
export function planBatch(
  changes: readonly Change[],
  facts: TargetFacts,
  table: readonly ReloadRule[] = RELOAD_TABLE,
): Plan {
  const wanted = new Map<string, { effect: Effect; plugins: Set<string>; because: string }>();
  const skipped = new Set<string>();
  for (const change of changes) {
    for (const { path, effects, because } of changeEffects(change, table)) {
      for (const effect of effects) {
        // a plugin that goes is not installed again
        if ((effect.do === 'rules' || effect.do === 'call-logger') && change.tree.size === 0) continue;
        const refusal = whyNot(effect, facts);
        if (refusal !== undefined) skipped.add(`${effectLabel(effect)}: ${refusal}`);
        else if (effect.do !== 'nothing') remember(wanted, change.plugin.id, effect, `${path}: ${because}`);
      }
    }
  }
  const effects = [...wanted.values()]
    .map(({ effect, plugins, because }) => ({ effect, plugins: [...plugins], because }))
    .sort((a, b) => effectRank(a.effect) - effectRank(b.effect));
  return { changes, effects: effects.map(withOwn(ownRestarts(effects))), skipped: [...skipped] };
}

/** Says of a restart that rules may do it. */
function withOwn(units: readonly string[]): (planned: PlannedEffect) => PlannedEffect {
  return (planned) =>
    planned.effect.do === 'restart' && units.includes(planned.effect.unit)
      ? { ...planned, because: `${planned.because}; left to wazo/rules install if that does it` }
      : planned;
}

function remember(
  wanted: Map<string, { effect: Effect; plugins: Set<string>; because: string }>,
  plugin: string,
  effect: Effect,
  because: string,
): void {
  // rules run for each plugin; everything else is shared
  const key = effect.do === 'rules' ? `${effectKey(effect)} ${plugin}` : effectKey(effect);
  const known = wanted.get(key);
  if (known === undefined) wanted.set(key, { effect, plugins: new Set([plugin]), because });
  else known.plugins.add(plugin);
}

interface PathEffects {
  readonly path: string;
  readonly effects: readonly Effect[];
  readonly because: string;
}

function changeEffects(change: Change, table: readonly ReloadRule[]): readonly PathEffects[] {
  const { difference, tree, oldEntryPoints } = change;
  const entryPoints = [...entryPointsOf(tree), ...oldEntryPoints];
  const paths = [...difference.put.map((file: StagedFile) => file.path), ...difference.removed];
  return [
    ...paths.map((path) => effectsOf(path, entryPoints, change.plugin, table)),
    ...difference.put.map((file) => newTokens(file)),
  ];
}

function newTokens(file: StagedFile): PathEffects {
  const because = 'a service fetches its token, with its rights, at start';
  return { path: file.path, effects: keyHolders(file), because };
}

function effectsOf(
  path: string,
  entryPoints: readonly EntryPoint[],
  plugin: Plugin,
  table: readonly ReloadRule[],
): PathEffects {
  const row = matchPath(path, table);
  if (row !== undefined)
    return { path, ...row, effects: row.effects.flatMap((effect) => withGenerated(effect, entryPoints)) };
  const python = PYTHON_PATH.exec(path);
  if (plugin.callLogger?.launcher !== undefined && path.includes('-packages/')) {
    const effects: Effect[] = [{ do: 'call-logger' }, { do: 'restart', unit: 'call-logger' }];
    return { path, effects, because: 'calllogger imports its plugins and reads the environment at start' };
  }
  if (python !== null) {
    const effects = pythonEffects(python[1] ?? '', entryPoints);
    return { path, effects, because: 'the service keeps the code that it imported at start' };
  }
  return {
    path,
    effects: kindOf(plugin).otherwise,
    because: 'nothing is known about this path, so wazo/rules install decides',
  };
}

/** After a restart of wazo-confgend, the plugin's own generated files are made anew and looked at. */
function withGenerated(effect: Effect, entryPoints: readonly EntryPoint[]): readonly Effect[] {
  if (effect.do !== 'restart' || effect.unit !== 'wazo-confgend') return [effect];
  const generated = entryPoints
    .filter((entry) => entry.group.startsWith('wazo_confgend.'))
    .flatMap((entry) =>
      pythonEffects(`${(entry.value.split(':')[0] ?? '').replaceAll('.', '/')}.py`, [entry]),
    );
  return [effect, ...generated];
}

function whyNot(effect: Effect, facts: TargetFacts): string | undefined {
  switch (effect.do) {
    case 'console':
      return facts.hasAsterisk ? undefined : 'there is no Asterisk on the target';
    case 'restart':
      if (facts.units === undefined) return 'the target has no systemd';
      return facts.units.has(effect.unit) ? undefined : `${effect.unit} is not on the target`;
    case 'generate':
      return facts.units?.has('wazo-confgend') === true ? undefined : 'wazo-confgend is not on the target';
    case 'rules':
      return facts.runsRules ? undefined : "a plugin's own install never runs on the machine of its author";
    case 'ask':
      return 'it would end the calls, so it is left to you';
    case 'command':
    case 'call-logger':
    case 'nothing':
      return undefined;
  }
}
