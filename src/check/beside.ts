/** Plugins of one run beside each other: found by an index of what they have, not by comparing each with each. */

import type { Comparison, Hit, Rule, Shared } from './rule.ts';
import type { Subject } from './subject.ts';

/** Key → the plugins that have it, in the order of the run, each with its own. */
type Index = ReadonlyMap<string, readonly (readonly [subject: Subject, own: Shared])[]>;

/** Two copies of one plugin have all in common: that is told, and nothing else. */
const TWINS = 'plugins-same-name';

function isTwin({ plugin: { kind, id } }: Subject, { plugin: other }: Subject): boolean {
  return kind === other.kind && id === other.id;
}

export class Beside {
  readonly #subjects: readonly Subject[];
  readonly #places: ReadonlyMap<Subject, number>;
  readonly #indexes = new Map<string, Index>();

  constructor(subjects: readonly Subject[]) {
    this.#subjects = subjects;
    this.#places = new Map(subjects.map((subject, at) => [subject, at]));
  }

  /** The faults of a plugin beside those that come before it in the run. */
  hits({ code, compare }: Pick<Rule, 'code' | 'compare'>, subject: Subject): readonly Hit[] {
    const place = this.#places.get(subject) ?? 0;
    if (compare === undefined || place === 0) return [];
    const index = this.#indexOf(code, compare);
    const seen = new Map<Subject, Set<string>>();
    return [...compare.shared(subject)].flatMap(([key, own]) =>
      (index.get(key) ?? []).flatMap(([other, theirs]): readonly Hit[] => {
        if ((this.#places.get(other) ?? 0) >= place) return [];
        if (code !== TWINS && isTwin(subject, other)) return [];
        const told = seen.get(other) ?? new Set();
        seen.set(other, told);
        if (told.has(own.once ?? key)) return [];
        told.add(own.once ?? key);
        const { file, line, column } = own;
        return [{ file, line, column, message: compare.message(other, own, theirs) }];
      }),
    );
  }

  #indexOf(code: string, { shared }: Comparison): Index {
    const known = this.#indexes.get(code);
    if (known !== undefined) return known;
    const index = new Map<string, (readonly [Subject, Shared])[]>();
    for (const subject of this.#subjects)
      for (const [key, own] of shared(subject)) {
        const having = index.get(key) ?? [];
        having.push([subject, own]);
        index.set(key, having);
      }
    this.#indexes.set(code, index);
    return index;
  }
}
