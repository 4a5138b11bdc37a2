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
    sections.push({ name, text: newline < 0 ? '' : part.slice(newline + 1) });
  }
  return sections;
}

export function sectionText(sections: readonly Section[], name: string): string {
  return sections.find((section) => section.name === name)?.text ?? '';
}
