import type { BuiltPackage } from '../package/build.ts';
import type { Effect } from '../wazo/effect.ts';
import { planBatch } from '../effects/plan.ts';
import { SERVICES } from '../wazo/services.ts';
import type { StagedFile } from '../stage/tree.ts';

/** Something that must happen so that files of the package take effect, or cease to. */
export interface Need {
  readonly effect: Extract<Effect, { do: 'restart' | 'console' }>;
  /** Installed paths that it is for. */
  readonly files: readonly string[];
  readonly because: string;
}

/** The needs of a package's files, by the reload table. */
export function needsOf({ plugin, files }: BuiltPackage): readonly Need[] {
  const units = new Set([...SERVICES.map(({ unit }) => unit), 'nginx']);
  const facts = { units, hasAsterisk: true, runsRules: true };
  const tree = new Map(files.map((file) => [file.path, file]));
  const found = new Map<string, { effect: Need['effect']; files: string[]; because: string }>();
  for (const file of files) {
    for (const { effect, because } of effectsFor(file)) {
      if (effect.do !== 'restart' && effect.do !== 'console') continue;
      const key = effect.do === 'restart' ? effect.unit : effect.command;
      const known = found.get(key) ?? { effect, files: [], because };
      known.files.push(file.path);
      found.set(key, known);
    }
  }
  return [...found.values()];

  function effectsFor(file: StagedFile): ReturnType<typeof planBatch>['effects'] {
    return planBatch([{ plugin, tree, difference: { put: [file], removed: [] }, oldEntryPoints: [] }], facts)
      .effects;
  }
}

/** Whether a command, as a maintainer script called it, does what is needed. */
export function serves(command: string, { effect }: Need): boolean {
  const words = command.split(/\s+/);
  if (effect.do === 'restart') {
    const names = words.map((word) => word.replace(/\.service$/, ''));
    const acts = /^(?:try-)?restart$|^(?:force-)?reload|^stop$|^reload-or-restart$/;
    return names.some((word) => acts.test(word)) && names.includes(effect.unit);
  }
  if (words[0] !== 'asterisk') return /^systemctl (?:try-)?restart asterisk\b/.test(command);
  const asked = words
    .slice(1)
    .filter((word) => !word.startsWith('-'))
    .join(' ');
  return (
    asked === effect.command ||
    /^(?:core (?:reload|restart)|module reload$)/.test(asked) ||
    sameModule(asked, effect.command)
  );
}

function sameModule(asked: string, wanted: string): boolean {
  return wanted === 'dialplan reload' && /^(?:module reload pbx_config|extensions reload)/.test(asked);
}

/** As a person names it. */
export function needLabel({ effect }: Need): string {
  return effect.do === 'restart' ? `a restart of ${effect.unit}` : `\`asterisk -rx '${effect.command}'\``;
}

/** However it was done, Asterisk itself says whether the dialplan is in use. */
export function isDialplan({ effect }: Need): boolean {
  return effect.do === 'console' && effect.command === 'dialplan reload';
}
