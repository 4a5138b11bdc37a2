import type { Change } from '../effects/change.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import { diffTrees, type InstalledFile } from '../stage/tree.ts';
import { bringDeclaredRows } from '../targets/declared-rows.ts';
import type { Session } from '../targets/session.ts';
import { keepShared, settleCallLogger } from '../targets/shared-file.ts';
import { asFound } from './found.ts';
import type { BatchEntry } from './pending.ts';

/** The change that each plugin of a batch makes on the target. */
export async function changesOf(
  session: Session,
  entries: readonly BatchEntry[],
  dryRun: boolean,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  // later the loop knows what it brought; what others do there meanwhile is seen when it is touched again
  const first = new Set<Change>();
  for (const entry of entries) {
    const { state, stage } = entry;
    const hasNewRows = !dryRun && (await bringDeclaredRows(session, state.plugin, stage.tree));
    const force = entry.force || hasNewRows;
    const change = await changeOf(session, { ...entry, force });
    changes.push(change);
    if (state.stage === undefined && !force) first.add(change);
  }
  return await asFound(session, changes, first);
}

async function changeOf(session: Session, { state, stage, force }: BatchEntry): Promise<Change> {
  const { plugin } = stage;
  const installed = session.installed.get(plugin.id);
  const oldEntryPoints = state.stage === undefined ? [] : entryPointsOf(state.stage.tree);
  const tree = await settleCallLogger(session, plugin, stage.tree);
  const known = installed?.files ?? new Map<string, InstalledFile>();
  const differing = diffTrees(known, tree);
  const wanted = force ? { ...differing, put: [...tree.values()] } : differing;
  const difference = await keepShared(session, wanted, installed);
  return { plugin, tree, difference, oldEntryPoints, before: state.stage?.tree };
}
