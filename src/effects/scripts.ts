import { quote } from '../support/quote.ts';
import type { Effect, EffectKind } from '../wazo/effect.ts';
import type { Places, PlannedEffect, PluginTree } from './change.ts';
import { EFFECTS } from './registry.ts';

/** Effects on their way to a target. */
export interface EffectSteps {
  readonly effects: readonly PlannedEffect[];
  /** The plugins of which they are. */
  readonly changes: readonly PluginTree[];
  /** Contexts that are read back after a dialplan reload. */
  readonly contexts: readonly string[];
}

/** The scripts of effects, each with sections for its output, its status, and what its kind answers. */
export function effectScripts(places: Places, steps: EffectSteps): readonly string[] {
  return steps.effects.map((planned, index) => effectScript(planned, index, places, steps));
}

function effectScript<K extends EffectKind>(
  planned: PlannedEffect<K>,
  index: number,
  places: Places,
  { effects: all, changes, contexts }: EffectSteps,
): string {
  const section = (name: string, word?: string): string =>
    `wdev_section ${quote(sectionName(name, index, word))}`;
  const { script } = EFFECTS[planned.effect.do];
  const lines = script({ ...planned, all, changes, contexts, places, section });
  return `${section('effect')}; { ${lines}; }; __rc=$?; ${section('status')}; echo "$__rc"`;
}

/** The name of a section of the effect at `index`. */
export function sectionName(name: string, index: number, word?: string): string {
  return word === undefined ? `${name}:${index}` : `${name}:${index}:${word}`;
}

/** The command lines to run once more if a batch is cut off and rolled back later, by any version of wdev. */
export function recoveryCommands(effects: readonly PlannedEffect[]): readonly string[] {
  return effects.flatMap(({ effect }) => recoveryOf(effect));
}

function recoveryOf<K extends EffectKind>(effect: Effect<K>): readonly string[] {
  const command = EFFECTS[effect.do].undo.recovery(effect);
  return command === undefined ? [] : [command];
}
