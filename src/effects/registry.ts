import type { Effect, EffectKind } from '../wazo/effect.ts';
import { CALL_LOGGER } from './call-logger.ts';
import { COMMAND } from './command.ts';
import { CONSOLE } from './console.ts';
import { GENERATE } from './generate.ts';
import type { EffectModule } from './module.ts';
import { RESTART } from './restart.ts';
import { RULES } from './rules.ts';

/** Every kind of effect. */
export const EFFECTS: { readonly [K in EffectKind]: EffectModule<K> } = {
  rules: RULES,
  command: COMMAND,
  'call-logger': CALL_LOGGER,
  restart: RESTART,
  generate: GENERATE,
  console: CONSOLE,
};

export function effectLabel<K extends EffectKind>(effect: Effect<K>): string {
  return EFFECTS[effect.do].label(effect);
}
