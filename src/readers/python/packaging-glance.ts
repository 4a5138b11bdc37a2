/**
 * Facts that a glance at the words of packaging gives. Searching folders for plugins and looking over a built package must
 * cost nothing, so they do not wait for Python; where a place or a value counts, packaging.ts reads it.
 */

/** A package that brings drivers of wazo-confgend, and the name that it says it has. */
export function confgendPackage(text: string): { readonly name: string | undefined } | undefined {
  if (!/\b(?:wazo|xivo)_confgend\.\w+\.\S/.test(text)) return undefined;
  return { name: /^[ \t]*name[ \t]*=[ \t]*["']?([^"'\r\n,]+)/m.exec(text)?.[1]?.trim() };
}

/** Words by which a file describes the package itself, in the order in which they count. */
const DESCRIBES = {
  'setup.py': /\b(?:entry_points|packages)\s*=/,
  'setup.cfg': /^\[options[.\]]/m,
  'pyproject.toml': /^\[project\]/m,
} as const;

type PackagingFile = keyof typeof DESCRIBES;

/** The file that says what a package holds, of those whose texts are given; undefined when there is none. */
export function describingFile(
  textOf: (file: PackagingFile) => string | undefined,
): PackagingFile | undefined {
  const files = Object.keys(DESCRIBES) as PackagingFile[];
  return (
    files.find((file) => DESCRIBES[file].test(textOf(file) ?? '')) ??
    files.find((file) => textOf(file) !== undefined)
  );
}

/** Whether setup.py or pyproject.toml describe a package that could be installed. */
export function describesPackage(setup: string, project: string): boolean {
  return /\b(?:py_modules|packages|entry_points)\b/.test(setup) || /^\[project\]/m.test(project);
}
