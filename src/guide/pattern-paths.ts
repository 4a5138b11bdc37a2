/** The paths that a pattern of the reload table takes, as a person writes them: one for each of its alternatives. */
export function pathsOf(pattern: RegExp): readonly string[] {
  const text = pattern.source
    .replaceAll(String.raw`\/`, '/')
    .replaceAll('(?:', '(')
    .replaceAll(/([a-z])\?/g, '($1)?')
    // any character of a kind, and any number of them
    .replaceAll(/\[[^\]]*\][+*]?|\.[*+]/g, '*')
    .replaceAll(/\\(.)/g, '$1');
  const paths = expanded(text).map((path) =>
    path.replace(/^\^/, '').replace(/\$$/, '').replaceAll(/\*+/g, '*'),
  );
  return [...new Set(paths)];
}

/** A text with groups of alternatives, as the texts without them. */
function expanded(text: string): readonly string[] {
  let [all, done]: [readonly string[], string[]] = [[''], []];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '|') {
      done = [...done, ...all];
      all = [''];
    } else if (text[at] === '(') {
      const end = closing(text, at);
      const inner = expanded(text.slice(at + 1, end));
      const isOptional = text[end + 1] === '?';
      const parts = isOptional ? [...inner, ''] : inner;
      all = all.flatMap((start) => parts.map((part) => start + part));
      at = isOptional ? end + 1 : end;
    } else all = all.map((start) => start + (text[at] ?? ''));
  }
  return [...done, ...all];
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}
