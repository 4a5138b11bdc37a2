import type { Effect } from '../wazo/effect.ts';

/**
 * Units of a plan whose restart may have been done by a plugin's own rules before its turn comes: nothing but
 * restarts, and checks that change nothing, stands between the last rules and it.
 */
export function ownRestarts(effects: readonly { readonly effect: Effect }[]): readonly string[] {
  const rules = effects.findLastIndex(({ effect }) => effect.do === 'rules');
  if (rules < 0) return [];
  const units: string[] = [];
  for (const { effect } of effects.slice(rules + 1)) {
    if (effect.do === 'restart') units.push(effect.unit);
    else if (effect.do !== 'call-logger') break;
  }
  return units;
}
