const PASSING =
  /(^|\/)(\.git|\.wdev|node_modules|__pycache__)(\/|$)|(^|\/)(4913|\.#[^/]*|#[^/]*#|\.[^/]*\.sw[a-z]|[^/]*~|[^/]*___jb_(tmp|old)___)$/;

/** Whether a file has a name that editors, tools and wdev itself give to what they leave in a folder for a moment. */
export function isPassing(file: string): boolean {
  return PASSING.test(file);
}
