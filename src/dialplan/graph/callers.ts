import type { Extension, LoadedDialplan } from '../read/dialplan.ts';
import { isPattern, sharedNumbers, withoutDashes } from '../read/pattern.ts';
import type { NumberSearch } from './numbers.ts';
import type { Spot } from './spot.ts';

/** Pairs of extensions of one context that are compared. */
const PAIRS = 200_000;
/** Contexts that include one, and numbers that are tried for one pattern. */
const MOST_HOMES = 60;
const MOST_NUMBERS = 400;

/** The contexts and numbers of the calls that come to a priority. */
export class Callers {
  /** Names of what was left out. */
  readonly notes = new Set<string>();
  private readonly dialplan: LoadedDialplan;
  private readonly search: NumberSearch;
  private readonly homes: ReadonlyMap<string, readonly string[]>;
  private readonly numbers = new Map<string, readonly string[]>();
  private pairs = 0;

  constructor(dialplan: LoadedDialplan, search: NumberSearch) {
    this.dialplan = dialplan;
    this.search = search;
    this.homes = this.findHomes();
  }

  homesOf(context: string): readonly string[] {
    return this.homes.get(context) ?? [];
  }

  /** The contexts that a call can be in while it runs priorities of one: itself, and all that include it. */
  private findHomes(): ReadonlyMap<string, readonly string[]> {
    const includers = new Map<string, string[]>();
    for (const { name, includes } of this.dialplan.contexts) {
      for (const { context } of includes) {
        const known = includers.get(context);
        if (known === undefined) includers.set(context, [name]);
        else known.push(name);
      }
    }
    return new Map(
      this.dialplan.contexts.map(({ name }) => {
        const found = new Set([name]);
        for (const one of found) {
          for (const other of includers.get(one) ?? []) {
            if (found.size >= MOST_HOMES) break;
            found.add(other);
          }
        }
        if (found.size >= MOST_HOMES)
          this.notes.add(`${name} is included by too many contexts to look into each`);
        return [name, [...found]];
      }),
    );
  }

  /** Numbers by which a call in a context comes to a priority: few, that meet different extensions. */
  entering(spot: Spot, home: string): readonly string[] {
    const { extension, priority } = spot;
    return this.numbersFor(extension, home).filter((number) =>
      this.search.arrivals(home, number, priority.number).some((one) => one.priority === priority),
    );
  }

  private numbersFor(extension: Extension, home: string): readonly string[] {
    if (!isPattern(extension.name)) return [withoutDashes(extension.name)];
    const key = `${home}\n${extension.name}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const found = new Set(sharedNumbers(extension.name, extension.name));
    for (const other of this.extensionsAround(home)) {
      if (other.name === extension.name) continue;
      this.pairs++;
      if (this.pairs > PAIRS || found.size > MOST_NUMBERS) {
        this.notes.add('it has too many patterns to compare each with each');
        break;
      }
      for (const number of sharedNumbers(extension.name, other.name)) found.add(number);
    }
    const numbers = [...found];
    this.numbers.set(key, numbers);
    return numbers;
  }

  /** The extensions of a context and of those that it includes. */
  private *extensionsAround(name: string): Generator<Extension> {
    const around = new Set([name]);
    for (const one of around) {
      const context = this.search.context(one);
      if (context === undefined) continue;
      yield* context.extensions;
      for (const include of context.includes) around.add(include.context);
    }
  }
}
