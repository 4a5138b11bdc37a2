import type { BuiltPackage } from '../package/build.ts';
import { isDialplanReload } from '../effects/console.ts';
import { needsOfPaths, needsOfTexts, ownerOf } from '../effects/needed.ts';
import { EFFECTS, effectLabel } from '../effects/registry.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import type { Effect, EffectKind } from '../wazo/effect.ts';
import { hasStandIn } from './stand-ins.ts';

/** Something that must happen so that files of the package take effect, or cease to. */
export interface Need<K extends EffectKind = EffectKind> {
  readonly effect: Effect<K>;
  /** Installed paths that it is for. */
  readonly files: readonly string[];
  readonly because: string;
}

/** The needs of a package's files, as far as a maintainer script can be seen to serve them. */
export function needsOf({ plugin, files }: BuiltPackage): readonly Need[] {
  const owner = ownerOf(plugin, entryPointsOf(new Map(files.map((file) => [file.path, file]))));
  const paths = files.map(({ path }) => path);
  const found = new Map<string, { effect: Effect; files: string[]; because: string }>();
  for (const { path, effects, because } of [...needsOfPaths(paths, owner), ...needsOfTexts(files)]) {
    for (const effect of effects.filter(isSeen)) {
      const key = effectLabel(effect);
      const known = found.get(key) ?? { effect, files: [], because };
      if (!known.files.includes(path)) known.files.push(path);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

/** A restart is seen of the units that a rehearsal's machine has stand-ins for. */
function isSeen(effect: Effect): boolean {
  if (EFFECTS[effect.do].inScripts === undefined) return false;
  return effect.do !== 'restart' || hasStandIn(effect.unit);
}

/** Whether a command, as a maintainer script called it, does what is needed. */
export function serves<K extends EffectKind>(command: string, { effect }: Need<K>): boolean {
  return EFFECTS[effect.do].inScripts?.isDoneBy(effect, command) === true;
}

/** As a person names it. */
export function needLabel<K extends EffectKind>({ effect }: Need<K>): string {
  return EFFECTS[effect.do].inScripts?.title(effect) ?? effectLabel(effect);
}

/** The text by which `rules` would do it. */
export function needText<K extends EffectKind>({ effect }: Need<K>): string {
  return EFFECTS[effect.do].inScripts?.text(effect) ?? effectLabel(effect);
}

/** However it was done, Asterisk itself says whether the dialplan is in use. */
export function isDialplan({ effect }: Need): boolean {
  return isDialplanReload(effect);
}
