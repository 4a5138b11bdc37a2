import { entryPointsOf } from '../stage/entry-points.ts';
import type { Effect, EffectKind } from '../wazo/effect.ts';
import { RELOAD_TABLE, type ReloadRule } from '../wazo/needs.ts';
import type { Change, Plan, PlannedEffect, PlannedEffects, TargetFacts } from './change.ts';
import { needsOfPaths, needsOfTexts, ownerOf, type Owner, type PathNeed } from './needed.ts';
import { ownRestarts } from './own-restarts.ts';
import { EFFECTS, effectLabel } from './registry.ts';

/** A need of a plugin's file. */
export interface PluginNeed extends PathNeed {
  /** The plugin's id. */
  readonly plugin: string;
  /** Whether all of the plugin goes. */
  readonly isGone: boolean;
}

/** Decides from changed installed paths what has to happen on a target. */
export function planBatch(
  changes: readonly Change[],
  facts: TargetFacts,
  table: readonly ReloadRule[] = RELOAD_TABLE,
): Plan {
  return { changes, ...effectsOf(needsOfChanges(changes, table), facts) };
}

/** Decides what has to happen when these paths of a plugin go from a target for good. */
export function planRemoval(
  plugin: string,
  paths: readonly string[],
  owner: Owner,
  facts: TargetFacts,
): PlannedEffects {
  return effectsOf(ofPlugin(plugin, true, needsOfPaths(paths, owner)), facts);
}

/** One after the other: a batch has tens of thousands of paths, and all of their needs would take more memory than they. */
function* needsOfChanges(changes: readonly Change[], table: readonly ReloadRule[]): Generator<PluginNeed> {
  for (const { plugin, difference, tree, oldEntryPoints } of changes) {
    const { put, removed } = difference;
    const isGone = tree.size === 0;
    const owner = ownerOf(plugin, entryPointsOf(tree), tree, oldEntryPoints);
    const paths = [...put.map(({ path }) => path), ...removed];
    yield* ofPlugin(plugin.id, isGone, needsOfPaths(paths, owner, table));
    yield* ofPlugin(plugin.id, isGone, needsOfTexts(put));
  }
}

function* ofPlugin(plugin: string, isGone: boolean, needs: Iterable<PathNeed>): Generator<PluginNeed> {
  for (const need of needs) yield { plugin, isGone, ...need };
}

/** The effects that satisfy needs on a target, in order. Each stands once, whoever asked for it. */
export function effectsOf(needs: Iterable<PluginNeed>, facts: TargetFacts): PlannedEffects {
  const wanted = new Map<string, { effect: Effect; plugins: Set<string>; because: string }>();
  const skipped = new Map<string, Set<string>>();
  const skip = (what: string, plugin: string): void =>
    void skipped.set(what, (skipped.get(what) ?? new Set()).add(plugin));
  for (const { plugin, path, effects, left, because, isGone } of needs) {
    for (const effect of effects) {
      const done = isGone ? afterRemoval(effect) : effect;
      if (done === undefined) continue;
      const refusal = refusalOf(effect, facts);
      if (refusal !== undefined) {
        skip(`${effectLabel(effect)}: ${refusal}`, plugin);
        continue;
      }
      const label = effectLabel(done);
      const key = EFFECTS[done.do].isOwnProgram === true ? `${label} ${plugin}` : label;
      const known = wanted.get(key);
      if (known !== undefined) known.plugins.add(plugin);
      else wanted.set(key, { effect: done, plugins: new Set([plugin]), because: `${path}: ${because}` });
    }
    if (left !== undefined) skip(`ask ${left}: it would end the calls, so it is left to you`, plugin);
  }
  const effects = [...wanted.values()]
    .map(({ effect, plugins, because }) => ({ effect, plugins: [...plugins], because }))
    .sort((a, b) => rankOf(a.effect) - rankOf(b.effect));
  return {
    effects: effects.map(withOwn(ownRestarts(effects))),
    skipped: [...skipped].map(([what, plugins]) => ({ what, plugins: [...plugins] })),
  };
}

function rankOf<K extends EffectKind>(effect: Effect<K>): number {
  return EFFECTS[effect.do].rank(effect);
}

function refusalOf<K extends EffectKind>(effect: Effect<K>, facts: TargetFacts): string | undefined {
  return EFFECTS[effect.do].refusal(effect, facts);
}

function afterRemoval<K extends EffectKind>(effect: Effect<K>): Effect | undefined {
  return EFFECTS[effect.do].undo.removal(effect);
}

/** Says of a restart that rules may do it. */
function withOwn(units: readonly string[]): (planned: PlannedEffect) => PlannedEffect {
  return (planned) =>
    planned.effect.do === 'restart' && units.includes(planned.effect.unit)
      ? { ...planned, because: `${planned.because}; left to wazo/rules install if that does it` }
      : planned;
}
