/** One line of a unified diff; `@` is the header of a hunk. */
export interface DiffLine {
  readonly sign: ' ' | '+' | '-' | '@';
  readonly text: string;
}

/** Lines around a change that are shown with it. */
const CONTEXT = 3;

/** Lines that may differ for the least difference to be found, in one text and in all of a run. */
const EDITS = 1_000;
const ALL_EDITS = 20_000;
let left = ALL_EDITS;

/** How `before` became `after`, line by line; empty when they are equal. Where too much differs, all of that at once. */
export async function lineDiff(before: string, after: string): Promise<readonly DiffLine[]> {
  if (before === after) return [];
  const { structuredPatch } = await import('diff');
  const maxEditLength = Math.max(EDITS / 10, Math.min(EDITS, left));
  const options = { context: CONTEXT, maxEditLength };
  const patch = structuredPatch('', '', before, after, undefined, undefined, options);
  const changed = patch?.hunks.flatMap(({ lines }) => lines).filter((line) => /^[+-]/.test(line)).length;
  left -= changed ?? maxEditLength;
  if (patch === undefined) return wholeChange(before, after);
  return patch.hunks.flatMap((hunk) => [
    {
      sign: '@' as const,
      text: header(hunk),
    },
    ...hunk.lines.map((line): DiffLine => ({ sign: signOf(line), text: line.slice(1) })),
  ]);
}

interface Span {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
}

function header({ oldStart, oldLines, newStart, newLines }: Span): string {
  return `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`;
}

/** One hunk: from the first line that differs to the last one. */
function wholeChange(before: string, after: string): readonly DiffLine[] {
  const [old, fresh] = [before, after].map((text) => text.replace(/\n$/, '').split('\n')) as [
    string[],
    string[],
  ];
  const start = commonStart(old, fresh);
  const end = commonStart(old.slice(start).toReversed(), fresh.slice(start).toReversed());
  const lead = old.slice(Math.max(0, start - CONTEXT), start);
  const trail = end === 0 ? [] : old.slice(-end).slice(0, CONTEXT);
  const [gone, come] = [old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)];
  const around = lead.length + trail.length;
  const from = start - lead.length + 1;
  const span = {
    oldStart: from,
    oldLines: gone.length + around,
    newStart: from,
    newLines: come.length + around,
  };
  const signed = (sign: DiffLine['sign'], lines: readonly string[]): DiffLine[] =>
    lines.map((text) => ({ sign, text }));
  return [
    { sign: '@', text: header(span) },
    ...signed(' ', lead),
    ...signed('-', gone),
    ...signed('+', come),
    ...signed(' ', trail),
  ];
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < Math.min(a.length, b.length) && a[count] === b[count]) count += 1;
  return count;
}

function signOf(line: string): DiffLine['sign'] {
  const [first] = line;
  // "\ No newline at end of file" is a remark of its own
  return first === '+' || first === '-' || first === ' ' ? first : '@';
}
