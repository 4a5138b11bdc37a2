import { lowerAscii, skipBlanks } from './octets.ts';
import type { Place } from './place.ts';
import type { ReadingBudget } from './reading-budget.ts';

/** `name = value` or `name => value`. */
export interface ConfigEntry {
  readonly name: string;
  /** With the additions of `+=` lines. */
  value: string;
  readonly place: Place;
  /** 1-based column of the value. */
  readonly valueColumn: number;
  /** The file as Asterisk names it: `x~~1` for what is included a second time. */
  readonly reportedFile: string;
}

export interface ConfigSection {
  readonly name: string;
  /** `(!)`: only there to be inherited from. */
  template: boolean;
  readonly place: Place;
  /** It goes on with a section of another file (only with `alone`); its name is empty when that is unknown. */
  readonly continued: boolean;
  /** Those of its bases come first. */
  readonly entries: ConfigEntry[];
  /** Names in its parentheses. */
  readonly bases: readonly string[];
}

/** The sections of a configuration in their order, and how a header finds an earlier one: by name, whatever its case. */
export class SectionList {
  readonly sections: ConfigSection[] = [];
  readonly selfAdditions: Place[] = [];
  private readonly byName = new Map<string, ConfigSection[]>();
  private readonly alone: boolean;
  private readonly budget: ReadingBudget;

  /** @param alone bases and sections that are added to may be in other files */
  constructor(alone: boolean, budget: ReadingBudget) {
    this.alone = alone;
    this.budget = budget;
  }

  /** Opens `[name](options)`; says which section it needs when there is none. */
  open(
    name: string,
    options: readonly string[],
    place: Place,
  ): ConfigSection | { readonly missing: 'addition' | 'template'; readonly name: string } {
    const bases = options.filter((option) => option !== '!' && option !== '+');
    let section: ConfigSection = { name, template: false, place, continued: false, entries: [], bases };
    let template = false;
    let known = false;
    for (const option of options) {
      if (option === '!') template = true;
      else if (option === '+') {
        const found = this.named(name).find((candidate) => !candidate.template);
        if (found !== undefined) {
          section = found;
          known = true;
        } else if (this.alone) section = { ...section, continued: true };
        else return { missing: 'addition', name };
      } else {
        const base = this.base(option);
        if (base === section) this.selfAdditions.push(place);
        else if (base !== undefined) this.inherit(section, base, place);
        else if (!this.alone) return { missing: 'template', name: option };
      }
    }
    if (template) section.template = true;
    if (!known) this.add(section);
    return section;
  }

  private inherit(section: ConfigSection, base: ConfigSection, place: Place): void {
    if (!this.budget.entry(place, base.entries.length)) return;
    for (const entry of base.entries) section.entries.push({ ...entry });
  }

  add(section: ConfigSection): void {
    this.sections.push(section);
    const key = section.name.toLowerCase();
    const same = this.byName.get(key);
    if (same === undefined) this.byName.set(key, [section]);
    else same.push(section);
  }

  /** An empty name stands for the first section of all. */
  private base(name: string): ConfigSection | undefined {
    return name === '' ? this.sections[0] : this.named(name)[0];
  }

  private named(name: string): readonly ConfigSection[] {
    return this.byName.get(name.toLowerCase()) ?? [];
  }
}

/**
 * `+=` reads the last entry of its name, but Asterisk writes the result to the first one that has this name and the
 * same value, whatever their case; an empty value stands for any.
 */
export function append(entries: readonly ConfigEntry[], last: ConfigEntry, more: string): void {
  const [name, value] = [lowerAscii(last.name), lowerAscii(last.value)];
  const target = entries.find(
    (entry) => lowerAscii(entry.name) === name && (value === '' || lowerAscii(entry.value) === value),
  );
  if (target !== undefined) target.value = skipBlanks(last.value + more);
}
