import { targetsOf } from '../read/arguments.ts';
import type { Context, Extension, LoadedDialplan, Priority } from '../read/dialplan.ts';
import type { DialplanLookup } from '../read/extension-index.ts';
import { toInteger } from '../read/extension-line.ts';

/** The number that a jump leads to, as C reads it: `1)` is 1, `+2` counts on from where it stands; undefined for a label. */
export function jumpNumber(target: string, from: number): number | undefined {
  const number = toInteger(target);
  return number !== undefined && /^\s*[+-]/.test(target) ? from + number : number;
}

/** Stands for any priority: one that only a call knows. */
const ANY = 'any';

/** The priorities that jumps name by their number: calls come to them, whatever stands before. */
export class Jumps {
  private readonly byNumber = new Map<Extension, Set<number | typeof ANY>>();
  private readonly openContexts = new Set<string>();
  private isOpen = false;

  constructor(dialplan: LoadedDialplan, lookup: DialplanLookup) {
    for (const context of dialplan.contexts)
      for (const extension of context.extensions)
        for (const priority of extension.priorities) this.read(context, extension, priority, lookup);
  }

  leadTo(context: Context, extension: Extension, number: number): boolean {
    const numbers = this.byNumber.get(extension);
    return (
      this.isOpen || this.openContexts.has(context.name) || numbers?.has(ANY) || numbers?.has(number) || false
    );
  }

  private read(context: Context, extension: Extension, priority: Priority, lookup: DialplanLookup): void {
    // a script may set any priority of the extension that it runs in
    if (/^(?:e|dead)?agi$/i.test(priority.app.trim())) this.add(extension, ANY);
    for (const target of targetsOf(priority.app, priority.data)) {
      const name = target.context ?? context.name;
      const wanted = target.extension;
      const number = isKnown(target.priority) ? jumpNumber(target.priority, priority.number) : ANY;
      if (number === undefined) continue;
      if (!isKnown(name)) this.isOpen = true;
      else if (wanted === undefined && target.context === undefined) this.add(extension, number);
      else if (!isKnown(wanted ?? '')) this.openContexts.add(name);
      else {
        const there = lookup.context(name);
        if (there === undefined) continue;
        for (const one of lookup.extensions(there, wanted ?? extension.name)) this.add(one, number);
      }
    }
  }

  private add(extension: Extension, number: number | typeof ANY): void {
    const known = this.byNumber.get(extension) ?? new Set();
    this.byNumber.set(extension, known.add(number));
  }
}

function isKnown(text: string): boolean {
  return !/[$%]/.test(text);
}
