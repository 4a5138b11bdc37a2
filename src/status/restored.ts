import { decodeName } from '../support/file-name.ts';
import type { Finding } from '../findings/finding.ts';
import { restoreTarget, type Restored } from '../targets/restore.ts';
import { STATE_FOLDER, type Session } from '../targets/session.ts';
import { damageFinding } from '../targets/damage.ts';
import { DIALPLAN_PATH } from '../effects/evidence/dialplan.ts';
import { contextNames, expectedFiles } from './dialplan-shown.ts';
import { leftovers } from './leftovers.ts';
import { lookAtPackages } from '../targets/past.ts';
import { packageChanged, concernedPackages, unlikePackages } from './past.ts';
import { readFiles, readTexts } from '../targets/target-files.ts';
import { ownRecords } from '../targets/touched.ts';

export interface VerifiedRestore extends Restored {
  /** Plugins that were on the target. */
  readonly plugins: readonly string[];
  /** Files that wdev had brought, and that are gone. */
  readonly removed: readonly string[];
  /** Installed paths whose earlier file is back. */
  readonly putBack: readonly string[];
  /** The differences from the state before wdev. */
  readonly findings: readonly Finding[];
}

/**
 * Gives a target back as it was, and looks whether it is: each file that wdev replaced has its earlier bytes, each
 * that it brought is gone, and Asterisk shows no line of them.
 * @throws UserError `restore-failed` when a file could not be put back
 */
export async function restoreVerified(session: Session): Promise<VerifiedRestore> {
  const { target } = session;
  const plugins = [...session.installed.keys()].sort();
  const packages = await lookAtPackages(session);
  const { originals, removed } = await readRecords(session);
  const concerned = concernedPackages(session, plugins, [...session.touched], packages);
  const touched = [...session.touched];
  const dialplan = expectedFiles(
    await readTexts(
      target,
      [...session.touched].filter((path) => DIALPLAN_PATH.test(path)),
    ),
  );
  const contexts = [...dialplan].map(
    ([path, file]) => [path, contextNames(new Map([[path, file]]))] as const,
  );
  const restored = await restoreTarget(session);
  const left = new Set(restored.foreign);
  for (const path of left) originals.delete(path);
  const now = await readFiles(target, [...originals.keys()]);
  const changed = [...originals].filter(([path, hash]) => now.get(path)?.hash !== hash);
  const putBack = [...originals.keys()];
  // of a file that is kept Asterisk has its lines still
  const goneContexts = new Map(contexts.filter(([path]) => !left.has(path)));
  const gone = { paths: restored.paths, putBack, outcomes: restored.outcomes, dialplan: goneContexts };
  const asBefore = new Set(putBack.filter((path) => !changed.some(([other]) => other === path)));
  const findings = [
    ...(session.damage.length === 0 ? [] : [damageFinding(session.damage)]),
    ...packages.map((change) => packageChanged(change)),
    ...restored.left,
    ...changed.map(([path]) => notAsBefore(path)),
    ...(await leftovers(session, gone)),
    ...(await unlikePackages(session, concerned, touched, asBefore)),
  ];
  return { ...restored, plugins, removed: removed.filter((path) => !left.has(path)), putBack, findings };
}

interface Records {
  /** Path → hash of the file that wdev replaced there first. */
  readonly originals: Map<string, string>;
  readonly removed: readonly string[];
}

async function readRecords({ target }: Session): Promise<Records> {
  const { stdout } = await target.run('[ ! -f "$S/touched" ] || cat "$S/touched"');
  const { rest } = ownRecords(decodeName(stdout), []);
  const replaced = rest.filter(({ kind }) => kind === 'S');
  const kept = replaced.map((record) => `${STATE_FOLDER}/original/${record.kept}`);
  const files = await readFiles(target, kept);
  const originals = replaced.flatMap(({ path }, index) => {
    const hash = files.get(kept[index] ?? '')?.hash;
    return hash === undefined ? [] : [[path, hash] as const];
  });
  const brought = rest.filter(({ kind }) => kind === 'A');
  return { originals: new Map(originals), removed: brought.map(({ path }) => path) };
}

function notAsBefore(path: string): Finding {
  return {
    code: 'not-restored',
    level: 'error',
    message: `${path} was restored, but differs from its original`,
    help: 'Find what else writes it, stop that, and run wdev restore again.',
  };
}
