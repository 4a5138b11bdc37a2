/** Merges a setup.py: entry points as a set, the rest line by line. Pure. */

import { applyTextEdits } from '../edits/text-edits.ts';
import { writtenEntryPoints, type WrittenEntryPoints } from '../readers/python/packaging.ts';
import { readPythonText, type PythonTexts } from '../readers/python/python-text.ts';
import { entryPointEdits, withoutBlanks, type EntryPointLine } from './setup-edits.ts';
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
  const [olds, news, owns] = [old, fresh, mine].map((lines) => new Set(lines.map((line) => sameKey(line))));
  const ownNames = new Set(mine.map((line) => nameKey(line)));
  const removed = old.filter((line) => news?.has(sameKey(line)) !== true);
  const isChanged = removed.some((line) => owns?.has(sameKey(line)) !== true && ownNames.has(nameKey(line)));
  if (isChanged) return undefined;
  return { removed, added: fresh.filter((line) => olds?.has(sameKey(line)) !== true) };
}

/** Equal for lines that are the same but for blanks. */
function sameKey({ group, entry }: EntryPointLine): string {
  return `${group}\0${withoutBlanks(entry)}`;
}

function nameKey(line: EntryPointLine): string {
  return `${line.group}\0${nameOf(line)}`;
}

function nameOf({ entry }: EntryPointLine): string {
  return entry.split('=')[0]?.trim() ?? '';
}
