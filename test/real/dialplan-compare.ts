import { loadDialplan } from '../../src/dialplan/read/load.ts';
import { showDialplan } from '../../src/dialplan/show/show.ts';
import { memorySource } from '../../src/dialplan/read/source.ts';
import type { AsteriskStack, Files } from './dialplan-stack.ts';

/**
 * Messages without a line, whose number depends on what Asterisk's search tree happens to hold: it builds the tree at
 * the first label that it looks up, and searches includes over and over. They say nothing about what is loaded.
 */
const SECONDARY =
  /No such switch|Maximum PBX stack|Wrong usage of \[\]|Found duplicate exten|A matching '\]' was not found|Empty character set|presencestate\.c/;
/** Times that an answer which differs is asked for again. */
const ASKED = 9;
const EMPTY: Files = { 'extensions.conf': '[empty]\n' };

/** Differences between a real Asterisk and our reader. */
export class Comparison {
  readonly #stack: AsteriskStack;
  /** How often Asterisk died, and was started again. */
  crashes = 0;

  constructor(stack: AsteriskStack) {
    this.#stack = stack;
  }

  /**
   * The differences for these files. Asterisk 22.10 can die of a reload: of an extension whose first priority came after a
   * label was looked up, when it takes it away. It is started again then.
   */
  async of(files: Files): Promise<string[]> {
    try {
      return this.#once(files);
    } catch {
      this.crashes += 1;
      await this.#stack.renew();
      return this.#once(files);
    }
  }

  #once(files: Files): string[] {
    // a context that two sections opened stays for one more reload
    this.#stack.put(EMPTY);
    this.#stack.rx('dialplan reload');
    this.#stack.reload(EMPTY);
    const { log } = this.#stack.reload(files);
    const ours = read(files);
    const [theirs, mine] = [log.map(withoutDate), ours.log].map((lines) =>
      lines.map(plain).filter((line) => !SECONDARY.test(line)),
    );
    const wrong = differences(theirs ?? [], mine ?? []);
    // Asterisk drops lines of a long answer that `asterisk -rx` is too slow to take, so a difference must show each time
    const shown = (): string[] =>
      differences(plain(this.#stack.rx('dialplan show')).split('\n'), plain(ours.show).split('\n'));
    let differs = shown();
    for (let again = 0; again < ASKED && differs.length > 0; again += 1) differs = shown();
    return [...wrong, ...differs];
  }
}

/** Our reading of files below /etc/asterisk, in the form in which Asterisk answers. */
export function read(files: Files): { log: string[]; show: string; loaded: boolean } {
  const installed = new Map(
    Object.entries(files).map(([name, text]) => [`/etc/asterisk/${name}`, text] as const),
  );
  const dialplan = loadDialplan(memorySource(installed));
  return {
    log: dialplan.log.map((line) => `${line.level} ${line.source}: ${line.message}`),
    show: showDialplan(dialplan),
    loaded: dialplan.loaded,
  };
}

/** `[date] WARNING[123] config.c: text` → `WARNING config.c: text`. */
export function withoutDate(line: string): string {
  return line.replace(/^\[[^\]]*\] ([A-Z]+)\[\d+\](?:\[[^\]]*\])? /, '$1 ');
}

/** A byte that is no UTF-8 reads differently on the two ways. */
function plain(text: string): string {
  return text.replace(/[\uDC80-\uDCFF\uFFFD]/g, '?');
}

/** Lines of `a` and `b` that the other does not have, in order; at most `limit`. */
function differences(a: readonly string[], b: readonly string[], limit = 30): string[] {
  const out: string[] = [];
  const lines = longestCommon(a, b);
  let [i, j] = [0, 0];
  for (const common of [...lines, undefined]) {
    while (i < a.length && a[i] !== common) out.push(`real: ${a[i++]}`);
    while (j < b.length && b[j] !== common) out.push(`ours: ${b[j++]}`);
    i++;
    j++;
  }
  return out.slice(0, limit);
}

function longestCommon(a: readonly string[], b: readonly string[]): string[] {
  if (a.length === b.length && a.every((line, at) => line === b[at])) return [...a];
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [row, below] = [table[i]!, table[i + 1]!];
      row[j] = a[i] === b[j] ? below[j + 1]! + 1 : Math.max(below[j]!, row[j + 1]!);
    }
  }
  const out: string[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      out.push(a[i]!);
      i++;
      j++;
    } else if (table[i + 1]![j]! >= table[i]![j + 1]!) i++;
    else j++;
  }
  return out;
}
