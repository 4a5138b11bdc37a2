import type { Change } from '../plan/plan.ts';
import type { StagedFile } from '../stage/tree.ts';
import { contextNames, contextStates, expectedFiles, readShows } from '../status/dialplan-shown.ts';
import { fileState, readFiles } from '../status/target-files.ts';
import type { Session } from '../target/session.ts';
import { DIALPLAN_PATH } from '../verify/dialplan.ts';

/**
 * A change as it has to be for what is found on the target: files that went missing or were edited there, and
 * dialplan that Asterisk does not have, are put too, though the sources are what was installed last. (What
 * somebody edited is then reported by the batch, not overwritten.)
 */
export async function asFound(session: Session, change: Change): Promise<Change> {
  const installed = session.installed.get(change.plugin.id)?.files;
  if (installed === undefined) return change;
  const { put, removed } = change.difference;
  const coming = new Set(put.map(({ path }) => path));
  const same = [...change.tree.values()].filter(
    ({ path, partOf }) => installed.has(path) && !coming.has(path) && partOf === undefined,
  );
  const dialplan = session.facts.hasAsterisk ? same.filter(({ path }) => DIALPLAN_PATH.test(path)) : [];
  const expected = expectedFiles(new Map(dialplan.map(({ path, bytes }) => [path, bytes])));
  const [files, shows] = await Promise.all([
    readFiles(
      session.target,
      same.map(({ path }) => path),
    ),
    readShows(session.target, contextNames(expected)),
  ]);
  const unloaded = new Set(
    contextStates(expected, shows).flatMap(({ name, loaded, missing }) => {
      if (loaded) return [];
      if (missing.length > 0) return missing.map(({ file }) => file);
      return [...expected].filter(([, { contexts }]) => contexts.includes(name)).map(([path]) => path);
    }),
  );
  const isLost = ({ path }: StagedFile): boolean => {
    const known = installed.get(path);
    return unloaded.has(path) || (known !== undefined && fileState(known, files.get(path)) !== 'unchanged');
  };
  return { ...change, difference: { put: [...put, ...same.filter(isLost)], removed } };
}
