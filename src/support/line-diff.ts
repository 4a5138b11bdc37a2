/** One line of a unified diff; `@` is the header of a hunk. */
export interface DiffLine {
  readonly sign: ' ' | '+' | '-' | '@';
  readonly text: string;
}

/** Lines around a change that are shown with it. */
const CONTEXT = 3;

/** How `before` became `after`, line by line; empty when they are equal. */
export async function lineDiff(before: string, after: string): Promise<readonly DiffLine[]> {
  if (before === after) return [];
  const { structuredPatch } = await import('diff');
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: CONTEXT });
  return hunks.flatMap((hunk) => [
    {
      sign: '@' as const,
      text: `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    },
    ...hunk.lines.map((line): DiffLine => ({ sign: signOf(line), text: line.slice(1) })),
  ]);
}

function signOf(line: string): DiffLine['sign'] {
  const [first] = line;
  // "\ No newline at end of file" is a remark of its own
  return first === '+' || first === '-' || first === ' ' ? first : '@';
}
