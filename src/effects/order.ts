import type { Change } from './change.ts';

/**
 * Changes with every plugin behind those that it names in `after`; else in the order given. Names that form
 * a circle, or that are not in the batch, are passed over.
 */
export function inOrder(
  changes: readonly Change[],
  after: ReadonlyMap<string, readonly string[]>,
): readonly Change[] {
  const byId = new Map(changes.map((change) => [change.plugin.id, change]));
  const ordered = new Set<Change>();
  const visit = (change: Change, open: ReadonlySet<string>): void => {
    const { id } = change.plugin;
    if (ordered.has(change) || open.has(id)) return;
    for (const name of after.get(id) ?? []) {
      const before = byId.get(name);
      if (before !== undefined) visit(before, new Set([...open, id]));
    }
    ordered.add(change);
  };
  for (const change of changes) visit(change, new Set());
  return [...ordered];
}
