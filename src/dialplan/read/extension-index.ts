import type { Context, Extension, LoadedDialplan, Priority } from './dialplan.ts';
import { type Dialled, dialled, isPattern, patternMatcher, withoutDashes } from './pattern.ts';

/** Comparisons of a pattern with a number in one run; a long pattern counts for several. */
const TRIED = 5_000_000;

/** Characters of a pattern that are compared in the time of one comparison. */
const LONG = 16;

/** The cost of look-ups, over all contexts of a run. */
class LookupBudget {
  private tried = 0;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  get isSpent(): boolean {
    return this.tried > this.most;
  }

  spend(comparisons: number): void {
    this.tried += comparisons;
  }
}

/** The extensions of a context, found by a number: names at once, patterns one after the other. */
class ExtensionIndex {
  private readonly names = new Map<string, Extension[]>();
  private readonly patterns: {
    readonly extension: Extension;
    readonly takes: (number: Dialled) => boolean;
  }[] = [];
  private readonly known = new Map<string, readonly Extension[]>();
  private readonly budget: LookupBudget;
  private readonly cost: number;

  /** @param extensions in Asterisk's order */
  constructor(extensions: readonly Extension[], budget: LookupBudget) {
    this.budget = budget;
    for (const extension of extensions) {
      const name = withoutDashes(extension.name);
      const same = this.names.get(name);
      if (isPattern(extension.name)) this.patterns.push({ extension, takes: patternMatcher(extension.name) });
      else if (same === undefined) this.names.set(name, [extension]);
      else same.push(extension);
    }
    this.cost = this.patterns.reduce(
      (sum, { extension }) => sum + Math.ceil(extension.name.length / LONG),
      0,
    );
  }

  /** Those that take a number, in Asterisk's order; when the budget is spent, of the patterns none. */
  matching(number: string): readonly Extension[] {
    const known = this.known.get(number);
    if (known !== undefined) return known;
    const named = this.names.get(number.replaceAll('-', '')) ?? [];
    this.budget.spend(this.cost);
    const found =
      this.patterns.length === 0 || this.budget.isSpent ? named : this.withPatterns(named, number);
    this.known.set(number, found);
    return found;
  }

  private withPatterns(named: readonly Extension[], number: string): readonly Extension[] {
    const found = [...named];
    const wanted = dialled(number);
    for (const { extension, takes } of this.patterns) if (takes(wanted)) found.push(extension);
    return found;
  }
}

/** The priority of a number: they stand in the order of their numbers. */
export function priorityOf({ priorities }: Extension, number: number): Priority | undefined {
  let [low, high] = [0, priorities.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = priorities[middle];
    if (found === undefined || found.number === number) return found;
    if (found.number < number) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** Finds contexts and extensions of a dialplan, each in the time of one. */
export class DialplanLookup {
  private readonly budget: LookupBudget;
  private readonly contexts: ReadonlyMap<string, Context>;
  private readonly indices = new Map<Context, ExtensionIndex>();

  /** @param most comparisons of a pattern with a number, for one who does more than look up */
  constructor({ contexts }: LoadedDialplan, most = TRIED) {
    this.budget = new LookupBudget(most);
    this.contexts = new Map(contexts.map((context) => [context.name, context]));
  }

  /** Whether patterns are not looked up any more, because there were too many. */
  get isSpent(): boolean {
    return this.budget.isSpent;
  }

  context(name: string): Context | undefined {
    return this.contexts.get(name);
  }

  /** The extensions of a context that take a number, in Asterisk's order. */
  extensions(context: Context, number: string): readonly Extension[] {
    const index = this.indices.get(context) ?? new ExtensionIndex(context.extensions, this.budget);
    this.indices.set(context, index);
    return index.matching(number);
  }
}
