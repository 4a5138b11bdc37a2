/** Whether a Wazo version has what came with another: `26.05` has what came with `19.12`. */
export function atLeast(version: string, since: string): boolean {
  const [a, b] = [version, since].map((text) => text.split('.').map(Number));
  return (a?.[0] ?? 0) !== (b?.[0] ?? 0) ? (a?.[0] ?? 0) > (b?.[0] ?? 0) : (a?.[1] ?? 0) >= (b?.[1] ?? 0);
}
