/** Plugins of one run beside each other: found by an index of what they have, not by comparing each with each. */

import type { Comparison, Hit, Rule, Shared } from './rule.ts';
import type { Subject } from './subject.ts';

/** Key → the plugins that have it, in the order of the run, each with its own. */
type Index = Map<string, (readonly [subject: Subject, own: Shared])[]>;

/** Two copies of one plugin have all in common: that is told, and nothing else. */
const TWINS = 'plugins-same-name';

/** Plugins with the same that are named. */
const FEW = 5;

function isTwin({ plugin: { kind, id } }: Subject, { plugin: other }: Subject): boolean {
  return kind === other.kind && id === other.id;
}

export class Beside {
  /** Those that came before in the run; what came behind them, or was not looked at, has no say. */
  readonly #before: Subject[] = [];
  readonly #indexes = new Map<string, { readonly having: Index; count: number }>();

  /** Notes a plugin for those that come behind it. */
  add(subject: Subject): void {
    this.#before.push(subject);
  }

  /** The faults of a plugin beside those that came before it in the run. */
  hits({ code, compare }: Pick<Rule, 'code' | 'compare'>, subject: Subject): readonly Hit[] {
    if (compare === undefined || this.#before.length === 0) return [];
    const index = this.#indexOf(code, compare);
    const seen = new Map<Subject, Set<string>>();
    return [...compare.shared(subject)].flatMap(([key, own]) => {
      const { file, line, column } = own;
      const others = (index.get(key) ?? []).filter(([other]) => {
        if (code !== TWINS && isTwin(subject, other)) return false;
        const told = seen.get(other) ?? new Set();
        seen.set(other, told);
        return !told.has(own.once ?? key) && told.add(own.once ?? key);
      });
      const left = others.length - FEW;
      return others.slice(0, FEW).map(([other, theirs], at): Hit => {
        const more = left > 0 && at === FEW - 1 ? ` (so do ${left} more plugins)` : '';
        return { file, line, column, message: `${compare.message(other, own, theirs)}${more}` };
      });
    });
  }

  #indexOf(code: string, { shared }: Comparison): Index {
    const index = this.#indexes.get(code) ?? { having: new Map(), count: 0 };
    this.#indexes.set(code, index);
    for (const subject of this.#before.slice(index.count))
      for (const [key, own] of shared(subject)) {
        const having = index.having.get(key) ?? [];
        having.push([subject, own]);
        index.having.set(key, having);
      }
    index.count = this.#before.length;
    return index.having;
  }
}
