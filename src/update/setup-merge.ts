/** Merges a setup.py: entry points as a set, the rest line by line. Pure. */

import { applyTextEdits } from '../edits/text-edits.ts';
import { writtenEntryPoints, type WrittenEntryPoints } from '../readers/python/packaging.ts';
import { readPythonText, type PythonTexts } from '../readers/python/python-text.ts';
import { entryPointEdits, sameEntry, type EntryPointLine } from './setup-edits.ts';
import { mergeText, type Labels, type Merged, type Three } from './text-merge.ts';

const HOLE = '\u0000entry points\u0000';

/** Undefined when entry points are not written out in all three, or both changed the same one. */
export function mergeSetupPy(
  three: Three,
  labels: Labels,
  read: PythonTexts = readPythonText,
): Merged | undefined {
  const [old, fresh, mine] = [three.old, three.new, three.mine].map((text) => writtenEntryPoints(read(text)));
  if (old === undefined || fresh === undefined || mine === undefined) return undefined;
  const change = changeOf(linesOf(old), linesOf(fresh), linesOf(mine));
  if (change === undefined) return undefined;
  const without = {
    old: withoutPoints(three.old, old),
    new: withoutPoints(three.new, fresh),
    mine: withoutPoints(three.mine, mine),
  };
  const rest = mergeText(without, labels);
  const places = rest.text.split(HOLE);
  if (places.length !== 2) return undefined;
  const edited = applyTextEdits(three.mine, entryPointEdits(three.mine, mine, change));
  const body = edited.slice(mine.from, mine.to + edited.length - three.mine.length);
  return { text: `${places[0] ?? ''}${body}${places[1] ?? ''}`, conflicts: rest.conflicts };
}

function withoutPoints(text: string, { from, to }: WrittenEntryPoints): string {
  return text.slice(0, from) + HOLE + text.slice(to);
}

function linesOf({ groups }: WrittenEntryPoints): readonly EntryPointLine[] {
  return groups.flatMap(({ name, entries }) => entries.map(({ value }) => ({ group: name, entry: value })));
}

/** Undefined when the author changed an entry point that the template takes away. */
function changeOf(
  old: readonly EntryPointLine[],
  fresh: readonly EntryPointLine[],
  mine: readonly EntryPointLine[],
): { readonly added: readonly EntryPointLine[]; readonly removed: readonly EntryPointLine[] } | undefined {
  const has = (list: readonly EntryPointLine[], { group, entry }: EntryPointLine): boolean =>
    list.some((other) => other.group === group && sameEntry(other.entry, entry));
  const removed = old.filter((line) => !has(fresh, line));
  const isChanged = removed.some(
    (line) =>
      !has(mine, line) && mine.some((other) => other.group === line.group && nameOf(other) === nameOf(line)),
  );
  return isChanged ? undefined : { removed, added: fresh.filter((line) => !has(old, line)) };
}

function nameOf({ entry }: EntryPointLine): string {
  return entry.split('=')[0]?.trim() ?? '';
}
