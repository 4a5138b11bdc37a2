const PASSING =
  /(^|\/)(\.git|\.wdev|node_modules|__pycache__)(\/|$)|(^|\/)(4913|\.#[^/]*|#[^/]*#|\.[^/]*\.sw[a-z]|[^/]*~|[^/]*___jb_(tmp|old)___)$/;

/** Whether a file has a name that editors, tools and wdev itself give to what they leave in a folder for a moment. */
export function isPassing(file: string): boolean {
  return PASSING.test(file);
}

const KEPT = new WeakMap<object, ReadonlySet<string>>();

/** Of files that git has, those with such a name, and the folders that they lie in: git tracks them, so they stay. */
export function keptNames(files: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const known = KEPT.get(files);
  if (known !== undefined) return known;
  const kept = new Set<string>();
  for (const file of files.keys()) {
    if (!isPassing(file)) continue;
    for (let end = file.length; end > 0; end = file.lastIndexOf('/', end - 1)) kept.add(file.slice(0, end));
  }
  KEPT.set(files, kept);
  return kept;
}
