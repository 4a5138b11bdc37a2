import type { Change } from '../effects/change.ts';
import type { InstalledFile, StagedFile } from '../stage/tree.ts';
import { contextStates, contextWriters, expectedFiles, readShows } from '../status/dialplan-shown.ts';
import { fileState, readFiles } from '../targets/target-files.ts';
import type { Session } from '../targets/session.ts';
import { DIALPLAN_PATH } from '../effects/evidence/dialplan.ts';

/**
 * Changes as they have to be for what is found on the target: files that went missing or were edited there, and
 * dialplan that Asterisk does not have, are put too, though the sources are what was installed last. (What
 * somebody edited is then reported by the batch, not overwritten.) `lookedAt` are those that it is done for, with what
 * is known to stand there.
 */
export async function asFound(
  session: Session,
  changes: readonly Change[],
  lookedAt: ReadonlyMap<Change, ReadonlyMap<string, InstalledFile>>,
): Promise<readonly Change[]> {
  const unchanged = new Map([...lookedAt].map(([change, known]) => [change, unchangedFiles(known, change)]));
  const all = [...unchanged.values()].flat();
  if (all.length === 0) return changes;
  const dialplan = session.facts.hasAsterisk ? all.filter(({ path }) => DIALPLAN_PATH.test(path)) : [];
  const expected = expectedFiles(new Map(dialplan.map(({ path, bytes }) => [path, bytes])));
  const writers = contextWriters(expected);
  const [files, shows] = await Promise.all([
    readFiles(
      session.target,
      all.map(({ path }) => path),
    ),
    readShows(session.target, [...writers.keys()].sort()),
  ]);
  const unloaded = new Set(
    contextStates(expected, shows).flatMap(({ name, loaded, missing }) => {
      if (loaded) return [];
      return missing.length > 0 ? missing.map(({ file }) => file) : (writers.get(name) ?? []);
    }),
  );
  return changes.map((change) => {
    const standing = lookedAt.get(change);
    const lost = (unchanged.get(change) ?? []).filter(({ path }) => {
      const known = standing?.get(path);
      return unloaded.has(path) || (known !== undefined && fileState(known, files.get(path)) !== 'unchanged');
    });
    const { put, removed } = change.difference;
    return lost.length === 0 ? change : { ...change, difference: { put: [...put, ...lost], removed } };
  });
}

/** The files of a plugin that are on the target as they should be, as far as is known. */
function unchangedFiles(
  known: ReadonlyMap<string, InstalledFile>,
  { tree, difference }: Change,
): readonly StagedFile[] {
  const coming = new Set(difference.put.map(({ path }) => path));
  return [...tree.values()].filter(
    ({ path, partOf }) => known.has(path) && !coming.has(path) && partOf === undefined,
  );
}
