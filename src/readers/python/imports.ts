/** Statements that import, at any depth of a file; what a program imports by a name that it makes is not seen. */
const FROM =
  /^[ \t]*from[ \t]+(?<from>[\w.]+)[ \t]+import[ \t]+(?<names>\([^)]{0,5000}\)|[^\r\n\u2028\u2029#]+)/gm;
const IMPORT = /^[ \t]*import[ \t]+(?<names>[^\r\n\u2028\u2029#]+)/gm;

/**
 * The modules that a Python file may import, as dotted names: of `from a import b` both `a` and `a.b`. `module` is the
 * file's own dotted name; `isPackage` whether it is an `__init__.py`.
 */
export function importsOf(text: string, module: string, isPackage: boolean): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { groups = {} } of text.matchAll(IMPORT))
    for (const name of namesIn(groups['names'] ?? '')) found.add(name);
  for (const { groups = {} } of text.matchAll(FROM)) {
    const from = absolute(groups['from'] ?? '', module, isPackage);
    found.add(from);
    for (const name of namesIn(groups['names'] ?? '')) found.add(from === '' ? name : `${from}.${name}`);
  }
  found.delete('');
  return found;
}

function namesIn(text: string): readonly string[] {
  const words = text.replaceAll(/[()\\]|#.*$/gm, ' ').split(',');
  return words.flatMap((word) => /^\s*([\w.]+)/.exec(word)?.[1] ?? []);
}

function absolute(from: string, module: string, isPackage: boolean): string {
  const dots = /^\.*/.exec(from)?.[0].length ?? 0;
  if (dots === 0) return from;
  const parts = module.split('.');
  const base = parts.slice(0, parts.length - (isPackage ? dots - 1 : dots));
  return [...base, ...from.slice(dots).split('.')].filter((part) => part !== '').join('.');
}
