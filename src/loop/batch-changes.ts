import type { Change } from '../effects/change.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import { diffTrees, type InstalledFile } from '../stage/tree.ts';
import { bringDeclaredRows } from '../targets/declared-rows.ts';
import type { Session } from '../targets/session.ts';
import { keepShared, settleCallLogger } from '../targets/shared-file.ts';
import { asFound } from './found.ts';
import { servedEntryPoints, servedTree } from './served.ts';
import { standingFiles } from './standing.ts';
import type { BatchEntry } from './pending.ts';

/** The change that each plugin of a batch makes on the target. */
export async function changesOf(
  session: Session,
  entries: readonly BatchEntry[],
  dryRun: boolean,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  // later the loop knows what it brought; what others do there meanwhile is seen when it is touched again
  const first = new Map<Change, ReadonlyMap<string, InstalledFile>>();
  for (const entry of entries) {
    const { state, stage } = entry;
    const hasNewRows = !dryRun && (await bringDeclaredRows(session, state.plugin, stage.tree));
    const force = entry.force || hasNewRows;
    const { change, known } = await changeOf(session, { ...entry, force });
    changes.push(change);
    const isLookedAt = state.stage === undefined || session.look.shaken.has(state.plugin.id);
    if (isLookedAt && !force) first.set(change, known);
  }
  return await asFound(session, changes, first);
}

interface KnownChange {
  readonly change: Change;
  /** The part of it that is known to stand on the target. */
  readonly known: ReadonlyMap<string, InstalledFile>;
}

async function changeOf(session: Session, { state, stage, force }: BatchEntry): Promise<KnownChange> {
  const { plugin } = stage;
  const installed = session.installed.get(plugin.id);
  const tree = await settleCallLogger(session, plugin, stage.tree);
  const isUnknown = installed === undefined || session.look.shaken.has(plugin.id);
  const known = isUnknown ? await standingFiles(session, plugin, tree) : installed.files;
  const differing = diffTrees(known, tree);
  const wanted = force ? { ...differing, put: [...tree.values()] } : differing;
  const difference = await keepShared(session, wanted, installed);
  const before =
    state.stage?.tree ??
    (installed && !isUnknown ? await servedTree(session, installed, tree, difference) : undefined);
  const oldEntryPoints =
    before === undefined
      ? await servedEntryPoints(session, [...known.keys(), ...tree.keys()])
      : entryPointsOf(before);
  return { change: { plugin, tree, difference, oldEntryPoints, before }, known };
}
