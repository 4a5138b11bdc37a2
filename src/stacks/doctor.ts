import { ABILITIES, examine, installCommand, type Ability, type Lack } from './requirements.ts';

export interface Diagnosis {
  readonly abilities: readonly {
    readonly name: Ability;
    readonly title: string;
    /** Everything that it needs is there; `missing` may still name what makes it better. */
    readonly ready: boolean;
    readonly missing: readonly Lack[];
  }[];
  /** The one command that installs every missing package; absent when none is missing. */
  readonly install?: string;
}

/** Examines this machine: the things that can be done on it, and the missing packages for the rest. */
export async function diagnose(): Promise<Diagnosis> {
  const lacks = await examine();
  const names = Object.keys(ABILITIES) as Ability[];
  const packages = lacks.flatMap((lack) => lack.debian ?? []);
  return {
    abilities: names.map((name) => {
      const missing = lacks.filter((lack) => lack.ability === name);
      return {
        name,
        title: ABILITIES[name],
        ready: missing.every((lack) => lack.better !== undefined),
        missing,
      };
    }),
    ...(packages.length === 0 ? {} : { install: installCommand(packages) }),
  };
}
