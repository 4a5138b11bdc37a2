/** A named part of a script's output, opened by the line `<mark>:<name>` (wdev_section in library.sh). */
export interface Section {
  readonly name: string;
  readonly text: string;
}

/** Splits a script's output into its sections; what stands before the first one is dropped. */
export function splitSections(output: string, mark: string): readonly Section[] {
  const sections: Section[] = [];
  for (const part of output.split(`\n${mark}:`).slice(1)) {
    const newline = part.indexOf('\n');
    const name = newline < 0 ? part : part.slice(0, newline);
    sections.push({ name: own(name), text: newline < 0 ? '' : own(part.slice(newline + 1)) });
  }
  return sections;
}

/** A string of its own: a piece of a string keeps all of that in memory, and a log beside a name has megabytes. */
function own(piece: string): string {
  const encoding = /[^\0-\u00ff]/.test(piece) ? 'utf16le' : 'latin1';
  return Buffer.from(piece, encoding).toString(encoding);
}

export function sectionText(sections: readonly Section[], name: string): string {
  return sections.find((section) => section.name === name)?.text ?? '';
}
