/** The things that a target serves of a plugin, from what each batch read back: a batch reads only what it changed. */

/** The texts after a batch; `CONTEXT: EXTENSIONS gone` ends a context that the batch does not show beside it. */
export function mergedLoaded(before: readonly string[], read: readonly string[]): readonly string[] {
  const known = new Map(before.map((text) => [nameOf(text), text]));
  const shown = read.filter((text) => !text.endsWith(' gone'));
  for (const text of read) if (text.endsWith(' gone')) known.delete(nameOf(text));
  for (const text of shown) known.set(nameOf(text), text);
  return [...known.values()];
}

function nameOf(loaded: string): string {
  // what is no list is itself, and replaces what was said of the same program
  return loaded.split(/: | answers\b/)[0] ?? loaded;
}
