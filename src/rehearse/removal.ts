import type { BuiltPackage } from '../package/build.ts';
import { lineNaming } from '../readers/shell/rules-text.ts';
import { rulesOf } from '../git/sources.ts';
import type { Finding } from '../findings/finding.ts';
import { differenceFinding, earlyFindings, stillInUseFinding, rulesFinding, unserved } from './judge.ts';
import type { Machine, WatchedCall } from './machine.ts';
import { isDialplan, type Need } from './needs.ts';
import { compareSnapshots, type Snapshot, type SnapshotDifference } from './snapshot.ts';

/** How the package goes. */
export type Departure = 'removal' | 'purge';

/**
 * Data collected in such folders is the administrator's, and stays when a package is removed. Plugins of
 * wazo-provd lie there too, with what the service made of them: that goes with them.
 */
const DATA = /^\/(?:var\/(?:lib|spool)|srv|home)\/(?!wazo-plugind\/|wazo-provd\/plugins\/)/;

/** Puts a file of data into each folder for data that the plugin has; gives their paths. */
export async function leaveData(machine: Machine, installed: Snapshot): Promise<readonly string[]> {
  const folders = [...installed].flatMap(([path, what]) =>
    what.startsWith('folder') && DATA.test(`${path}/`) ? [path] : [],
  );
  const markers = folders.map((folder) => `${folder}/wdev-rehearsal-data`);
  for (const marker of markers) await machine.sh(`echo kept > '${marker}'`);
  return markers;
}

export function dataLost(
  built: BuiltPackage,
  markers: readonly string[],
  after: Snapshot,
): readonly Finding[] {
  const first = markers.find((marker) => !after.has(marker));
  if (first === undefined) return [];
  const folder = first.replace(/\/[^/]*$/, '');
  const message = `Uninstalling deletes collected data: ${folder}`;
  const help = 'Keep the data in uninstall and postrm: remove the lines that delete it.';
  const line = lineNaming(rulesOf(built.sources), 'uninstall', folder);
  return [rulesFinding('rehearse-data-lost', 'error', message, line, help)];
}

/**
 * Files that stay or are not what they were. Data may stay after a purge too: wazo-plugind calls rules the same way
 * for both, so a plugin that deleted it then would delete it on a plain removal.
 */
export function leftBehind(
  built: BuiltPackage,
  departure: Departure,
  [before, after]: readonly [Snapshot, Snapshot],
  markers: readonly string[] = [],
): readonly Finding[] {
  const differences = compareSnapshots(before, after).filter(
    ({ path }) => !markers.some((marker) => marker === path || marker.startsWith(`${path}/`)),
  );
  const isLeft = ({ how }: SnapshotDifference): boolean => how === 'added';
  const left = differences.filter((difference) => isLeft(difference) && !DATA.test(difference.path));
  const changed = differences.filter((difference) => !isLeft(difference));
  const [stays, differs] = [
    `A ${departure} leaves files behind`,
    `A ${departure} leaves a system file changed`,
  ];
  return [
    ...differenceFinding(built, 'rehearse-file-left-behind', 'uninstall', stays, left),
    ...differenceFinding(built, 'rehearse-not-restored', 'install', differs, changed),
  ];
}

/** Things still in use though their files are gone. */
export async function stillInUse(
  machine: Machine,
  built: BuiltPackage,
  departure: Departure,
  calls: readonly WatchedCall[],
  needs: readonly Need[],
): Promise<readonly Finding[]> {
  const found = [...earlyFindings(built, calls, needs)];
  for (const need of unserved(calls, needs)) {
    if (isDialplan(need) && (await loadedFrom(machine, need.files)) === undefined) continue;
    found.push(stillInUseFinding(built, need, departure));
  }
  return found;
}

/** The first of the files that Asterisk's dialplan has something of. */
export async function loadedFrom(machine: Machine, files: readonly string[]): Promise<string | undefined> {
  const { stdout } = await machine.sh("asterisk -rx 'dialplan show'");
  return files.find((file) => stdout.includes(`[${file.split('/').at(-1)}:`));
}
