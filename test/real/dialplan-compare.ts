import { loadDialplan } from '../../src/dialplan/read/load.ts';
import { showDialplan } from '../../src/dialplan/show/show.ts';
import { memorySource } from '../../src/dialplan/read/source.ts';
import type { Files } from './dialplan-stack.ts';

/** What our reader makes of files below /etc/asterisk, in the form in which Asterisk answers. */
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
export function plain(text: string): string {
  return text.replace(/[\uDC80-\uDCFF\uFFFD]/g, '?');
}

/** Lines of `a` and `b` that the other does not have, in order; at most `limit`. */
export function differences(a: readonly string[], b: readonly string[], limit = 30): string[] {
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
