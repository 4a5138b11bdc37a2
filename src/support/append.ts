/** Adds items at the end of a list. Spread into `push`, more of them than the stack holds would be an error. */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}
