/** Changes of a text by offsets. Pure. */

export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text with all edits, which do not overlap; what is put at one place stands in the order of the list. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  // the last first, so that places stay true; at one place the last comes first too
  const ordered = edits.map((edit, at) => ({ ...edit, at })).sort((a, b) => b.from - a.from || b.at - a.at);
  return ordered.reduce((now, edit) => now.slice(0, edit.from) + edit.text + now.slice(edit.to), text);
}
